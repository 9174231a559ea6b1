"""Write pages as HTTP answers; nothing from elsewhere is loaded, kept or told where a visitor came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib import wiring, wiring_citizen
from chalicelib.web.visits import Shown


def html_response(shown: Shown, address: str = "") -> Response:
    """Answer a page; `address` is the page's own query, to which the choice of a language is added."""
    pages = wiring_citizen.pages()
    city = wiring.catalogue().current().city.name
    values = {"city": city, "address": address, **shown.values}
    return Response(
        body=pages.render(shown.template, shown.language, values),
        status_code=shown.status,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Language": shown.language,
            "Content-Security-Policy": _policy(shown, pages.style_source),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-store",
        },
    )


def origin(address: str) -> str:
    """Name the origin of an address, as a content security policy does."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _policy(shown: Shown, style_source: str) -> str:
    forms = f"'self' {origin(shown.sends_to)}" if shown.sends_to else "'self'"
    images = origin(shown.images_from) if shown.images_from else "'none'"
    return (
        f"default-src 'none'; style-src {style_source}; img-src {images}; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
