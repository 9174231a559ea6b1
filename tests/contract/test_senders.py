"""What senders of messages must do, on moto and on ministack; and how providers' refusals are read."""

from __future__ import annotations

import json
import traceback
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from chalicelib.adapters.sdk import sdk_client
from chalicelib.adapters.senders import SesEmail, SnsSms
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.notices import Letter, NotSent, Sender, Undeliverable
from infra.local.ports import LOOPBACK, free_port
from tests.contract.stores import ON_MINISTACK
from tests.engines import REGION
from tests.faulty_proxy import FaultyProxy
from tests.scripted_server import Answer, scripted_server

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
ACCOUNT = "123456789012"
SOURCE, CITIZEN, PHONE = "156@example.org", "cidada@example.org", "+5551987654321"
LETTER = Letter(
    text="A solicitação está atrasada.\n\nPedimos desculpas: ção, ã, é.", subject="Solicitação atrasada"
)


@dataclass(frozen=True, slots=True)
class Provider:
    """An engine with clients of its own, and what it says it has sent."""

    url: str
    is_moto: bool

    def client(self, service: str) -> Any:
        return sdk_client(service, region=REGION, endpoint_url=self.url, most_attempts=1)

    def sms(self, message_id: str) -> tuple[str, str]:
        if self.is_moto:
            return sns_backends[ACCOUNT][REGION].sms_messages[message_id]
        found = self._read(f"/_ministack/sns/sms-messages?region={REGION}")
        sent = [one for phone in found["sms_messages"].values() for one in phone]
        (message,) = (one for one in sent if one["MessageId"] == message_id)
        return message["PhoneNumber"], message["Message"]

    def email(self, message_id: str) -> tuple[list[str], str, str, str]:
        if self.is_moto:
            (mail,) = (m for m in ses_backends[ACCOUNT][REGION].sent_messages if m.id == message_id)
            return mail.destinations["ToAddresses"], mail.source, mail.subject, mail.body
        found = self._read("/_ministack/ses/messages")
        (one,) = (m for ms in found["messages"].values() for m in ms if m["MessageId"] == message_id)
        return one["To"], one["Source"], one["Subject"], one["BodyText"]

    def _read(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}") as answer:
            return json.load(answer)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture(params=REAL_ENGINES)
def provider(request: pytest.FixtureRequest) -> Provider:
    return Provider(request.getfixturevalue(request.param).engine_url, request.param == "moto")


def test_a_text_message_reaches_its_phone(provider: Provider) -> None:
    message_id = SnsSms(client=provider.client("sns")).send(PHONE, LETTER)

    assert provider.sms(message_id) == (PHONE, LETTER.text)


def test_an_e_mail_reaches_its_address_in_its_own_letters(provider: Provider) -> None:
    client = provider.client("ses")
    client.verify_email_identity(EmailAddress=SOURCE)

    message_id = SesEmail(client=client, source=SOURCE).send(CITIZEN, LETTER)

    assert provider.email(message_id) == ([CITIZEN], SOURCE, LETTER.subject, LETTER.text)


def test_an_e_mail_from_an_address_that_is_not_ours_is_undeliverable(provider: Provider) -> None:
    with pytest.raises(Undeliverable) as error:
        SesEmail(client=provider.client("ses"), source="someone@else.example").send(CITIZEN, LETTER)

    assert error.value.reason == "rejected"


def test_a_number_that_is_none_is_undeliverable(moto: FaultyProxy) -> None:
    client = Provider(moto.engine_url, is_moto=True).client("sns")

    with pytest.raises(Undeliverable) as error:
        SnsSms(client=client).send("+55 51", LETTER)

    assert error.value.reason == "invalid_address"


@pytest.mark.parametrize("service", ["sns", "ses"])
@pytest.mark.parametrize(
    "answer", [Answer(closes_before=True), Answer(status=500, body=b"")], ids=["silence", "500"]
)
def test_a_message_of_unknown_fate_goes_out_once(service: str, answer: Answer) -> None:
    with scripted_server() as server:
        server.answers.append(answer)
        client = Provider(server.url, is_moto=False).client(service)

        with pytest.raises(Unavailable) as error:
            sender_of(client, service).send(ADDRESS[service], LETTER)

        assert not isinstance(error.value, NotSent)
        assert len(server.calls) == 1


