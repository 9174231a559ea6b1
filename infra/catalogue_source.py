"""Read how a city describes itself: a folder of YAML files, checked as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.catalogue import (
    Catalogue,
    City,
    Neighbourhood,
    Region,
    RoutingRule,
    Secretariat,
    Service,
    Topic,
)
from chalicelib.domain.catalogue_rules import faults
from chalicelib.domain.levels import EscalationRules
from chalicelib.domain.staff import Assignment, Person
from infra.catalogue_shape import Shaper
from infra.catalogue_yaml import YamlBroken, read_yaml
from infra.staff_source import STAFF_FIELDS, SecretariatStaff, staffed

CITIES = Path(__file__).parent / "cities"
CALENDAR_FILE = "calendar.yaml"
TEMPLATES_FOLDER = "templates"
"""Within a city's folder: its own words for messages to citizens, which are no part of the catalogue."""

_SECTIONS: Mapping[str, tuple[type, str | None]] = {
    "secretariats": (Secretariat, "code"),
    "services": (Service, "code"),
    "topics": (Topic, "code"),
    "regions": (Region, "number"),
    "neighbourhoods": (Neighbourhood, "code"),
    "routing": (RoutingRule, "code"),
    "people": (Person, "code"),
    "posts": (Assignment, None),
    "staff": (SecretariatStaff, None),
}
"""What a file may hold, by key: entries of which type, and the field, if any, that repeats their own key."""
_KEYED_LISTS = {
    "attributes": "code",
    "screening": "code",
    "choices": "key",
    "units": "code",
    "holidays": "code",
    "optional_days": "code",
    "half_days": "code",
    "suspensions": "code",
    "days_off": "day",
}
"""Lists that the files write as mappings, so that no code can be written twice."""


