"""Show and change how a citizen is told things: by his own link, or by an attendant who spoke with him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.errors import Fault, InvalidInput, LinkUnknown
from chalicelib.domain.intake import ReporterDraft
from chalicelib.domain.preferences import Preferences, preference_faults
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.links import SignedLinks
from chalicelib.services.ports.people import ContactLog, IdentityKeys
from chalicelib.services.ports.preferences import PreferenceStore
from chalicelib.services.ports.requests import RequestStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenPreferences:
    """Keeps a citizen's choices under the keys of his contact points, so they hold for all his requests."""

    store: PreferenceStore
    requests: RequestStore
    contacts: ContactLog
    links: SignedLinks
    identity: IdentityKeys
    clock: Clock

    def by_link(self, token: str) -> Preferences:
        """Return what the holder of a link chose.

        Raises:
            LinkUnknown, LinkExpired: it opens nothing, or no longer.
        """
        return self.store.of(self._keys_of_link(token))

    def change_by_link(self, token: str, wanted: Preferences) -> Preferences:
        """Put the choice of a link's holder in force.

        Raises:
            LinkUnknown, LinkExpired: it opens nothing, or no longer.
            InvalidInput: it would silence what must be told.
        """
        return self._keep(self._keys_of_link(token), wanted, ())

    def of(self, reporter: ReporterDraft, found: Sequence[Fault] = ()) -> Preferences:
        """Return what somebody with these contact points chose; `InvalidInput` where there is none."""
        return self.store.of(self._keys_of_points(reporter, found))

    def change(
        self, reporter: ReporterDraft, wanted: Preferences, found: Sequence[Fault] = ()
    ) -> Preferences:
        """Put a choice in force for whoever has these contact points.

        Raises:
            InvalidInput: a contact point is wrong, or it would silence what must be told.
        """
        return self._keep(self._keys_of_points(reporter, found), wanted, found)

    def _keep(self, keys: tuple[str, ...], wanted: Preferences, found: Sequence[Fault]) -> Preferences:
        if faults := (*found, *preference_faults(wanted)):
            raise InvalidInput(*faults)
        chosen = replace(wanted, changed_at=self.clock.now())
        self.store.keep(keys, chosen)
        return chosen

    def _keys_of_link(self, token: str) -> tuple[str, ...]:
        claim = self.links.read(token, LinkPurpose.PREFERENCES)
        claim.refuse_if_expired(self.clock.now())
        keys = self._keys(claim)
        if not keys:
            raise LinkUnknown
        return keys

    def _keys(self, claim: LinkClaim) -> tuple[str, ...]:
        if claim.follower is None:
            return self.requests.load(claim.protocol).contact_keys
        follower = self.contacts.follower(claim.protocol, claim.follower)
        return (follower.person_key,) if follower and follower.person_key else ()

    def _keys_of_points(self, reporter: ReporterDraft, found: Sequence[Fault]) -> tuple[str, ...]:
        points = self.identity.normalise(
            cpf=reporter.cpf, phone=reporter.phone, email=reporter.email, path="reporter"
        )
        missing = () if points.points or points.faults else (Fault(path="reporter.phone", reason="required"),)
        if faults := (*found, *points.faults, *missing):
            raise InvalidInput(*faults)
        return self.identity.identify(points.points).contact_keys