@pytest.mark.parametrize("service", ["sns", "ses"])
def test_where_nothing_listens_nothing_was_sent(service: str) -> None:
    client = Provider(f"http://{LOOPBACK}:{free_port()}", is_moto=False).client(service)

    with pytest.raises(NotSent):
        sender_of(client, service).send(ADDRESS[service], LETTER)


ADDRESS = {"sns": PHONE, "ses": CITIZEN}


def sender_of(client: Any, service: str) -> Sender:
    return SnsSms(client=client) if service == "sns" else SesEmail(client=client, source=SOURCE)


@dataclass(frozen=True, slots=True)
class RefusingClient:
    """A client of either provider that always fails in the same way."""

    error: Exception

    def publish(self, **_: Any) -> Any:
        raise self.error

    def send_email(self, **_: Any) -> Any:
        raise self.error


def refusal(code: str, status: int = 400, words: str = "") -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": f"{words} {PHONE} {CITIZEN}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "Publish")


@pytest.mark.parametrize(
    ("error", "meaning", "reason"),
    [
        (refusal("InvalidParameter"), Undeliverable, "invalid_address"),
        (refusal("InvalidParameter", words="is opted out"), Undeliverable, "opted_out"),
        (refusal("InvalidParameterValue"), Undeliverable, "invalid_address"),
        (refusal("OptedOut"), Undeliverable, "opted_out"),
        (refusal("MessageRejected"), Undeliverable, "rejected"),
        (refusal("Throttling"), NotSent, None),
        (refusal("ThrottledException", 429), NotSent, None),
        (refusal("AccountSendingPausedException"), NotSent, None),
        (refusal("AuthorizationError", 403), NotSent, None),
        (refusal("InternalFailure", 500), Unavailable, None),
        (refusal("ServiceUnavailable", 503), NotSent, None),
        (refusal("GatewayTimeout", 504), Unavailable, None),
        (EndpointConnectionError(endpoint_url="x"), NotSent, None),
        (ConnectTimeoutError(endpoint_url="x"), NotSent, None),
        (NoCredentialsError(), NotSent, None),
        (ReadTimeoutError(endpoint_url="x"), Unavailable, None),
        (ConnectionClosedError(endpoint_url="x"), Unavailable, None),
    ],
    ids=lambda value: getattr(value, "__name__", None) or type(value).__name__,
)
@pytest.mark.parametrize("service", ["sns", "ses"])
def test_every_refusal_has_one_meaning_and_quotes_no_address(
    service: str, error: Exception, meaning: type[Exception], reason: str | None
) -> None:
    with pytest.raises(meaning) as raised:
        sender_of(RefusingClient(error), service).send(ADDRESS[service], LETTER)

    assert type(raised.value) is meaning
    assert getattr(raised.value, "reason", None) == reason
    printed = "".join(traceback.format_exception(raised.value))
    assert PHONE not in printed
    assert CITIZEN not in printed


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("Fri, 27 Nov 2026 12:00:00 GMT", None), ("", None), ("-1", None)]
)
def test_a_provider_may_say_when_to_ask_again(header: str, seconds: int | None) -> None:
    error = refusal("Throttling", 429)
    error.response["ResponseMetadata"]["HTTPHeaders"] = {"retry-after": header}

    with pytest.raises(NotSent) as raised:
        sender_of(RefusingClient(error), "sns").send(PHONE, LETTER)

    assert raised.value.retry_after_seconds == seconds


def test_an_e_mail_whose_events_are_wanted_goes_under_its_configuration_set() -> None:
    class Client:
        def __init__(self) -> None:
            self.given: dict[str, Any] = {}

        def send_email(self, **given: Any) -> dict[str, str]:
            self.given = given
            return {"MessageId": "provider-1"}

    with_events, without = Client(), Client()
    SesEmail(client=with_events, source=SOURCE, configuration_set="stage-email").send(CITIZEN, LETTER)
    SesEmail(client=without, source=SOURCE).send(CITIZEN, LETTER)

    assert with_events.given["ConfigurationSetName"] == "stage-email"
    assert "ConfigurationSetName" not in without.given
