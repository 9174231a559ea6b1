"""Give operators' and consumers' programs the application without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from infra.consumer import Centre as Api
from infra.consumer import Refused, Unreachable
from tests.http import Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcess(Api):
    """The programs' client, calling the application in process; `down` paths do not answer."""

    centre: Centre
    down: set[str] = field(default_factory=set)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        **headers: str,
    ) -> Any:
        if path.rpartition("/")[2] in self.down:
            raise Unreachable(path)
        address = f"{path}?{urlencode(query)}" if query else path
        answer = self.centre.call(method, address, body, key=self.key, raw=None, **headers)
        if answer.status >= 400:
            raise Refused(answer.status, answer.json)
        return answer.json
