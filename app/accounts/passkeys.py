"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is good."""

import json
from datetime import timedelta
from ipaddress import ip_address

import webauthn
from flask import current_app, request
from flask import session as browser
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.config import Config
from app.identity import keyring
from app.transactions import session
from core.accounts import factors
from core.accounts.factors import Passkey
from core.errors import InvalidError

_WITHIN = timedelta(minutes=10)
_ASKED = "passkey"
_REQUIRED = UserVerificationRequirement.REQUIRED
_SITE = "Sarn"


def are_possible() -> bool:
    """Whether the site's address can have passkeys: they need a name, not a number."""
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def creation_options(account_id: int, email: str) -> str:
    """Return what a browser is asked to make a passkey, as JSON; empty where none can be."""
    if not are_possible():
        return ""
    known = factors.passkey_numbers(session(), keyring(), account_id)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=_SITE,
        user_name=email,
        user_id=keyring().index("passkey-user", str(account_id)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(number) for number in known],
    )
    _keep(account_id, "create", options.challenge)
    return webauthn.options_to_json(options)


def request_options(account_id: int) -> str:
    """Return what a browser is asked to sign with a passkey, as JSON; empty without any."""
    known = factors.passkey_numbers(session(), keyring(), account_id) if are_possible() else []
    if not known:
        return ""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        allow_credentials=[PublicKeyCredentialDescriptor(number) for number in known],
        user_verification=_REQUIRED,
    )
    _keep(account_id, "get", options.challenge)
    return webauthn.options_to_json(options)


def add(account_id: int, answer: str, name: str) -> None:
    """Add the passkey that a browser has made.

    Raises
    ------
    InvalidError
        ``factor.passkey_failed``.
    """
    challenge = _asked(account_id, "create")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidError("factor.passkey_failed") from error
    key = Passkey(0, made.credential_public_key, made.sign_count)
    factors.add_passkey(
        session(), keyring(), account_id, passkey=key, number=made.credential_id, name=name
    )


def check(account_id: int, answer: str) -> None:
    """Check that a browser has signed with a passkey of the account.

    Raises
    ------
    InvalidError
        ``factor.passkey_failed``.
    """
    challenge = _asked(account_id, "get")
    try:
        number = base64url_to_bytes(str(json.loads(answer)["rawId"]))
        known = factors.passkey(session(), keyring(), account_id, number)
        if known is None:
            raise InvalidError("factor.passkey_failed")
        signed = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidError("factor.passkey_failed") from error
    factors.note_signed(session(), known.factor_id, signed.new_sign_count)


def _keep(account_id: int, deed: str, challenge: bytes) -> None:
    note = {"account": account_id, "deed": deed, "challenge": bytes_to_base64url(challenge)}
    browser[_ASKED] = keyring().seal_note(_ASKED, note)


def _asked(account_id: int, deed: str) -> bytes:
    """Return what this browser was asked to sign; each can be answered once."""
    note = keyring().open_note(_ASKED, str(browser.pop(_ASKED, "")), within=_WITHIN)
    if note is None or note["account"] != account_id or note["deed"] != deed:
        raise InvalidError("factor.passkey_failed")
    return base64url_to_bytes(note["challenge"])


def _host() -> str:
    return _origin().partition("://")[2].partition(":")[0]


def _origin() -> str:
    config: Config = current_app.config["SARN"]
    return config.site_url.rstrip("/") if config.is_production else request.host_url.rstrip("/")
