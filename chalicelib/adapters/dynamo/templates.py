"""Give the published message templates, looking for newer ones now and then."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from chalicelib.adapters.aws_json import AwsRefused
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.message_templates import MessageTemplates
from chalicelib.services.ports.basics import Clock

KIND, POINTER = "templates", "current"
CHECKED_EVERY = timedelta(seconds=30)
TRIED_AGAIN_AFTER = timedelta(seconds=5)
_LEVEL = 9


class TemplatesUnreadable(ValueError):
    """What is stored is damaged, or written by a version of the code that we do not understand."""


def encode(templates: MessageTemplates) -> bytes:
    """Compress templates into what one item holds; the same templates give the same bytes."""
    return zlib.compress(msgspec.msgpack.encode(templates, order="sorted"), _LEVEL)


def decode(packed: bytes) -> MessageTemplates:
    """Read templates back, or raise `TemplatesUnreadable`."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(packed), type=MessageTemplates)
    except (zlib.error, msgspec.DecodeError) as error:
        raise TemplatesUnreadable(str(error)) from error


@dataclass(slots=True, kw_only=True)
class PublishedTemplates:
    """The `TemplateSource` port; templates in use are kept while newer ones cannot be read."""

    config: LeanConfig
    clock: Clock
    _templates: MessageTemplates | None = field(default=None, init=False, repr=False)
    _checked_next: datetime | None = field(default=None, init=False)

    def current(self) -> MessageTemplates:
        """Return the templates, at most 30 s behind the newest publication.

        Raises:
            Unavailable: none were ever read, or none are published.
        """
        now = self.clock.now()
        if self._templates is not None and self._checked_next is not None and now < self._checked_next:
            return self._templates
        try:
            self._templates = self._newest()
            self._checked_next = now + CHECKED_EVERY
        except (AwsRefused, Unavailable, ValueError):
            if self._templates is None:
                raise
            self._checked_next = now + TRIED_AGAIN_AFTER
        return self._templates

    def _newest(self) -> MessageTemplates:
        pointer = self.config.get(KIND, POINTER)
        if pointer is None:
            raise Unavailable
        version = str(pointer["version"])
        if self._templates is not None and version == self._templates.version:
            return self._templates
        item = self.config.get(KIND, version)
        if item is None:
            raise Unavailable
        return decode(item["data"])
