"""Keep photos and evidence in a private S3 bucket; files go there straight from whoever has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.people import UploadTicket

FOLDER = "incoming/"
TICKET_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Media:
    """The `MediaStore` port over a botocore S3 client."""

    client: Any
    bucket: str

    def ticket(self, media_id: str, content_type: str, most_bytes: int, now: datetime) -> UploadTicket:
        """Presign one form POST of exactly this type and at most this size, for fifteen minutes."""
        presigned = self.client.generate_presigned_post(
            self.bucket,
            FOLDER + media_id,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, most_bytes]],
            ExpiresIn=int(TICKET_LIFETIME.total_seconds()),
        )
        return UploadTicket(
            url=presigned["url"], fields=presigned["fields"], expires_at=now + TICKET_LIFETIME
        )

    def missing(self, media_ids: Iterable[str]) -> list[str]:
        """Name those that were never uploaded."""
        return [media_id for media_id in media_ids if not self._exists(media_id)]

    def _exists(self, media_id: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=FOLDER + media_id)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise Unavailable from error
        except BotoCoreError as error:
            raise Unavailable from error
        return True
