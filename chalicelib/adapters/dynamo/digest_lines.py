"""Keep which requests the holder of each post should hear of."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.domain.protocols import Protocol

POSTS = "digest-posts"


@dataclass(frozen=True, slots=True)
class DynamoDigestLines:
    """The `DigestLines` port: a partition per post, and one that lists the posts.

    A post is written into the list before its first line, once per process, and stays there: it may be
    without lines.
    """

    _listed: set[str] = field(default_factory=set)

    def add(self, post: str, protocol: Protocol) -> None:
        """Let the post hear of a request; a second time changes nothing."""
        with translated_failures():
            if post not in self._listed:
                OperationModel(POSTS, post).save()
                self._listed.add(post)
            OperationModel(_partition(post), protocol).save()

    def remove(self, post: str, protocol: Protocol) -> None:
        """Let it no longer; harmless if it did not."""
        with translated_failures():
            OperationModel(_partition(post), protocol).delete()

    def of(self, post: str) -> list[Protocol]:
        """List what the post should hear of."""
        with translated_failures():
            lines = OperationModel.query(_partition(post), consistent_read=True)
            return [Protocol(line.line) for line in lines]

    def posts(self) -> list[str]:
        """List the posts that should hear of anything."""
        with translated_failures():
            known = [line.line for line in OperationModel.query(POSTS, consistent_read=True)]
            return [post for post in known if _has_lines(post)]


def _has_lines(post: str) -> bool:
    return any(True for _ in OperationModel.query(_partition(post), limit=1, consistent_read=True))


def _partition(post: str) -> str:
    return f"digest#{post}"
