"""Be the process that is killed: run the workers' functions in threads, and do as the conductor says.

`python -m bench.soak.worker DIRECTORY REPLIES`: commands come in as lines of JSON, an answer to each goes
out by the file descriptor REPLIES. What must outlive the process, as it would in AWS, stands in DIRECTORY:
how far the stream was read. Everything else is in the tables and queues.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bench.soak.cast import Case, a_city, cast_of
from bench.soak.counting import count_calls
from bench.soak.evidence import gather
from bench.soak.polling import Machinery
from chalicelib import wiring, wiring_citizen, wiring_messages, wiring_surveys, workers
from chalicelib.adapters.sdk import sdk_client
from chalicelib.adapters.senders import SesEmail, SnsSms
from chalicelib.domain import orders
from chalicelib.domain.access import Principal
from chalicelib.domain.errors import LinkUsed
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.outcomes import ResolutionReason
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.surveys import Done
from chalicelib.services.acts import CITIZEN
from chalicelib.services.answer_drafts import AnswerDraft
from chalicelib.services.commands import Command

HANDS = 3


class Worker:
    """Carries out commands; each may be given again after a kill."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        plan = msgspec.json.decode((directory / "plan.json").read_bytes())
        self.day = date.fromisoformat(plan["day"])
        self.cases = cast_of(plan["requests"], self.day)
        self.machinery = Machinery(directory=directory)
        self.hands = ThreadPoolExecutor(HANDS)

    def obey(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a command says."""
        answer = _DUTIES[command["do"]](self, command)
        return answer or {}

    def prepare(self, _: Mapping[str, Any]) -> None:
        """Keep what citizens chose."""
        chosen = Preferences(opted_out=frozenset({MessageKind.SURVEY}), changed_at=wiring.clock().now())
        keys = {case.citizen.keys for case in self.cases if case.citizen.opted_out and case.citizen.keys}
        list(self.hands.map(lambda one: wiring_messages.preference_store().keep(one, chosen), keys))

    def resolve(self, command: Mapping[str, Any]) -> None:
        """Let secretariats resolve a part of the requests."""
        self._each(lambda case: case.part == command["part"], _resolve)

    def contest(self, command: Mapping[str, Any]) -> None:
        """Let citizens contest resolutions of a part."""
        self._each(lambda case: case.part == command["part"] and case.contests, _contest)

    def answer(self, command: Mapping[str, Any]) -> None:
        """Let citizens answer by the links that they got."""
        list(self.hands.map(lambda one: _answer(*one), command["answers"]))

    def tick(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the schedule does, let everything follow from it, and tell how much that was."""
        before = self.machinery.handled
        with suppress(Exception):  # the schedule comes again
            workers.tick()
        self.machinery.settle()
        return {"handled": self.machinery.handled - before}

    def look(self, _: Mapping[str, Any]) -> None:
        """Write down what the tables hold."""
        evidence = gather(self.cases, self.day, self.hands)
        (self.directory / "evidence").write_bytes(msgspec.msgpack.encode(evidence))

    def _each(self, wanted: Callable[[Case], bool], do: Callable[[Case], object]) -> None:
        list(self.hands.map(do, filter(wanted, self.cases)))


def _resolve(case: Case) -> None:
    secretariat = a_city().services[case.service].secretariat
    focal = Principal(name=f"{secretariat} integration", scopes=frozenset({f"focal:{secretariat}"}))
    order = orders.Resolve(answer="Serviço concluído pela equipe.", reason=ResolutionReason.DONE)
    command = Command(owner=focal.name, key=f"resolve-{case.protocol}", body=b"")
    wiring.casework().carry_out(case.protocol, order, focal, command, seen_version=2)


def _contest(case: Case) -> None:
    command = Command(owner="citizen", key=f"contest-{case.protocol}", body=b"")
    order = orders.Contest(reason="Ninguém veio.")
    wiring_citizen.citizen_acts().acts.carry_out(case.protocol, lambda _: order, CITIZEN, command)


def _answer(token: str, done: str) -> None:
    overall = {Done.YES: 5, Done.PARTLY: 3, Done.NO: 1}[Done(done)]
    draft = AnswerDraft(overall=overall, done=Done(done))
    with suppress(LinkUsed):  # before a kill
        wiring_surveys.survey_answers().by_link(token, draft)


_DUTIES: Mapping[str, Callable[[Worker, Mapping[str, Any]], dict[str, Any] | None]] = {
    "prepare": Worker.prepare,
    "resolve": Worker.resolve,
    "contest": Worker.contest,
    "answer": Worker.answer,
    "tick": Worker.tick,
    "look": Worker.look,
}


def use_providers(url: str) -> None:
    """Let messages go out to the providers beside us, through the adapters that speak to the real ones."""
    region = wiring.settings().region

    def client(service: str) -> Any:
        return sdk_client(service, region=region, endpoint_url=url, read_timeout_seconds=5, most_attempts=1)

    senders = {
        Medium.SMS: SnsSms(client=client("sns")),
        Medium.EMAIL: SesEmail(client=client("ses"), source=wiring.settings().sender_email),
    }
    wiring_messages.senders = lambda: senders  # type: ignore[assignment]


def main(directory: Path, replies: int) -> None:
    """Obey until there are no more commands."""
    count_calls(directory / f"calls-{os.getpid()}.json")
    use_providers(os.environ["PROVIDERS_URL"])
    worker = Worker(directory)
    worker.machinery.start()
    with os.fdopen(replies, "wb", buffering=0) as out:
        for line in sys.stdin.buffer:
            answer = worker.obey(msgspec.json.decode(line))
            out.write(msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