Single = TypeVar("Single", City, CalendarRules, EscalationRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFault:
    """One thing wrong: in which file, at which path, and why."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.file}: {self.path}: {self.reason}" if self.path else f"{self.file}: {self.reason}"


class CatalogueInvalid(Exception):
    """A city's files describe no valid catalogue; `faults` lists everything that is wrong."""

    def __init__(self, faults: tuple[SourceFault, ...]) -> None:
        """Keep every fault."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def load_city(code: str, day: date | None = None, calendar: Path | None = None) -> Catalogue:
    """Read a city of ours; see `read_catalogue`."""
    return read_catalogue(CITIES / code, day or datetime.now(UTC).date(), calendar)


def read_catalogue(folder: Path, day: date, calendar: Path | None = None) -> Catalogue:
    """Read every YAML file of a folder as one catalogue, versioned by `day` and its content.

    `calendar` is a file to read instead of the folder's own `calendar.yaml`.

    Raises:
        CatalogueInvalid: anything is wrong anywhere; all of it is listed, but for what cannot be told
            while a file is not even YAML.
    """
    reading = _Reading(folder=folder)
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent == folder / TEMPLATES_FOLDER:
            continue
        if calendar is None or path != folder / CALENDAR_FILE:
            reading.take_file(path)
    if calendar is not None:
        reading.take_file(calendar)
    catalogue = reading.catalogue()
    if reading.is_complete:
        reading.note_broken_rules(catalogue)
    if reading.faults:
        raise CatalogueInvalid(tuple(reading.faults))
    return replace(catalogue, version=f"{day.isoformat()}-{content_hash(catalogue)}")


def content_hash(catalogue: Catalogue) -> str:
    """Digest what a catalogue says; the same content has the same digest on any day."""
    content = canonical_json(replace(catalogue, version=""))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read so far, where it stood, and what was wrong with it."""

    folder: Path
    faults: list[SourceFault] = field(default_factory=list)
    entries: dict[str, dict[Any, Any]] = field(default_factory=lambda: {name: {} for name in _SECTIONS})
    city: City | None = None
    calendar: CalendarRules | None = None
    escalation: EscalationRules | None = None
    files: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True
    _file: str = ""

    def take_file(self, path: Path) -> None:
        """Read one file; what is wrong with it is noted and the rest goes on."""
        is_ours = path.is_relative_to(self.folder)
        self._file = (path.relative_to(self.folder) if is_ours else path).as_posix()
        try:
            read = read_yaml(path)
        except YamlBroken as error:
            self.is_complete = False
            self._note("", str(error))
            return
        for duplicate in read.duplicates:
            self._note("", duplicate)
        content = read.value
        if not isinstance(content, Mapping):
            self._note("", "expected a mapping of sections")
            return
        defaults = {"category": content["category"]} if "category" in content else {}
        for section, entries in content.items():
            if section == "city":
                self.city = self._take_single(section, entries, City, self.city)
            elif section == "calendar":
                self.calendar = self._take_single(section, entries, CalendarRules, self.calendar)
            elif section == "escalation":
                self.escalation = self._take_single(section, entries, EscalationRules, self.escalation)
            elif section in _SECTIONS:
                self._take_section(section, entries, defaults)
            elif section != "category":
                self._note(str(section), "unknown section")

    def catalogue(self) -> Catalogue:
        """Put together what was read, with stand-ins for what was not readable."""
        if self.city is None:
            self._file = "."
            self._note("city", "no file describes the city")
        return Catalogue(
            version="",
            city=self.city or City(code="", name="", timezone="UTC", centre=""),
            secretariats=staffed(self.entries["secretariats"], self.entries["staff"], self._note_staff),
            services=self.entries["services"],
            topics=self.entries["topics"],
            regions=self.entries["regions"],
            neighbourhoods=self.entries["neighbourhoods"],
            routing=tuple(self.entries["routing"].values()),
            calendar=self.calendar or CalendarRules(),
            people=self.entries["people"],
            posts=self.entries["posts"],
            escalation=self.escalation or EscalationRules(),
        )

    def note_broken_rules(self, catalogue: Catalogue) -> None:
        """Note what the domain's rules refuse, but for parts already known to be unreadable."""
        unreadable = {fault.path for fault in self.faults if fault.path}
        for fault in faults(catalogue):
            path = self._as_written(fault.path)
            if unreadable.isdisjoint(_path_and_parents(path)):
                file = next((self.files[p] for p in _path_and_parents(path) if p in self.files), ".")
                self.faults.append(SourceFault(file=file, path=path, reason=fault.reason))

    def _take_single(self, section: str, value: Any, wanted: type[Single], known: Single | None) -> Single:
        """Take a section that is one value, keeping the first of two."""
        if known is not None:
            self._note(section, f"is described in {self.files[section]} already")
            return known
        self.files[section] = self._file
        given = _listed(value) if isinstance(value, Mapping) else value
        shaped: Single = Shaper(self._note).shape(given, wanted, section)
        return shaped

    def _take_section(self, section: str, entries: Any, defaults: Mapping[str, Any]) -> None:
        if not isinstance(entries, Mapping):
            self._note(section, "expected a mapping of entries by code")
            return
        wanted, own_key = _SECTIONS[section]
        for key, entry in entries.items():
            path = f"{section}.{key}"
            if path in self.files:
                self._note(path, f"is described in {self.files[path]} already")
                continue
            self.files[path] = self._file
            inherited = defaults if wanted is Service else {}
            value = entry
            if own_key is not None and isinstance(entry, Mapping):
                value = {**inherited, **_listed(entry), own_key: key}
            self.entries[section][key] = Shaper(self._note).shape(value, wanted, path)

    def _as_written(self, path: str) -> str:
        """Name people of a secretariat where the files do: in its entry or in the section of the staff."""
        section, _, rest = path.partition(".")
        is_staff = f"staff.{rest.partition('.')[0]}" in self.files and STAFF_FIELDS & {*rest.split(".")}
        return f"staff.{rest}" if section == "secretariats" and is_staff else path

    def _note_staff(self, secretariat: str, reason: str) -> None:
        path = f"staff.{secretariat}"
        if self.is_complete:
            self.faults.append(SourceFault(file=self.files[path], path=path, reason=reason))

    def _note(self, path: str, reason: str) -> None:
        self.faults.append(SourceFault(file=self._file, path=path, reason=reason))


def _listed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the mappings that stand for lists into lists of entries that carry their own key."""
    return {name: _list_of(value, name) if name in _KEYED_LISTS else value for name, value in entry.items()}


def _list_of(value: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    own_key = _KEYED_LISTS[name]
    if name == "choices":
        return [{own_key: key, "names": names} for key, names in value.items()]
    return [{own_key: key, **_listed(one)} if isinstance(one, Mapping) else one for key, one in value.items()]


def _path_and_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition(".")[0]
