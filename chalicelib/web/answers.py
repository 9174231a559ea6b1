"""Answer the visits of signed links; the token says which page it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote

from chalice.app import Request, Response

from chalicelib import wiring_citizen
from chalicelib.domain import errors
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.errors import DomainError, LinkUnknown
from chalicelib.observability import logger
from chalicelib.web.html import html_response
from chalicelib.web.languages import accepted_language, known_language
from chalicelib.web.registry import PAGES
from chalicelib.web.visits import Shown, Visit

MOST_BYTES = 64 * 1024
MOST_FIELDS = 50
PROBLEMS: Mapping[type[DomainError], tuple[int, str]] = {
    errors.LinkUnknown: (404, "link-unknown"),
    errors.NotFound: (404, "link-unknown"),
    errors.LinkExpired: (410, "link-expired"),
    errors.LinkUsed: (410, "link-used"),
    errors.BodyTooLarge: (413, "too-large"),
    errors.StaleVersion: (503, "unavailable"),
    errors.Unavailable: (503, "unavailable"),
}
"""What keeps a page from being shown at all; pages themselves show what an action is refused for."""
UNEXPECTED = (500, "unexpected")


def show(request: Request, token: str) -> Response:
    """Show the page that a link opens."""
    return _answer(request, token, lambda visit: PAGES[_purpose(visit)].show(visit))


def submit(request: Request, token: str) -> Response:
    """Take the form of the page that a link opens; sent twice it counts once."""
    return _answer(request, token, lambda visit: PAGES[_purpose(visit)].submit(visit))


def _purpose(visit: Visit) -> LinkPurpose:
    purpose = wiring_citizen.links().purpose_of(visit.token)
    if purpose not in PAGES:
        raise LinkUnknown
    return purpose


def _answer(request: Request, token: str, serve: Callable[[Visit], Shown]) -> Response:
    visit = _visit(request, unquote(token))
    try:
        if len(_raw(request)) > MOST_BYTES:
            raise errors.BodyTooLarge(MOST_BYTES)
        shown = serve(visit)
    except DomainError as error:
        shown = _problem(visit, *PROBLEMS.get(type(error), UNEXPECTED))
    except Exception:
        logger.exception("page failed", extra={"route": request.path, "method": request.method})
        shown = _problem(visit, *UNEXPECTED)
    return html_response(shown, visit.address())


def _visit(request: Request, token: str) -> Visit:
    languages = wiring_citizen.pages().languages()
    query = _fields(request.query_params)
    chosen = next(iter(query.get("lang", ())), "")
    return Visit(
        token=token,
        chosen=known_language(chosen, languages),
        accepted=accepted_language(request.headers.get("accept-language"), languages),
        query=query,
        form=_form(_raw(request)),
    )


def _form(raw: bytes) -> dict[str, list[str]]:
    """Read a form as browsers send it (WHATWG URL, 5.1); what is none has no fields."""
    if len(raw) > MOST_BYTES:
        return {}
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _fields(parameters: Mapping[str, str] | None) -> dict[str, list[str]]:
    if not parameters:
        return {}
    return {name: parameters.getlist(name) for name in parameters}  # type: ignore[attr-defined]


def _raw(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw or b""


def _problem(visit: Visit, status: int, name: str) -> Shown:
    language = visit.language(wiring_citizen.citizen_acts().language_of(visit.token))
    return Shown(template="problem.html", language=language, values={"problem": name}, status=status)
