"""The measurement of the sweep works, on a small scale."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bench.sweep_in_memory import sweep_in_memory
from chalicelib.services.ports.timers import Outcome

DUE = 300


def test_a_measured_sweep_escalates_everything_due_once_though_some_looks_come_twice() -> None:
    swept = sweep_in_memory(DUE)

    assert (swept.stored, swept.escalations) == (DUE + DUE // 5, {1: DUE, 0: DUE // 5})
    assert swept.looks > DUE
    assert swept.adds_up
    assert swept.report.outcomes == {Outcome.ACTED: DUE}


def test_a_measured_sweep_reads_only_what_is_due() -> None:
    assert sweep_in_memory(DUE).timers_read == DUE


def test_the_measurement_would_show_what_is_decided_twice_or_missing() -> None:
    swept = sweep_in_memory(1)
    missed = replace(swept.report, eligible=2)

    assert replace(swept, escalations=Counter({1: 7, 2: 3})).escalated_twice == 3
    assert not replace(swept, report=missed).adds_up
