"""Serve routes that state who may call them, and answer every domain error from one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib import wiring
from chalicelib.api.bodies import Reading, decode_object, read
from chalicelib.api.problems import problem_response
from chalicelib.domain.access import Grant, Principal
from chalicelib.domain.errors import (
    ActorNotAllowed,
    DomainError,
    Fault,
    InvalidInput,
    PreconditionRequired,
    Unauthenticated,
)
from chalicelib.observability import logger
from chalicelib.services.commands import Command

LONGEST_KEY = 128
VERSION_TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route: everybody, or whoever holds one of `grants`."""

    grants: frozenset[Grant]
    public: bool = False


PUBLIC = Access(frozenset(), public=True)


def only(*grants: Grant) -> Access:
    """Admit whoever holds one of `grants`."""
    return Access(frozenset(grants))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP call, already authenticated and authorised for its route."""

    request: Request
    principal: Principal | None
    language: str

    @property
    def caller(self) -> Principal:
        """The authenticated caller of a route that is not public."""
        if self.principal is None:
            raise Unauthenticated("missing")
        return self.principal

    def header(self, name: str) -> str | None:
        """Return a header, or None."""
        value: str | None = self.request.headers.get(name)
        return value

    def query(self, name: str) -> str | None:
        """Return a query parameter, or None."""
        parameters = self.request.query_params
        return parameters.get(name) if parameters else None

    def body(self, schema: type[Any]) -> Reading:
        """Read the JSON body as `schema`, with every fault that reading brings up."""
        return read(schema, decode_object(self.header("content-type"), self._raw()))

    def command(self, owner: str | None = None) -> Command:
        """Return what makes this call repeatable; `Idempotency-Key` is required.

        `owner` names who calls where no key does, so that one citizen's keys are never another's.
        """
        key = (self.header("idempotency-key") or "").strip()
        if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
            facts = {"longest": LONGEST_KEY}
            raise InvalidInput(
                Fault(path="Idempotency-Key", reason="required" if not key else "malformed", facts=facts)
            )
        fingerprint = f"{self.request.method} {self.request.context.get('path', '')}\n".encode()
        return Command(owner=owner or self.caller.name, key=key, body=fingerprint + self._raw())

    def seen_version(self) -> int:
        """Return the version that `If-Match` names, as given in the `ETag` of an earlier answer."""
        tag = self.header("if-match")
        if tag is None:
            raise PreconditionRequired
        version = VERSION_TAG.fullmatch(tag.strip())
        if version is None:
            raise InvalidInput(Fault(path="If-Match", reason="malformed"))
        return int(version[1])

    def _raw(self) -> bytes:
        raw = self.request.raw_body
        return raw.encode() if isinstance(raw, str) else raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What is known of a route without calling it; the OpenAPI document is made of these."""

    path: str
    method: str
    access: Access
    handler: Callable[..., Response]
    summary: str
    body: type[Any] | None = None
    answers: type[Any] | None = None
    query: tuple[str, ...] = ()
    commands: bool = False


class Api:
    """The routes of one resource; each states its access."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(
        self, path: str, *, access: Access, methods: Sequence[str] = ("GET",), **described: Any
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Describe a handler that takes a `Call` and the path's parameters.

        `access` is `PUBLIC` or `only(...)`, without a default; what else a `Route` has may be described.
        `chalicelib.api.routes` lists the path too.
        """

        def decorate(handler: Callable[..., Response]) -> Callable[..., Response]:
            summary = (handler.__doc__ or "").strip().partition("\n")[0]
            for method in methods:
                self.routes.append(
                    Route(
                        path=path, method=method, access=access, handler=handler, summary=summary, **described
                    )
                )
            return handler

        return decorate


def answer(request: Request, route_of: Callable[[], Route], parameters: Mapping[str, str]) -> Response:
    """Answer a call of a route, and whatever it raises as a problem; no exception leaks."""
    language = _language(request.headers.get("accept-language"))
    try:
        route = route_of()
        call = Call(request=request, principal=_authorised(request, route.access), language=language)
        return route.handler(call, **{name: unquote(value) for name, value in parameters.items()})
    except DomainError as error:
        return problem_response(error, language)
    except Exception:
        logger.exception("call failed", extra={"route": request.path, "method": request.method})
        return problem_response(None, language)


def _authorised(request: Request, access: Access) -> Principal | None:
    header = request.headers.get("authorization")
    if header is None:
        if access.public:
            return None
        raise Unauthenticated("missing")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("unknown")
    principal = wiring.credentials().authenticate(token.strip())
    if not access.public and not principal.has(*access.grants):
        raise ActorNotAllowed
    return principal


def _language(accepted: str | None) -> str:
    """Choose Brazilian Portuguese unless English is asked for first."""
    first = (accepted or "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "pt-BR"
