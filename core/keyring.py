"""Keys that keep people's names apart from what they say: sealing, blind indexes, pseudonyms.

Nothing here is stored. All keys are derived from the site's secret, except the random key of each
consultation, which the database holds only sealed; destroying it ends the link for good.
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
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
        return HKDF(SHA256(), 32, salt=b"sarn/v1", info=purpose.encode()).derive(self.secret)

    def _fernet(self, purpose: str) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key(purpose)))

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

    def new_consultation_key(self) -> bytes:
        """Make the random key of one consultation, sealed for storage."""
        return self._fernet("consultation").encrypt(os.urandom(32))

    def person_key(self, sealed_consultation_key: bytes, person_tag: bytes) -> bytes:
        """Key (32 bytes) of a person inside one consultation.

        Stable inside it and unlinkable to the same person's key in any other.
        """
        key = self._fernet("consultation").decrypt(sealed_consultation_key)
        return hmac.new(key, person_tag, hashlib.sha256).digest()


def canonical_email(email: str) -> str:
    """Return the one spelling of an address by which two accounts count as the same."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
