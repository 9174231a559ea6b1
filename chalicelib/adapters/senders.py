"""Send text messages through SNS and e-mails through SES.

What providers answer may quote the address, so their words go no further: not into an error's text and
not into its chain, which logs print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.notices import INVALID_ADDRESS, Letter, NotSent, Undeliverable

OPTED_OUT, REJECTED = "opted_out", "rejected"
UNDELIVERABLE: Mapping[str, str] = {
    "InvalidParameter": INVALID_ADDRESS,
    "InvalidParameterValue": INVALID_ADDRESS,
    "ParameterValueInvalid": INVALID_ADDRESS,
    "OptedOut": OPTED_OUT,
    "OptedOutException": OPTED_OUT,
    "MessageRejected": REJECTED,
}
"""Error codes of SNS and SES that no repetition changes, and our word for them.

All other refusals (throttling, quota, a paused account, a missing permission, a provider that says that it is
down) end when time or somebody changes something, so they are worth another try.
"""
_SAYS_OPTED_OUT = "opted out"
_TRANSACTIONAL = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
_CHARSET = "UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsSms:
    """The `Sender` port over SNS; `client` makes a single attempt, a second one might send twice."""

    client: Any

    def send(self, address: str, letter: Letter) -> str:
        """Send a text message to a phone number in E.164."""
        with _translated():
            answer = self.client.publish(
                PhoneNumber=address, Message=letter.text, MessageAttributes=_TRANSACTIONAL
            )
        return str(answer["MessageId"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SesEmail:
    """The `Sender` port over SES, from the verified address `source`; `client` makes a single attempt.

    The events of what is sent under a `configuration_set` come back as receipts.
    """

    client: Any
    source: str
    configuration_set: str | None = None

    def send(self, address: str, letter: Letter) -> str:
        """Send a plain e-mail."""
        more = {"ConfigurationSetName": self.configuration_set} if self.configuration_set else {}
        with _translated():
            answer = self.client.send_email(
                **more,
                Source=self.source,
                Destination={"ToAddresses": [address]},
                Message={"Subject": _text(letter.subject), "Body": {"Text": _text(letter.text)}},
            )
        return str(answer["MessageId"])


def _text(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": _CHARSET}


@contextmanager
def _translated() -> Iterator[None]:
    """Tell apart what will never be sent, what was not sent, and what nobody knows."""
    try:
        yield
    except ClientError as error:
        raise _meaning(error) from None
    except HTTPClientError:
        raise Unavailable from None  # the connection broke after the call had gone out
    except BotoCoreError:
        raise NotSent from None


def _meaning(error: ClientError) -> Exception:
    answer = error.response["Error"]
    code, words = answer.get("Code", ""), answer.get("Message", "")
    if code in UNDELIVERABLE:
        return Undeliverable(OPTED_OUT if _SAYS_OPTED_OUT in words else UNDELIVERABLE[code])
    about = error.response.get("ResponseMetadata", {})
    status = about.get("HTTPStatusCode", 0)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable()
    return NotSent(_wished_wait(about.get("HTTPHeaders", {}).get("retry-after", "")))


def _wished_wait(header: str) -> int | None:
    """Read after how many seconds the provider wants to be asked again; dates are not worth it."""
    return int(header) if header.isascii() and header.isdigit() else None
