"""Name what signs and reads the links that citizens and third parties get."""

from __future__ import annotations

from typing import Protocol as Port

from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose


class SignedLinks(Port):
    """Writes claims as tokens that nobody else can make, and reads them back."""

    def issue(self, claim: LinkClaim) -> str:
        """Write a claim as a token fit for an address; it holds no personal data."""
        ...

    def read(self, token: str, purpose: LinkPurpose) -> LinkClaim:
        """Read a token of that purpose.

        Raises:
            LinkUnknown: it is not one of ours, was edited, or is for something else.
        """
        ...

    def purpose_of(self, token: str) -> LinkPurpose:
        """Tell what a token says that it is for, so that it can be read; proves nothing.

        Raises:
            LinkUnknown: it does not look like one of ours.
        """
        ...
