"""Report the faults of reading and of checking together, each field once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.domain.errors import Fault, InvalidInput, ProtocolCheckDigitWrong, ProtocolMalformed
from chalicelib.domain.protocols import Protocol, parse_protocol


def refuse_faulty(found: Sequence[Fault], *checks: Iterable[Fault]) -> None:
    """Raise `InvalidInput` with every fault; fields that could not even be read are not checked further."""
    unreadable = {fault.path for fault in found}
    faults = list(found)
    for check in checks:
        faults.extend(fault for fault in check if not _is_within(fault.path, unreadable))
    if faults:
        raise InvalidInput(*faults)


def read_protocol(text: str, path: str) -> tuple[Protocol, list[Fault]]:
    """Read a protocol that stands in a field; what is wrong with it is that field's fault."""
    try:
        return parse_protocol(text), []
    except ProtocolCheckDigitWrong:
        return Protocol(text), [Fault(path=path, reason="wrong_check_digit")]
    except ProtocolMalformed:
        return Protocol(text), [Fault(path=path, reason="not_a_protocol")]


def _is_within(path: str, unreadable: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in unreadable)
