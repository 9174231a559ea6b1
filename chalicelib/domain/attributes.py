"""Check a citizen's answers against the questions that a service asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Attribute, AttributeType, Service
from chalicelib.domain.errors import Fault

LONGEST_STRING = 200
LONGEST_TEXT = 1_000
LONGEST_DATETIME = 40
LARGEST_NUMBER = 10**12
FREE_TEXT = frozenset({AttributeType.STRING, AttributeType.TEXT})


def attribute_faults(service: Service, answers: Mapping[str, Any]) -> Iterator[Fault]:
    """Name every answer that is missing, unasked, of the wrong type or outside its list."""
    asked = {attribute.code: attribute for attribute in service.attributes}
    for code in sorted(answers.keys() - asked.keys()):
        yield Fault(path=f"attributes.{code}", reason="unknown_attribute")
    for code, attribute in asked.items():
        answer = answers.get(code)
        if _is_blank(answer):
            if attribute.required:
                yield Fault(path=f"attributes.{code}", reason="required")
            continue
        if reason := _CHECKS[attribute.type](attribute, answer):
            yield Fault(path=f"attributes.{code}", reason=reason, facts=_facts(attribute))


def split_answers(service: Service, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Separate the answers that decide (lists, numbers, dates) from free text, which is private."""
    types = {attribute.code: attribute.type for attribute in service.attributes}
    given = {code: answer for code, answer in answers.items() if not _is_blank(answer)}
    facts = {code: answer for code, answer in given.items() if types[code] not in FREE_TEXT}
    texts = {f"attributes.{code}": answer for code, answer in given.items() if types[code] in FREE_TEXT}
    return facts, texts


def _is_blank(answer: Any) -> bool:
    return answer is None or answer == [] or (isinstance(answer, str) and not answer.strip())


def _facts(attribute: Attribute) -> dict[str, Any]:
    keys = [choice.key for choice in attribute.choices]
    return {"type": attribute.type.value, **({"choices": keys} if keys else {})}


def _text(longest: int) -> Callable[[Attribute, Any], str | None]:
    def check(_: Attribute, answer: Any) -> str | None:
        if not isinstance(answer, str):
            return "wrong_type"
        return "too_long" if len(answer) > longest else None

    return check


def _number(_: Attribute, answer: Any) -> str | None:
    if not isinstance(answer, int | float) or isinstance(answer, bool):
        return "wrong_type"
    return None if abs(answer) <= LARGEST_NUMBER else "out_of_range"


def _boolean(_: Attribute, answer: Any) -> str | None:
    return None if isinstance(answer, bool) else "wrong_type"


def _datetime(_: Attribute, answer: Any) -> str | None:
    if isinstance(answer, str) and len(answer) > LONGEST_DATETIME:
        return "not_a_datetime"
    try:
        moment = datetime.fromisoformat(answer)
    except (TypeError, ValueError):
        return "not_a_datetime"
    return None if moment.tzinfo else "time_zone_missing"


def _choice(attribute: Attribute, answer: Any) -> str | None:
    if not isinstance(answer, str):
        return "wrong_type"
    return None if answer in {choice.key for choice in attribute.choices} else "not_in_list"


def _choices(attribute: Attribute, answer: Any) -> str | None:
    if not isinstance(answer, list):
        return "wrong_type"
    if fault := next((fault for one in answer if (fault := _choice(attribute, one))), None):
        return fault
    return "too_many" if len(answer) > len(attribute.choices) else None


_CHECKS: Mapping[AttributeType, Callable[[Attribute, Any], str | None]] = {
    AttributeType.STRING: _text(LONGEST_STRING),
    AttributeType.TEXT: _text(LONGEST_TEXT),
    AttributeType.NUMBER: _number,
    AttributeType.DATETIME: _datetime,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.SINGLE_VALUE_LIST: _choice,
    AttributeType.MULTI_VALUE_LIST: _choices,
}
