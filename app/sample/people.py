"""Who plays in the sample: the accounts that are printed, and participants without an account."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from core.accounts import authenticating, registering
from core.actor import AGENCY_ROLES, Actor, Role, system_actor
from core.errors import ConflictError, NotFoundError
from core.keyring import Keyring

AGENCY = "sanfan-city"
AGENCY_NAMES = {"name_th": "เทศบาลนครสานฝัน", "name_en": "Sanfan City Municipality"}
ACCOUNTS_FILE = "sample-accounts.txt"
#: Letters and digits that cannot be mistaken for one another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_ROLES: dict[str, Role] = {
    "citizen": Role.PARTICIPANT,
    "second-citizen": Role.PARTICIPANT,
    "officer": Role.OFFICER,
    "approver": Role.APPROVER,
    "moderator": Role.MODERATOR,
    "senior-moderator": Role.SENIOR_MODERATOR,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class SampleAccount:
    """One account of the sample; the password is empty when nobody knows it any more."""

    name: str
    role: Role
    email: str
    password: str


SampleAccounts = tuple[SampleAccount, ...]


@dataclass(frozen=True)
class Cast:
    """Everyone who acts in the sample.

    Parameters
    ----------
    keyring : Keyring
    named : dict of str to Actor
        The accounts, by their name.
    """

    keyring: Keyring
    named: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        """Return the actor of a named account."""
        return self.named[name]

    def person(self, slug: str, who: int | str) -> Actor:
        """Return a named account's actor, or by a number a participant who has no account."""
        if isinstance(who, str):
            return self.named[who]
        tag = self.keyring.email_person_tag(f"{slug}-{who}@participants.invalid")
        return Actor(roles=frozenset({Role.PARTICIPANT}), person_tag=tag, keyring=self.keyring)


def chance(*parts: object) -> float:
    """Return a number in [0, 1) that is the same for the same parts on every machine."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def sample_accounts(instance_path: Path) -> SampleAccounts:
    """Return the sample's accounts; their passwords are made once and kept on this machine."""
    path = instance_path / ACCOUNTS_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{_email(name)}\t{_new_password()}\n" for name in _ROLES)
    return kept_accounts(instance_path)


def kept_accounts(instance_path: Path) -> SampleAccounts:
    """Return the sample's accounts; without a password when the file with them is gone."""
    path = instance_path / ACCOUNTS_FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    passwords = dict(line.split("\t") for line in lines if line)
    return tuple(
        SampleAccount(name, role, _email(name), passwords.get(_email(name), ""))
        for name, role in _ROLES.items()
    )


def enrol(session: Session, keyring: Keyring, accounts: SampleAccounts) -> Cast:
    """Create the agency and the accounts, as far as they do not exist, and sign everyone in.

    Raises
    ------
    NotAllowedError
        ``sign_in.wrong``: an account exists with another password than the one kept.
    """
    try:
        registering.agency_by_slug(session, AGENCY)
    except NotFoundError:
        registering.create_agency(session, system_actor(), slug=AGENCY, **AGENCY_NAMES)
    return Cast(keyring, {entry.name: _actor(session, keyring, entry) for entry in accounts})


def _actor(session: Session, keyring: Keyring, entry: SampleAccount) -> Actor:
    try:
        account = registering.register(session, keyring, email=entry.email, password=entry.password)
    except ConflictError:
        account = authenticating.authenticate(
            session, keyring, email=entry.email, password=entry.password
        )
    if entry.role is not Role.PARTICIPANT:
        agency = AGENCY if entry.role in AGENCY_ROLES else None
        registering.grant(session, system_actor(), account, entry.role, agency)
    return authenticating.actor_of(account, keyring, entry.email)


def _email(name: str) -> str:
    return f"{name}@sarn.example"


def _new_password() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))
