"""The code flow with PKCE: begun in one browser, and finished in the same one, once."""

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from flask import session as browser

from app.config import Config
from app.identity import keyring
from app.limits import count_attempt
from app.mail.office import mail_office
from app.oidc import fetching, metadata, tokens
from app.oidc.errors import ProviderError
from app.providers import Provider
from core.accounts.identities import Identity
from core.errors import NotFoundError, ThrottledError

#: How long somebody may take at the provider.
_WITHIN = timedelta(minutes=15)
_PENDING = "oidc"
_THAI_CITIZEN = "th-citizen"


def providers() -> tuple[Provider, ...]:
    """Return the providers of this site."""
    config: Config = current_app.config["SARN"]
    return config.providers


def provider(slug: str) -> Provider:
    """Return a provider by its short name; raises NotFoundError ``identity.unknown_provider``."""
    found = next((each for each in providers() if each.slug == slug), None)
    if found is None:
        raise NotFoundError("identity.unknown_provider")
    return found


def begin(chosen: Provider, target: str | None, account_id: int | None) -> str:
    """Return the provider's address to go to; the browser keeps what the answer must fit.

    Parameters
    ----------
    account_id : int or None
        The account to be verified; None to sign in.

    Raises
    ------
    ProviderError
        The provider does not answer.
    """
    description = metadata.document(chosen)
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 48))
    with fetching.session_for(chosen) as client:
        address, _state = client.create_authorization_url(
            description["authorization_endpoint"],
            state=state,
            code_verifier=verifier,
            nonce=nonce,
            redirect_uri=return_address(chosen),
            response_type="code",
            **({"acr_values": " ".join(sorted(chosen.levels))} if chosen.levels else {}),
        )
    note = {
        "provider": chosen.slug,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "account": account_id,
        "next": target or "",
    }
    browser[_PENDING] = keyring().seal_note(_PENDING, note)
    return str(address)


def check_return(chosen: Provider, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what this browser had begun, if the answer fits it.

    Raises
    ------
    ProviderError
        It was begun elsewhere, with another provider or too long ago, or the provider refused.
    """
    note = keyring().open_note(_PENDING, str(browser.get(_PENDING, "")), within=_WITHIN)
    if note is None or note["provider"] != chosen.slug:
        raise ProviderError("not begun in this browser")
    if not hmac.compare_digest(str(note["state"]).encode(), given.get("state", "").encode()):
        raise ProviderError("another state")
    _check_issuer(chosen, given.get("iss"))
    if given.get("error") or not given.get("code") or len(given["code"]) > 4096:
        raise ProviderError("no code")
    return note


def finish(chosen: Provider, given: Mapping[str, str]) -> tuple[Identity, dict[str, Any]]:
    """Return who the provider says the person is, and what this browser had begun.

    Raises
    ------
    ProviderError
        The answer cannot be accepted.
    """
    try:
        note = check_return(chosen, given)
    finally:
        browser.pop(_PENDING, None)
    try:
        count_attempt("identity_answer", str(note["state"]))
    except ThrottledError as error:
        raise ProviderError("answered before") from error
    description = metadata.document(chosen)
    answer = fetching.exchange(
        chosen,
        description["token_endpoint"],
        code=given["code"],
        verifier=note["verifier"],
        redirect_uri=return_address(chosen),
    )
    token = answer.get("id_token")
    try:
        claims = tokens.verify(token, metadata.keys(chosen), chosen, note["nonce"])
    except tokens.UnknownKeyError:
        claims = tokens.verify(token, metadata.keys(chosen, newer=True), chosen, note["nonce"])
    return _identity(chosen, claims, answer, description), note


def return_address(chosen: Provider) -> str:
    """Return the address to which the provider sends people back; each has its own."""
    path = url_for("identities.returned", slug=chosen.slug)
    return mail_office().site_url + path


def _check_issuer(chosen: Provider, issuer: str | None) -> None:
    """Refuse an answer of another provider (RFC 9207)."""
    is_told = metadata.document(chosen).get("authorization_response_iss_parameter_supported")
    if issuer is None and is_told is True:
        raise ProviderError("the answer does not name its issuer")
    if issuer is not None and issuer != chosen.issuer:
        raise ProviderError("the answer names another issuer")


def _identity(
    chosen: Provider, claims: dict[str, Any], answer: dict[str, Any], description: dict[str, Any]
) -> Identity:
    subject = str(claims["sub"])
    person = f"{chosen.issuer}|{subject}"
    if chosen.person_claim:
        value = claims.get(chosen.person_claim) or _told(chosen, claims, answer, description)
        person = f"{chosen.person_class}|{_number(chosen, value)}"
    level = claims.get("acr")
    return Identity(
        chosen.issuer, subject, person, str(level)[:64] if tokens.is_plain(level) else ""
    )


def _told(
    chosen: Provider, claims: dict[str, Any], answer: dict[str, Any], description: dict[str, Any]
) -> object:
    """Return the person's number from the provider's page about the person."""
    address, token = description.get("userinfo_endpoint"), answer.get("access_token")
    if not isinstance(address, str) or not isinstance(token, str):
        raise ProviderError("does not tell who it is")
    told = fetching.get(chosen, address, token)
    if told.get("sub") != claims["sub"]:
        raise ProviderError("tells of another person")
    return told.get(chosen.person_claim)


def _number(chosen: Provider, value: object) -> str:
    if not isinstance(value, str):
        raise ProviderError("does not tell who it is")
    text = "".join(unicodedata.normalize("NFKC", value).split()).replace("-", "")
    if chosen.person_class != _THAI_CITIZEN:
        if not text or len(text) > 100 or not text.isprintable():
            raise ProviderError("does not tell who it is")
        return text.casefold()
    digits = "".join(str(unicodedata.decimal(letter, 0)) for letter in text if letter.isdecimal())
    if len(digits) != 13 or len(text) != 13 or not _checks(digits):
        raise ProviderError("tells a number that cannot be")
    return digits


def _checks(digits: str) -> bool:
    """Whether the last of thirteen digits fits the others."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])
