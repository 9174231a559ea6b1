"""Check the routing rules of a catalogue: what they name exists, and each can match something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.domain.catalogue import AttributeType, Catalogue, Condition, RoutingRule
from chalicelib.domain.catalogue_faults import SLUG, CatalogueFault, code_faults, repeated
from chalicelib.domain.catalogue_secretariats import last_heir
from chalicelib.domain.catalogue_services import LISTS

HOURS_OF_A_DAY = 24


def routing_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """Name every fault of the city's rules."""
    for code in repeated(rule.code for rule in catalogue.routing):
        yield CatalogueFault(path=f"routing.{code}", reason="appears more than once")
    for position, rule in enumerate(catalogue.routing):
        path = f"routing.{rule.code}"
        yield from code_faults(path, rule.code, SLUG)
        yield from _target_faults(catalogue, rule, path)
        yield from _place_faults(catalogue, rule.when, f"{path}.when")
        yield from _hour_faults(rule.when, f"{path}.when.hours")
        yield from _service_faults(catalogue, rule.when, f"{path}.when")
        if earlier := _swallowing(catalogue, rule, catalogue.routing[:position]):
            yield CatalogueFault(
                path=path, reason=f"can never match: {', '.join(earlier)} always matches before"
            )


def _target_faults(catalogue: Catalogue, rule: RoutingRule, path: str) -> Iterator[CatalogueFault]:
    if not rule.reason.strip():
        yield CatalogueFault(path=f"{path}.reason", reason="says nothing; every rule says why")
    if rule.secretariat is None:
        if rule.unit is not None:
            yield CatalogueFault(path=f"{path}.unit", reason="a rule that sends to triage has no unit")
        return
    if rule.secretariat not in catalogue.secretariats:
        yield CatalogueFault(path=f"{path}.secretariat", reason=f"secretariat {rule.secretariat} is unknown")
        return
    heir = last_heir(catalogue, rule.secretariat)
    if rule.unit is not None and heir and rule.unit not in {unit.code for unit in heir.units}:
        yield CatalogueFault(path=f"{path}.unit", reason=f"{heir.code} has no unit {rule.unit}")


def _place_faults(catalogue: Catalogue, when: Condition, path: str) -> Iterator[CatalogueFault]:
    for code in when.neighbourhoods:
        place = catalogue.neighbourhoods.get(code)
        if place is None:
            yield CatalogueFault(path=f"{path}.neighbourhoods", reason=f"neighbourhood {code} is unknown")
        elif when.regions and place.region not in when.regions:
            yield CatalogueFault(
                path=f"{path}.neighbourhoods", reason=f"{code} is in none of the rule's regions"
            )
    for number in when.regions:
        if number not in catalogue.regions:
            yield CatalogueFault(path=f"{path}.regions", reason=f"region {number} is unknown")


def _hour_faults(when: Condition, path: str) -> Iterator[CatalogueFault]:
    if when.hours is None:
        return
    first, last = when.hours
    if not (0 <= first < HOURS_OF_A_DAY and 0 <= last <= HOURS_OF_A_DAY):
        yield CatalogueFault(path=path, reason=f"{first} to {last} are not hours of a day")
    elif first == last:
        yield CatalogueFault(path=path, reason="begin and end at the same hour")


def _service_faults(catalogue: Catalogue, when: Condition, path: str) -> Iterator[CatalogueFault]:
    for code in when.services:
        if code not in catalogue.services:
            yield CatalogueFault(path=f"{path}.services", reason=f"service {code} is unknown")
    for attribute, values in when.attributes.items():
        for reason in _attribute_reasons(catalogue, when, attribute, values):
            yield CatalogueFault(path=f"{path}.attributes.{attribute}", reason=reason)


def _attribute_reasons(
    catalogue: Catalogue, when: Condition, code: str, values: tuple[str, ...]
) -> Iterator[str]:
    if not values:
        yield "names no value"
    named = [catalogue.services[service] for service in when.services if service in catalogue.services]
    candidates = named if when.services else list(catalogue.services.values())
    asked = {
        service.code: attribute
        for service in candidates
        for attribute in service.attributes
        if attribute.code == code
    }
    if candidates and not asked:
        yield f"no service of the rule asks {code}"
        return
    for service in named:
        if service.code not in asked:
            yield f"service {service.code} does not ask {code}"
    for service_code, attribute in asked.items():
        if attribute.type is AttributeType.BOOLEAN:
            answers = {"true", "false"}
        elif attribute.type in LISTS:
            answers = {choice.key for choice in attribute.choices}
        else:
            yield f"service {service_code} asks it as {attribute.type.value}; only lists and yes/no decide"
            continue
        yield from (
            f"service {service_code} has no answer {value!r}"
            for value in values
            if value.lower() not in answers
        )


def _swallowing(catalogue: Catalogue, rule: RoutingRule, earlier: Sequence[RoutingRule]) -> list[str]:
    """Name the earlier rules that between them leave nothing to `rule`; none if it can match."""
    swallowers: list[str] = []
    for service in rule.when.services or tuple(catalogue.services):
        found = next((one.code for one in earlier if _covers(catalogue, one.when, rule.when, service)), None)
        if found is None:
            return []
        swallowers.append(found)
    return list(dict.fromkeys(swallowers))


def _covers(catalogue: Catalogue, wide: Condition, narrow: Condition, service: str) -> bool:
    """Tell whether every request of `service` that meets `narrow` also meets `wide`."""
    return (
        (not wide.services or service in wide.services)
        and all(
            code in narrow.attributes and set(narrow.attributes[code]) <= set(values)
            for code, values in wide.attributes.items()
        )
        and (not wide.neighbourhoods or _lies_within(narrow.neighbourhoods, wide.neighbourhoods))
        and (not wide.regions or _regions_of(catalogue, narrow) <= set(wide.regions))
        and (wide.hours is None or (narrow.hours is not None and _hours(narrow.hours) <= _hours(wide.hours)))
    )


def _lies_within(narrow: Sequence[str], wide: Sequence[str]) -> bool:
    return bool(narrow) and set(narrow) <= set(wide)


def _regions_of(catalogue: Catalogue, when: Condition) -> set[int | None]:
    """List the regions a request meeting `when` may be in; None stands for no place at all."""
    if when.regions:
        return set(when.regions)
    if when.neighbourhoods:
        known = (catalogue.neighbourhoods.get(code) for code in when.neighbourhoods)
        return {place.region if place else None for place in known}
    return {None}


def _hours(interval: tuple[int, int]) -> frozenset[int]:
    first, last = interval
    if first < last:
        return frozenset(range(first, last))
    return frozenset({*range(first, HOURS_OF_A_DAY), *range(last)})
