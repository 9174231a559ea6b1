"""What an attendant does for a citizen who has a telephone and nothing to write to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.clock import local_time
from tests.eventually import eventually
from tests.watched_city import WatchedCity

A_MINUTE = 60.0
CALLBACKS = "/v1/callbacks"
CHECKED = {"identity_check": "CPF e data de nascimento"}


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """The attendants of a running city, and the secretariat that works on what they file."""

    city: WatchedCity

    def order(self, protocol: str, command: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        version = self.city.request(protocol, "attendant")["version"]
        path = f"/v1/requests/{protocol}/{command}"
        return self._asked("POST", path, key, body, {"If-Match": f'"{version}"'})

    def resolve(self, protocol: str, answer: str, key: str) -> datetime:
        """Resolve a request by the record of a team that was there; return when."""
        point = self.city.request(protocol, "attendant")["place"]["point"]
        team = {"team": "T-7", "at": local_time(self.city.target).isoformat(), **point}
        resolved = self.order(protocol, "resolve", {"answer": answer, "team_record": team}, key)
        return datetime.fromisoformat(resolved["resolution"]["at"])

    def call_to_make(self, protocol: str, kind: str) -> dict[str, Any]:
        """Wait until the list of calls holds one of this kind about the request."""
        found = eventually(lambda: [one for one in self.calls(protocol) if one["kind"] == kind], A_MINUTE)
        assert len(found) == 1, f"{len(found)} calls of kind {kind}"
        return found[0]

    def calls(self, protocol: str) -> list[dict[str, Any]]:
        """List the calls to make now about a request."""
        items = self._asked("GET", f"{CALLBACKS}?limit=100", "attendant")["items"]
        return [one for one in items if one["protocol"] == protocol]

    def dial(self, task: dict[str, Any]) -> dict[str, Any]:
        """Open a call; return whom to ask for, and the number."""
        reporter: dict[str, Any] = self._asked("GET", self._path(task), "attendant")["reporter"]
        return reporter

    def reached(self, task: dict[str, Any], **said: Any) -> dict[str, Any]:
        """Take down what the citizen said on the telephone."""
        return self._called(task, {"outcome": "reached", **CHECKED, **said})

    def called_in_vain(self, task: dict[str, Any]) -> dict[str, Any]:
        """Take down that nobody answered."""
        return self._called(task, {"outcome": "no_answer"})

    def surveys(self, protocol: str) -> list[dict[str, Any]]:
        path = f"/v1/requests/{protocol}/surveys"
        listed: list[dict[str, Any]] = self._asked("GET", path, "attendant")["items"]
        return listed

    def results(self, key: str) -> dict[str, Any]:
        total: dict[str, Any] = self._asked("GET", "/v1/surveys/results", key)["total"]
        return total

    def _called(self, task: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
        return self._asked("POST", f"{self._path(task)}/outcomes", "attendant", report)

    def _path(self, task: dict[str, Any]) -> str:
        return f"{CALLBACKS}/{task['task_id']}"

    def _asked(
        self, method: str, path: str, key: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        status, answer = self.city.system.call(method, path, key, body, headers)
        assert status == 200, answer
        return answer
