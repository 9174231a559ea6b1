"""Read the templates of messages to citizens from YAML files, and name everything that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import RULES, MessageKind
from chalicelib.domain.message_templates import LANGUAGES, ApprovedTemplate, MessageTemplates, Wording
from infra.catalogue_source import CITIES, TEMPLATES_FOLDER, SourceFault
from infra.catalogue_yaml import YamlBroken, read_yaml
from infra.template_faults import approved_faults, wording_faults

DEFAULTS = Path(__file__).parent / "templates"
WRITTEN = (Medium.EMAIL, Medium.SMS)
_WORDING_FIELDS = {"subject", "text"}
_APPROVED_FIELDS = {"name", "parameters"}


class TemplatesInvalid(Exception):
    """The files are no complete set of templates; `faults` lists everything that is wrong."""

    def __init__(self, faults: tuple[SourceFault, ...]) -> None:
        """Keep every fault."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def load_templates(city: str, city_name: str, day: date | None = None) -> MessageTemplates:
    """Read our templates, and in their place those that a city has of its own; see `read_templates`."""
    folders = (DEFAULTS, CITIES / city / TEMPLATES_FOLDER)
    return read_templates(folders, city_name, day or datetime.now(UTC).date())


def read_templates(folders: tuple[Path, ...], city_name: str, day: date) -> MessageTemplates:
    """Read one file per kind, from the last folder that has it.

    Raises:
        TemplatesInvalid: anything is wrong anywhere; all of it is listed.
    """
    reading = _Reading(city_name=city_name)
    for folder in folders:
        reading.note_strangers(folder)
    for kind in MessageKind:
        found = [path for folder in folders if (path := folder / f"{kind}.yaml").is_file()]
        if found:
            reading.take(kind, found[-1])
        else:
            reading.note(f"{kind}.yaml", "", "is missing")
    if reading.faults:
        raise TemplatesInvalid(tuple(reading.faults))
    templates = MessageTemplates(version="", wordings=reading.wordings, approved=reading.approved)
    return replace(templates, version=f"{day.isoformat()}-{content_hash(templates)}")


def content_hash(templates: MessageTemplates) -> str:
    """Digest what templates say; the same content has the same digest on any day."""
    content = canonical_json(replace(templates, version=""))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read so far, and what is wrong with it."""

    city_name: str
    wordings: dict[MessageKind, Mapping[Medium, Mapping[str, Wording]]] = field(default_factory=dict)
    approved: dict[MessageKind, ApprovedTemplate] = field(default_factory=dict)
    faults: list[SourceFault] = field(default_factory=list)

    def note(self, file: str, path: str, reason: str) -> None:
        self.faults.append(SourceFault(file=file, path=path, reason=reason))

    def note_strangers(self, folder: Path) -> None:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.suffix != ".yaml" or path.stem not in set(MessageKind):
                self.note(path.name, "", "is the template of no kind of message")

    def take(self, kind: MessageKind, path: Path) -> None:
        try:
            content = read_yaml(path)
        except YamlBroken as error:
            self.note(path.name, "", str(error))
            return
        for duplicate in content.duplicates:
            self.note(path.name, "", duplicate)
        if not isinstance(content.value, dict):
            self.note(path.name, "", "is not a mapping of media")
            return
        for stranger in sorted(map(str, content.value.keys() - set(Medium))):
            self.note(path.name, stranger, "is no medium")
        self.wordings[kind] = {
            medium: self._wordings(kind, medium, content.value.get(medium), path.name) for medium in WRITTEN
        }
        self._take_approved(kind, content.value.get(Medium.WHATSAPP), path.name)

    def _wordings(self, kind: MessageKind, medium: Medium, raw: Any, file: str) -> dict[str, Wording]:
        given = raw if isinstance(raw, dict) else {}
        for stranger in sorted(map(str, given.keys() - set(LANGUAGES))):
            self.note(file, f"{medium}.{stranger}", "is no language of ours")
        found: dict[str, Wording] = {}
        for language in LANGUAGES:
            path = f"{medium}.{language}"
            wording = _wording(medium, given.get(language))
            if wording is None:
                self.note(file, path, "is missing" if language not in given else "has other fields or types")
                continue
            found[language] = wording
            for part, reason in wording_faults(RULES[kind], medium, wording, self.city_name, language):
                self.note(file, f"{path}.{part}" if medium is Medium.EMAIL else path, reason)
        return found

    def _take_approved(self, kind: MessageKind, raw: Any, file: str) -> None:
        if not isinstance(raw, dict) or raw.keys() != _APPROVED_FIELDS:
            self.note(file, Medium.WHATSAPP, "must say name and parameters")
            return
        parameters = raw["parameters"]
        if not isinstance(parameters, list) or not all(isinstance(one, str) for one in parameters):
            self.note(file, f"{Medium.WHATSAPP}.parameters", "is not a list of placeholders")
            return
        self.approved[kind] = ApprovedTemplate(name=str(raw["name"]), parameters=tuple(parameters))
        for part, reason in approved_faults(RULES[kind], self.approved[kind]):
            self.note(file, f"{Medium.WHATSAPP}.{part}", reason)


def all_wordings(templates: MessageTemplates) -> Iterator[tuple[MessageKind, Medium, str, Wording]]:
    """List every wording with what it is for."""
    for kind, media in templates.wordings.items():
        for medium, languages in media.items():
            for language, wording in languages.items():
                yield kind, medium, language, wording


def _wording(medium: Medium, raw: Any) -> Wording | None:
    if medium is Medium.SMS:
        return Wording(text=raw) if isinstance(raw, str) and raw.strip() else None
    if not isinstance(raw, dict) or raw.keys() != _WORDING_FIELDS:
        return None
    if not all(isinstance(text, str) and text.strip() for text in raw.values()):
        return None
    return Wording(text=raw["text"], subject=raw["subject"])
