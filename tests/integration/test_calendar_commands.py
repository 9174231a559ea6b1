"""Operators look at the calendar, count a deadline, and see what a change would move."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import infra.calendar
from chalicelib import wiring
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.holidays import DayRule, Level
from chalicelib.domain.request_deadlines import dates_of, explain_request
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.transitions import Status
from infra.__main__ import app
from infra.calendar_preview import MovedDates, changed_days, changed_suspensions, moved_dates
from infra.catalogue_source import CITIES, load_city
from tests.builders import a_catalogue, a_request
from tests.fake_calamities import FakeCalamities
from tests.fakes import FakeClock, FakeRequests
from tests.unit.small_city import MONDAY

TODAY = date(2026, 3, 2)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "220"})


def deadline(opened: str, amount: int, unit: str, *more: str) -> Result:
    return run("deadline", "--opened", opened, "--amount", str(amount), "--unit", unit, *more)


def test_a_deadline_is_explained_day_by_day_and_ends_with_its_date() -> None:
    result = deadline("2026-01-30T10:00", 1, "working_days", "--city", "porto_alegre")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "sexta-feira    30/01/2026  abertura",
        "sábado         31/01/2026  fim de semana",
        "domingo        01/02/2026  fim de semana",
        "segunda-feira  02/02/2026  feriado: Nossa Senhora dos Navegantes (Lei municipal 4.453/1978)",
        "terça-feira    03/02/2026  1º dia útil",
        "due 2026-02-03",
    ]


@pytest.mark.parametrize(
    ("opened", "amount", "unit", "due"),
    [
        ("2026-12-02T10:00", 30, "calendar_days", "due 2027-01-04"),
        ("2026-02-13T10:20", 48, "hours", "due 2026-02-15T10:20-03:00"),
        ("2026-02-13T23:30", 1, "working_days", "due 2026-02-16"),
        ("2026-02-14T02:30+00:00", 1, "working_days", "due 2026-02-16"),
        ("2026-02-13", 1, "working_days", "due 2026-02-16"),
    ],
)
def test_the_last_line_is_the_date_in_the_citys_time(opened: str, amount: int, unit: str, due: str) -> None:
    assert deadline(opened, amount, unit).stdout.splitlines()[-1] == due


def test_an_optional_and_a_half_day_count_and_are_named() -> None:
    lines = deadline("2026-02-16T10:00", 2, "working_days").stdout.splitlines()

    assert lines[1].startswith(
        "terça-feira    17/02/2026  1º dia útil, ponto facultativo: Terça-feira de Carn"
    )
    assert lines[2].startswith(
        "quarta-feira   18/02/2026  2º dia útil, meio expediente: Quarta-feira de Cinzas"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("soon", 1, "working_days"), "write 2026-01-30T10:00"),
        (("2026-01-30T10:00", 1, "working_days", "--service", "x"), "no service x"),
        (("2026-01-30T10:00", 1, "working_days", "--neighbourhood", "Atlântida"), "no neighbourhood"),
        (("2026-01-30T10:00", 0, "working_days"), "--amount"),
    ],
)
def test_what_cannot_be_counted_is_told(arguments: tuple[Any, ...], complaint: str) -> None:
    result = deadline(*arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr


def test_the_days_of_a_year_are_shown_with_their_laws() -> None:
    shown = run("calendar", "show", "2026").stdout

    assert "2026-02-02 │ segunda-feira │ feriado municipal" in shown
    assert "Lei 14.759/2023" in shown
    assert "meio expediente, expediente desde 12h" in shown
    assert shown.splitlines()[-2:] == [
        "office hours 08:30 to 18:00, half days part at 12:00",
        "250 working days",
    ]


def a_holiday(day: date) -> CalendarRules:
    rule = DayRule(
        code="festa", names={"pt-BR": "Festa"}, law="Lei 1", level=Level.MUNICIPAL, day=f"{day:%m-%d}"
    )
    return CalendarRules(holidays=(rule,))


def test_a_change_moves_the_open_requests_that_it_touches_and_no_others() -> None:
    before, requests = a_catalogue(), FakeRequests()
    touched = [a_request(opened_at=MONDAY) for _ in range(150)]
    later = a_request(opened_at=MONDAY + timedelta(days=30))
    closed = a_request(status=Status.RESOLVED, opened_at=MONDAY)
    for request in (*touched, later, closed):
        requests.add(request)
    after = dataclasses.replace(before, calendar=a_holiday(date(2026, 3, 4)))

    assert moved_dates(requests, before, after) == MovedDates(open=151, later=150, earlier=0)
    assert moved_dates(requests, after, before) == MovedDates(open=151, later=0, earlier=150)
    assert moved_dates(requests, before, before).moved == 0


def test_a_suspension_moves_the_requests_of_its_area_only() -> None:
    before, requests = a_catalogue(), FakeRequests()
    request = a_request(opened_at=MONDAY)
    requests.add(request)
    here, there = (
        dataclasses.replace(before, calendar=CalendarRules(suspensions=(_suspension(region),)))
        for region in (1, 8)
    )

    assert moved_dates(requests, before, here).later == 1
    assert moved_dates(requests, before, there).moved == 0
    assert changed_suspensions(before, here) == ["cheia"]


def _suspension(region: int) -> Suspension:
    return Suspension(
        code="cheia",
        act="Decreto 1",
        first_day=date(2026, 3, 3),
        last_day=date(2026, 3, 6),
        regions=(region,),
    )


@pytest.mark.parametrize("status", [Status.QUEUED, Status.IN_PROGRESS, Status.TRIAGE])
def test_the_dates_that_are_compared_are_those_that_are_explained(status: Status) -> None:
    request, catalogue = a_request(status=status, opened_at=MONDAY), a_catalogue()

    counted = dates_of(request, catalogue)

    assert counted.due_at == explain_request(request, catalogue, MONDAY).resolution.due_at
    assert counted.moved_from(request.state) == {}


def test_days_that_change_are_listed_before_and_after() -> None:
    before = load_city("porto_alegre", TODAY)
    kept = [one for one in before.calendar.holidays if one.code != "navegantes"]
    calendar = dataclasses.replace(before.calendar, holidays=tuple(kept))

    (changed,) = changed_days(before, dataclasses.replace(before, calendar=calendar), 2026)

    assert (changed.day, changed.after) == (date(2026, 2, 2), None)
    assert changed.before is not None


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> FakeRequests:
    """A stage where Porto Alegre's files are published and requests are kept in memory."""
    requests = FakeRequests()
    monkeypatch.setattr(infra.calendar, "published", lambda store: load_city("porto_alegre", TODAY))
    monkeypatch.setattr(infra.calendar, "enter_stage", lambda target: None)
    monkeypatch.setattr(wiring, "index", partial(_given, requests))
    monkeypatch.setattr(wiring, "calamity_store", FakeCalamities)
    monkeypatch.setattr(wiring, "clock", FakeClock)
    return requests


