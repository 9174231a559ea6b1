"""What the local engine keeps of the text messages and e-mails that it was given to send."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOutbox:
    """Looks into an engine; what it sees stays as it is."""

    engine_url: str

    def numbers_told(self, words: str) -> list[str]:
        """List the numbers that got a text message with these words, one for each message."""
        texts = self._ask("sns/sms-messages")["sms_messages"]
        return [number for number, sent in texts.items() for one in sent if words in one["Message"]]

    def mails_to(self, address: str, words: str) -> list[dict[str, Any]]:
        """List the e-mails with these words to an address."""
        return [one for one in self.mails_with(words) if address in one["To"]]

    def mails_with(self, words: str) -> list[dict[str, Any]]:
        """List the e-mails with these words, to whomever."""
        accounts = self._ask("ses/messages")["messages"].values()
        return [one for sent in accounts for one in sent if words in one["BodyText"]]

    def _ask(self, what: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.engine_url}/_ministack/{what}", timeout=20) as answer:
            asked: dict[str, Any] = json.load(answer)
            return asked
