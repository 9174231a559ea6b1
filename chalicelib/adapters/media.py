"""Keep photos and evidence in a private S3 bucket; files go there straight from whoever has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.people import UploadTicket

FOLDER = "incoming/"
NOT_FOUND = 404
UNATTACHED = "<Tagging><TagSet><Tag><Key>attached</Key><Value>no</Value></Tag></TagSet></Tagging>"
"""The tag of an upload that no request quotes yet; the bucket deletes such files after some days."""
TICKET_LIFETIME = timedelta(minutes=15)
DOWNLOAD_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Media:
    """The `MediaStore` port over a botocore S3 client."""

    client: Any
    bucket: str

    def ticket(
        self,
        media_id: str,
        content_type: str,
        most_bytes: int,
        now: datetime,
        *,
        returning_to: str | None = None,
    ) -> UploadTicket:
        """Presign one form POST of exactly this type and at most this size, for fifteen minutes."""
        fields = {"Content-Type": content_type, "tagging": UNATTACHED}
        if returning_to is not None:
            fields["success_action_redirect"] = returning_to
        presigned = self.client.generate_presigned_post(
            self.bucket,
            FOLDER + media_id,
            Fields=fields,
            Conditions=[
                *({name: value} for name, value in fields.items()),
                ["content-length-range", 1, most_bytes],
            ],
            ExpiresIn=int(TICKET_LIFETIME.total_seconds()),
        )
        return UploadTicket(
            url=presigned["url"], fields=presigned["fields"], expires_at=now + TICKET_LIFETIME
        )

    def download(self, media_id: str) -> str:
        """Presign one download, for five minutes."""
        address: str = self.client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.bucket, "Key": FOLDER + media_id},
            ExpiresIn=int(DOWNLOAD_LIFETIME.total_seconds()),
        )
        return address

    def keep(self, media_id: str) -> None:
        """Take away the tag by which the bucket's lifecycle finds what nobody quotes."""
        self._ask(self.client.delete_object_tagging, media_id)

    def missing(self, media_ids: Iterable[str]) -> list[str]:
        """Name those that were never uploaded."""
        return [media_id for media_id in media_ids if not self._ask(self.client.head_object, media_id)]

    def _ask(self, operation: Callable[..., Any], media_id: str) -> bool:
        """Call an operation on a file; False if there is no such file."""
        try:
            operation(Bucket=self.bucket, Key=FOLDER + media_id)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == NOT_FOUND:
                return False
            raise Unavailable from error
        except BotoCoreError as error:
            raise Unavailable from error
        return True