def _given(service: Any) -> Any:
    return service


def test_a_preview_tells_the_days_and_how_many_due_dates_move(stage: FakeRequests, tmp_path: Path) -> None:
    stage.add(a_request(opened_at=MONDAY))
    text = (CITIES / "porto_alegre" / "calendar.yaml").read_text("utf-8")
    changed = tmp_path / "changed.yaml"
    feast = '    festa: {names: {pt-BR: Festa}, day: "03-05", law: Lei 9, level: municipal}\n'
    changed.write_text(text.replace("  holidays:\n", f"  holidays:\n{feast}"), "utf-8")

    result = run("calendar", "preview", "2026", "--file", str(changed), "--stage", "dev")

    assert result.exit_code == 0, result.output
    assert "2026-03-05 │ quinta-feira │ –" in result.stdout
    assert "feriado municipal: Festa (Lei 9), no work" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 of 1 open due dates would move: 1 later, 0 earlier"


def test_a_preview_of_what_is_published_moves_nothing(stage: FakeRequests) -> None:
    stage.add(a_request(opened_at=MONDAY))

    lines = run("calendar", "preview", "2026", "--stage", "dev").stdout.splitlines()

    assert lines == ["no day of 2026 changes", "0 of 1 open due dates would move: 0 later, 0 earlier"]


def test_a_faulty_calendar_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("calendar: {holidays: {x: {names: {pt-BR: X}, law: L, level: municipal}}}")

    result = run("calendar", "preview", "2026", "--file", str(broken), "--stage", "dev")

    assert result.exit_code == 1
    assert "calendar.holidays.x: is either on a fixed day or counted from Easter" in result.stderr
