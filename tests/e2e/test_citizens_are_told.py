"""Citizens hear from the deployed system by themselves, in the words that were published with it."""

from __future__ import annotations

from typing import Any

from tests.deployed import RunningSystem
from tests.eventually import eventually
from tests.watched_city import WatchedCity

A_WHILE = 30.0
NAME, PHONE, EMAIL = "Marcada Zuleica", "+5551996543210", "marcada.zuleica@example.net"
DUMPED: dict[str, Any] = {
    "service": "descarte-irregular-coleta",
    "description": "Entulho na calçada.",
    "place": {"lat": -30.0331, "lon": -51.2300, "address": "Rua da Praia, 1560", "neighbourhood": "Centro"},
    "attributes": {"material": ["rubble"]},
}


def test_whoever_opens_a_request_gets_its_confirmation_on_his_channel(system: RunningSystem) -> None:
    city = WatchedCity(system)
    by_web = DUMPED | {"reporter": {"name": NAME, "phone": PHONE, "email": EMAIL}}
    by_phone = by_web | {"channel": "phone"}

    written, rung = city.open_request(by_web), city.open_request(by_phone, "attendant")

    (mail,) = eventually(lambda: city.outbox.mails_to(EMAIL, written["protocol_display"]), A_WHILE)
    assert written["access_code"] in mail["BodyText"]
    assert "/c/r" in mail["BodyText"]
    words = f"solicitacao {rung['protocol_display']} registrada. Codigo {rung['access_code']}"
    assert eventually(lambda: city.outbox.numbers_told(words), A_WHILE) == [PHONE]


def test_what_was_sent_is_shown_beside_the_timeline_and_nothing_of_whom_in_any_log(
    system: RunningSystem,
) -> None:
    city = WatchedCity(system)
    protocol = city.open_request(DUMPED | {"reporter": {"name": NAME, "email": EMAIL}})["protocol"]

    (sent,) = eventually(lambda: city.request(protocol, "attendant").get("contacts", []), A_WHILE)

    assert (sent["kind"], sent["to"], sent["medium"], sent["seq"]) == ("confirmation", "citizen", "email", 1)
    lines = eventually(lambda: [one for one in city.log_lines() if "notice told" in one], A_WHILE)
    assert [line for line in lines for mark in (NAME, PHONE, EMAIL) if mark in line] == []
