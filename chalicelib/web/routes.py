"""Serve every signed link at one address; the first visit imports the pages, which no API call needs."""

from __future__ import annotations

from chalice.app import Blueprint, Response

blueprint = Blueprint(__name__)


@blueprint.route("/c/{token}", methods=["GET"])
def show_page(token: str) -> Response:
    """Show the page that a link opens."""
    from chalicelib.web import answers

    return answers.show(blueprint.current_request, token)


@blueprint.route("/c/{token}", methods=["POST"], content_types=["*/*"])
def submit_page(token: str) -> Response:
    """Take the form of the page that a link opens; sent twice it counts once."""
    from chalicelib.web import answers

    return answers.submit(blueprint.current_request, token)
