"""List the pages by what their links are for."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.web import (
    follower_page,
    party_page,
    preferences_page,
    question_page,
    request_page,
    survey_page,
)
from chalicelib.web.visits import Page

PAGES: Mapping[LinkPurpose, Page] = {
    LinkPurpose.REQUEST: request_page.PAGE,
    LinkPurpose.QUESTION: question_page.PAGE,
    LinkPurpose.THIRD_PARTY: party_page.PAGE,
    LinkPurpose.FOLLOWER: follower_page.PAGE,
    LinkPurpose.SURVEY: survey_page.PAGE,
    LinkPurpose.PREFERENCES: preferences_page.PAGE,
}
"""A purpose without a page is answered like an unknown link."""
