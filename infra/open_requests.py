"""Walk through the open requests of a city, desk by desk, for operators' counts."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.requests import RequestIndex

PAGE = 100


def open_requests(index: RequestIndex, catalogue: Catalogue) -> Iterator[ServiceRequest]:
    """Give each open request once, extinct organs' included; what changes meanwhile may come twice or not."""
    for secretariat in catalogue.secretariats:
        cursor: str | None = None
        while True:
            page = index.desk(secretariat, limit=PAGE, cursor=cursor)
            yield from index.load_many(page.items)
            if (cursor := page.next) is None:
                break
