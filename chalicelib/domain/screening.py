"""Ask about danger at intake: a yes raises the urgency of a request from its opening."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.domain.catalogue import Service, Urgency
from chalicelib.domain.errors import Fault

HIGHEST_FIRST = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)


def screening_faults(service: Service, answers: Mapping[str, bool]) -> Iterator[Fault]:
    """Name every answer that is missing or was not asked for: danger is never assumed away."""
    asked = [question.code for question in service.screening]
    for code in sorted(answers.keys() - set(asked)):
        yield Fault(path=f"screening.{code}", reason="unknown_question")
    for code in asked:
        if code not in answers:
            yield Fault(path=f"screening.{code}", reason="required")


def effective_urgency(service: Service, answers: Mapping[str, bool], said: Urgency | None) -> Urgency:
    """Give the highest urgency of the service, the questions answered yes and what an attendant said."""
    raised = (question.urgency for question in service.screening if answers.get(question.code))
    return min((service.urgency, *raised, said or service.urgency), key=HIGHEST_FIRST.index)
