"""Keep photos in S3: tickets for exactly one file, and no file lost that a request quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.media import FOLDER, S3Media
from chalicelib.adapters.sdk import sdk_client
from chalicelib.domain.errors import Unavailable
from tests.engines import REGION
from tests.fakes import NOW

BUCKET = "media"
PHOTO = "00000000000000000000000000000001.jpg.0123456789abcdef"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = sdk_client("s3", region=REGION, endpoint_url=None)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield client


def test_a_ticket_names_type_size_and_tag_of_the_one_file_it_allows(s3: Any) -> None:
    ticket = S3Media(client=s3, bucket=BUCKET).ticket(PHOTO, "image/jpeg", 1_000, NOW)

    assert ticket.fields["key"] == FOLDER + PHOTO
    assert ticket.fields["Content-Type"] == "image/jpeg"
    assert "attached" in ticket.fields["tagging"]


def test_a_quoted_file_loses_the_tag_by_which_it_would_be_deleted(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=FOLDER + PHOTO, Body=b"x", Tagging="attached=no")

    S3Media(client=s3, bucket=BUCKET).keep(PHOTO)

    assert s3.get_object_tagging(Bucket=BUCKET, Key=FOLDER + PHOTO)["TagSet"] == []


def test_a_file_that_never_came_is_missing(s3: Any) -> None:
    assert S3Media(client=s3, bucket=BUCKET).missing([PHOTO]) == [PHOTO]


def test_a_file_that_never_came_cannot_be_kept_and_holds_nobody_up(s3: Any) -> None:
    with Stubber(s3) as answers:
        answers.add_client_error("delete_object_tagging", "NoSuchKey", http_status_code=404)
        S3Media(client=s3, bucket=BUCKET).keep(PHOTO)
        answers.add_client_error("delete_object_tagging", "SlowDown", http_status_code=503)
        with pytest.raises(Unavailable):
            S3Media(client=s3, bucket=BUCKET).keep(PHOTO)


def test_a_download_is_signed_and_short_lived(s3: Any) -> None:
    address = S3Media(client=s3, bucket=BUCKET).download(PHOTO)

    assert PHOTO in address
    assert "X-Amz-Expires=300" in address
