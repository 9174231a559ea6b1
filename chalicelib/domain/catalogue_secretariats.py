"""Check the organs of a catalogue: their codes, their succession and their teams."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.catalogue import Catalogue, Secretariat
from chalicelib.domain.catalogue_faults import CatalogueFault, repeated

CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{1,29}")
"""The queue's name carries it: letters and digits, short enough for the 80 characters of SQS."""
PRINCIPAL = re.compile(r"arn:aws[\w-]*:(iam|sts)::\d{12}:[\w+=,.@:/-]+")
"""One identity of one account: never a wildcard, which would open the queue to everyone."""


def secretariat_faults(catalogue: Catalogue, organ: Secretariat) -> Iterator[CatalogueFault]:
    """Name every fault of an organ."""
    path = f"secretariats.{organ.code}"
    if not CODE.fullmatch(organ.code):
        yield CatalogueFault(
            path=path, reason="a code is 2 to 30 letters and digits, beginning with a letter"
        )
    for code in catalogue.secretariats:
        if code < organ.code and code.lower() == organ.code.lower():
            yield CatalogueFault(path=path, reason=f"differs from {code} only in upper and lower case")
    if not organ.name.strip():
        yield CatalogueFault(path=f"{path}.name", reason="is empty")
    if organ.consumer_principal is not None and not PRINCIPAL.fullmatch(organ.consumer_principal):
        yield CatalogueFault(path=f"{path}.consumer_principal", reason="is not the ARN of one IAM identity")
    yield from _succession_faults(catalogue, organ, path)
    yield from _unit_faults(catalogue, organ, path)


def last_heir(catalogue: Catalogue, code: str) -> Secretariat | None:
    """Follow successions to the organ that lasts; None where they end in nobody."""
    seen: set[str] = set()
    organ = catalogue.secretariats.get(code)
    while organ is not None and organ.valid_until is not None:
        if organ.code in seen or organ.successor is None:
            return None
        seen.add(organ.code)
        organ = catalogue.secretariats.get(organ.successor)
    return organ


def _succession_faults(catalogue: Catalogue, organ: Secretariat, path: str) -> Iterator[CatalogueFault]:
    ends, heir = organ.valid_until, organ.successor
    if ends is not None and organ.valid_from is not None and ends <= organ.valid_from:
        yield CatalogueFault(
            path=f"{path}.valid_until", reason=f"{ends} is not after its first day, {organ.valid_from}"
        )
    if ends is not None and heir is None:
        yield CatalogueFault(path=f"{path}.successor", reason=f"ends on {ends} and names no successor")
    if heir is None:
        return
    if ends is None:
        yield CatalogueFault(path=f"{path}.valid_until", reason=f"names a successor, {heir}, but no end")
    successor = catalogue.secretariats.get(heir)
    if successor is None:
        yield CatalogueFault(path=f"{path}.successor", reason=f"secretariat {heir} is unknown")
    elif cycle := _cycle_from(catalogue, organ):
        yield CatalogueFault(path=f"{path}.successor", reason=f"succeeds itself: {' → '.join(cycle)}")
    elif ends is not None and successor.valid_from is not None and successor.valid_from > ends:
        yield CatalogueFault(
            path=f"{path}.successor",
            reason=f"{heir} begins on {successor.valid_from}, after the end on {ends}",
        )


def _cycle_from(catalogue: Catalogue, organ: Secretariat) -> list[str]:
    """Return the way from an organ back to itself, empty if there is none."""
    way, heir = [organ.code], organ.successor
    while heir is not None and heir in catalogue.secretariats and heir not in way:
        way.append(heir)
        heir = catalogue.secretariats[heir].successor
    return [*way, organ.code] if heir == organ.code else []


def _unit_faults(catalogue: Catalogue, organ: Secretariat, path: str) -> Iterator[CatalogueFault]:
    for code in repeated(unit.code for unit in organ.units):
        yield CatalogueFault(path=f"{path}.units.{code}", reason="appears more than once")
    for unit in organ.units:
        for region in unit.regions:
            if region not in catalogue.regions:
                yield CatalogueFault(path=f"{path}.units.{unit.code}", reason=f"region {region} is unknown")
    for number in repeated(str(region) for unit in organ.units for region in unit.regions):
        yield CatalogueFault(path=f"{path}.units", reason=f"region {number} belongs to more than one unit")
