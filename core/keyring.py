"""Keys that keep people's names apart from what they say: sealing, blind indexes, pseudonyms.

Nothing here is stored. All keys are derived from the site's secret, except the random key of each
consultation, which the database holds only sealed; destroying it ends the link for good.
"""

import base64
import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True)
class Keyring:
    """The site's keys.

    Parameters
    ----------
    secret : bytes
        The site's secret, at least 32 bytes.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a secret that can be guessed."""
        if len(self.secret) < 32:
            raise ValueError("the site's secret needs at least 32 bytes")

    def _key(self, purpose: str) -> bytes:
        return _derived(self.secret, purpose)

    def _fernet(self, purpose: str) -> Fernet:
        return _cipher(self.secret, purpose)

    def seal_email(self, email: str) -> bytes:
        """Encrypt an address for storage."""
        return self._fernet("email").encrypt(email.encode())

    def open_email(self, sealed: bytes) -> str:
        """Decrypt a stored address."""
        return self._fernet("email").decrypt(sealed).decode()

    def email_index(self, email: str) -> bytes:
        """Blind index (32 bytes) by which a stored address is found and kept unique."""
        return _mac(self._key("email-index"), canonical_email(email))

    def email_person_tag(self, email: str) -> bytes:
        """Keyed tag (32 bytes) of the person behind an e-mail account. Never stored."""
        return _mac(self._key("person"), f"v1|email|{canonical_email(email)}")

    def identity_person_tag(self, identity: str) -> bytes:
        """Keyed tag (32 bytes) of a person whom an identity provider has verified."""
        return _mac(self._key("person"), f"v1|{identity}")

    def index(self, purpose: str, value: str) -> bytes:
        """Blind index (32 bytes) by which a value is found without being stored."""
        return _mac(self._key(f"index:{purpose}"), value)

    def new_consultation_key(self) -> bytes:
        """Make the random key of one consultation, sealed for storage."""
        return self._fernet("consultation").encrypt(os.urandom(32))

    def person_key(self, sealed_consultation_key: bytes, person_tag: bytes) -> bytes:
        """Key (32 bytes) of a person inside one consultation.

        Stable inside it and unlinkable to the same person's key in any other.
        """
        key = self._fernet("consultation").decrypt(sealed_consultation_key)
        return hmac.new(key, person_tag, hashlib.sha256).digest()

    def consultation_code(self, sealed_consultation_key: bytes, label: str) -> bytes:
        """Bytes (32) that a consultation's key gives to a label; nobody knows them without it."""
        key = self._fernet("consultation").decrypt(sealed_consultation_key)
        return _mac(key, f"code|{label}")

    def seal_file(self, content: bytes) -> bytes:
        """Encrypt a file that only few may see."""
        return self._fernet("file").encrypt(content)

    def open_file(self, sealed: bytes) -> bytes:
        """Decrypt a file."""
        return self._fernet("file").decrypt(sealed)

    def seal_person_tag(self, tag: bytes) -> bytes:
        """Encrypt a person's tag, kept once the account's address is no longer what it is from."""
        return self._fernet("person-tag").encrypt(tag)

    def open_person_tag(self, sealed: bytes) -> bytes:
        """Decrypt a kept tag."""
        return self._fernet("person-tag").decrypt(sealed)

    def seal_person_tags(self, tags: tuple[bytes, ...]) -> bytes:
        """Encrypt the tags under which a person took part before they were verified."""
        return self._fernet("person-tags").encrypt(b"".join(tags))

    def open_person_tags(self, sealed: bytes) -> tuple[bytes, ...]:
        """Decrypt kept tags."""
        tags = self._fernet("person-tags").decrypt(sealed)
        return tuple(tags[start : start + 32] for start in range(0, len(tags), 32))

    def account_mark(self, account_id: int) -> str:
        """Code (64 hexadecimal digits) by which the list of erasures names an account."""
        return _mac(self._key("erased-account"), str(account_id)).hex()

    def seal_note(self, purpose: str, note: dict[str, Any], *, fill_to: int = 1) -> str:
        """Encrypt a small note for storage or for a link.

        Parameters
        ----------
        purpose : str
            A note sealed for one purpose cannot be opened for another.
        fill_to : int
            The note is filled up to a multiple of so many bytes, so that its length tells less.
        """
        words = json.dumps(note, ensure_ascii=False, separators=(",", ":")).encode()
        filled = words + b" " * (-len(words) % fill_to)
        return self._fernet(f"note:{purpose}").encrypt(filled).decode()

    def open_note(
        self, purpose: str, sealed: str, *, within: timedelta | None = None
    ) -> dict[str, Any] | None:
        """Decrypt a note; None if it is not ours, for another purpose, or older than asked."""
        age = int(within.total_seconds()) if within else None
        try:
            words = self._fernet(f"note:{purpose}").decrypt(sealed.encode("ascii", "replace"), age)
        except InvalidToken:
            return None
        note: dict[str, Any] = json.loads(words)
        return note


@lru_cache(maxsize=32)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"sarn/v1", info=purpose.encode()).derive(secret)


@lru_cache(maxsize=32)
def _cipher(secret: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, purpose)))


def canonical_email(email: str) -> str:
    """Return the one spelling of an address by which two accounts count as the same."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
