"""Hold the API to its promises: every error answered, every reason worded, every route described."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from chalicelib.api.openapi import describe
from chalicelib.api.problems import ANSWERS, UNEXPECTED
from chalicelib.api.routes import SERVED_BY, all_routes, routes_of
from chalicelib.api.texts import FIELD_REASONS, PROBLEMS
from chalicelib.domain import errors
from chalicelib.domain.access import Grant
from chalicelib.domain.errors import DomainError
from chalicelib.domain.orders import ORDERS

CODE = Path(__file__).parents[2] / "chalicelib"
LANGUAGES = {"pt-BR", "en"}
ROUTES = all_routes()


def test_every_domain_error_has_an_answer() -> None:
    raised = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
    }
    assert raised == set(ANSWERS)


def test_every_problem_is_worded_in_both_languages() -> None:
    assert set(PROBLEMS) == {answer.name for answer in ANSWERS.values()} | {UNEXPECTED.name}
    assert all(set(texts) == LANGUAGES for texts in PROBLEMS.values())


def test_every_reason_of_a_fault_is_worded_and_every_wording_is_used() -> None:
    used = set()
    for path in CODE.rglob("*.py"):
        if path.name != "texts.py":
            used |= set(re.findall(r'"([a-z_]+)"', path.read_text()))
    assert {reason for reason in FIELD_REASONS if reason not in used} == set()
    assert _reasons_in_code() - FIELD_REASONS.keys() == set()
    assert all(set(texts) == LANGUAGES for texts in FIELD_REASONS.values())


@pytest.mark.parametrize("module", SERVED_BY)
def test_the_list_of_routes_names_all_that_a_module_serves(module: str) -> None:
    assert tuple(f"{route.method} {route.path}" for route in routes_of(module)) == SERVED_BY[module]


def test_the_list_of_routes_names_every_module_that_serves_any() -> None:
    serving = {path.stem for path in (CODE / "api").glob("*.py") if "\napi = Api()\n" in path.read_text()}
    assert serving == set(SERVED_BY)


def test_no_two_routes_share_a_path_and_method() -> None:
    listed = [(route.path, route.method) for route in ROUTES]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_says_who_may_call_it_and_what_it_is_for(route: object) -> None:
    access = route.access  # type: ignore[attr-defined]
    assert access.public or access.grants <= set(Grant)
    assert access.public or access.grants
    assert route.summary.endswith(".")  # type: ignore[attr-defined]


def test_every_post_that_changes_a_request_asks_for_an_idempotency_key() -> None:
    changing = {route.path for route in ROUTES if route.commands}
    assert changing >= {"/v1/requests", "/v1/requests/{protocol}/{command}", "/v1/contacts"}


def test_the_openapi_document_lists_every_route_and_resolves_every_reference() -> None:
    document = describe(ROUTES, "https://156.example")
    text = str(document)
    assert "/v1/requests/{protocol}/resolve" in document["paths"]
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) == len(ROUTES) - 1 + len(ORDERS)
    assert len({one["operationId"] for one in operations}) == len(operations)
    names = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert names <= document["components"]["schemas"].keys()


def _reasons_in_code() -> set[str]:
    """Collect the literal reasons with which faults are made."""
    found: set[str] = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "Fault",
                "ContactPointInvalid",
            ):
                values = [k.value for k in node.keywords if k.arg == "reason"] + node.args
                found |= {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)}
    return found
