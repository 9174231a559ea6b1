"""Judge resolutions that were contested or drawn for an audit: was the work done that was called done?"""

from __future__ import annotations

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.handover import Decision
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.resolutions import GivenResolution, resolutions
from chalicelib.domain.verdicts import Verdict, VerdictKind

DRAWN_ONE_IN = 50
SEED_BYTES = 4


def is_drawn_for_audit(seed: bytes) -> bool:
    """Draw two resolutions in a hundred by the random seed of the act that gave them."""
    return int.from_bytes(seed[-SEED_BYTES:]) % DRAWN_ONE_IN == 0


def judge(request: ServiceRequest, order: orders.Judge, catalogue: Catalogue, act: Act) -> Decision:
    """Record whether a resolution was false; each that awaits a verdict gets one."""
    judged = _judged(request, order.generation)
    verdict = Verdict(
        kind=verdict_kind(judged), generation=judged.generation, is_false=order.is_false, at=act.at
    )
    facts = {"generation": verdict.generation, "kind": verdict.kind, "is_false": verdict.is_false}
    return Decision(None, {"verdicts": (*request.state.verdicts, verdict)}, facts)


def verdict_kind(resolution: GivenResolution) -> VerdictKind:
    """Tell why a resolution is judged: a contest weighs more than the draw."""
    return VerdictKind.CONTESTED if resolution.is_contested else VerdictKind.AUDITED


def _judged(request: ServiceRequest, generation: int | None) -> GivenResolution:
    """Find the resolution that is meant: that of `generation`, or the newest one that awaits a verdict."""
    awaiting = {one.generation: one for one in resolutions(request) if one.awaits_verdict}
    found = awaiting.get(max(awaiting, default=0) if generation is None else generation)
    if found is None:
        choices = sorted(awaiting)
        raise InvalidInput(Fault(path="generation", reason="not_to_be_judged", facts={"choices": choices}))
    return found
