"""Keep what a stage is deployed from: packages and templates, in a private bucket."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.target import Target

_KEPT_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class Artefacts:
    """The bucket of a stage that CloudFormation reads templates and code from."""

    target: Target

    @property
    def bucket(self) -> str:
        """Name the bucket."""
        return self.target.resource_name(f"artefacts-{self.target.account_id}")

    def ensure_bucket(self) -> None:
        """Create the bucket if it is missing: private, and forgetting what is a year old."""
        s3 = self.target.client("s3")
        try:
            s3.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
            self._create(s3)

    def put_file(self, path: Path, prefix: str, suffix: str) -> str:
        """Upload a file under its content's digest, unless it is there; return its key."""
        return self._put(path.read_bytes(), prefix, suffix)

    def put_text(self, text: str, prefix: str, suffix: str) -> str:
        """Upload a text under its digest, unless it is there; return its key."""
        return self._put(text.encode(), prefix, suffix)

    def url(self, key: str) -> str:
        """Tell where CloudFormation finds an uploaded template."""
        endpoint = self.target.client("s3").meta.endpoint_url
        return f"{endpoint}/{self.bucket}/{key}"

    def _put(self, content: bytes, prefix: str, suffix: str) -> str:
        s3 = self.target.client("s3")
        key = f"{prefix}/{hashlib.sha256(content).hexdigest()[:32]}{suffix}"
        try:
            s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def _create(self, s3: Any) -> None:
        region = self.target.region
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=self.bucket, **where)
        s3.put_public_access_block(
            Bucket=self.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )
        s3.put_bucket_lifecycle_configuration(
            Bucket=self.bucket,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "forget",
                        "Status": "Enabled",
                        "Filter": {"Prefix": ""},
                        "Expiration": {"Days": _KEPT_DAYS},
                    }
                ]
            },
        )
