"""Who is acting: an account's number, its roles, and the means to act under a pseudonym."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.keyring import Keyring


class Role(StrEnum):
    """What an account may do; see docs/glossary.md."""

    PARTICIPANT = "participant"
    OFFICER = "officer"
    APPROVER = "approver"
    MODERATOR = "moderator"
    SENIOR_MODERATOR = "senior_moderator"
    FACILITATOR = "facilitator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


#: Roles that an agency gives; all others belong to no agency.
AGENCY_ROLES = frozenset({Role.OFFICER, Role.APPROVER})


@dataclass(frozen=True)
class Actor:
    """Who is acting now.

    Parameters
    ----------
    account_id : int or None
        None for a visitor and for the system itself.
    roles : frozenset of Role
    agency_id : int or None
        The agency that an officer or approver belongs to.
    person_tag : bytes or None
        Keyed tag of the person, known only while they are signed in.
    keyring : Keyring or None
        Needed to take part in a consultation; None for a visitor.
    earlier_tags : tuple of bytes
        Tags under which the same person took part before they were verified.
    is_verified : bool
        Whether an identity provider has confirmed the person.
    organisation : str
        Whom the account speaks for; empty for a person.
    """

    account_id: int | None = None
    roles: frozenset[Role] = frozenset()
    agency_id: int | None = None
    person_tag: bytes | None = field(default=None, repr=False)
    keyring: Keyring | None = field(default=None, repr=False, compare=False)
    earlier_tags: tuple[bytes, ...] = field(default=(), repr=False)
    is_verified: bool = False
    organisation: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.account_id is None and Role.SYSTEM not in self.roles

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def serves(self, agency_id: int, *roles: Role) -> bool:
        """Whether the actor holds one of the roles in that agency."""
        return self.agency_id == agency_id and self.has(*roles)


ANONYMOUS = Actor()


def system_actor(keyring: Keyring | None = None) -> Actor:
    """Actor of jobs and commands."""
    return Actor(roles=frozenset({Role.SYSTEM}), keyring=keyring)
