"""Sentences for the error codes of signing in and of identity."""

from flask_babel import lazy_gettext as _l

IDENTITY_PROBLEMS: dict[str, object] = {
    "account.recovery_old": _l(
        "This link does not work any more: it was used, is older than 30 minutes, or the account "
        "has changed. Ask for a new one."
    ),
    "account.unknown": _l("There is no account with this e-mail address."),
    "factor.code_wrong": _l(
        "This code does not fit. Use the one that the app shows now; each code works once."
    ),
    "factor.last": _l(
        "Your work on this site needs a second step. Add another before you remove it."
    ),
    "factor.none": _l("Set up an authenticator app or a passkey first."),
    "factor.passkey_failed": _l("The passkey was not accepted. Try again, or use a code."),
    "factor.setup_old": _l("This was open for too long. Begin again."),
    "factor.too_many": _l("You have added as many as an account can have. Remove one first."),
    "identity.cancelled": _l("The identity provider did not confirm you. You can try again."),
    "identity.failed": _l(
        "The answer of the identity provider could not be accepted. Begin again; if it fails "
        "again, tell the people who run the site."
    ),
    "identity.linked_already": _l("This account is verified with this provider already."),
    "identity.old": _l("The sign-in was begun in another browser, or too long ago. Begin again."),
    "identity.other_person": _l(
        "This account is verified as another person already. One account is for one person."
    ),
    "identity.unknown_provider": _l("There is no such identity provider."),
    "identity.unlinked": _l(
        "No account is connected with this identity yet. Sign in with your e-mail address, or "
        "create an account; then connect it in your settings."
    ),
    "organisation.staff": _l(
        "An account that works on this site cannot speak for an organisation."
    ),
    "participation.organisation_vote": _l(
        "This account speaks for an organisation. It states its position in comments; votes are "
        "for people."
    ),
    "participation.verified_only": _l(
        "This consultation takes in verified people only. You can verify yourself in your settings."
    ),
    "password.common": _l(
        "Very many people use this password or one like it. Take three or four words that do not "
        "belong together."
    ),
    "password.holds_address": _l("Do not use your e-mail address in the password."),
}
