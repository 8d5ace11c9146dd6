"""Sentences for the domain's error codes: what is wrong and how to mend it."""

from flask_babel import lazy_gettext as _l

PROBLEMS: dict[str, object] = {
    "account.email_invalid": _l("Enter an e-mail address in the form name@example.com."),
    "account.exists": _l("This e-mail address cannot be registered. If it is yours, sign in."),
    "agency.exists": _l("An agency with this short name exists already."),
    "agency.unknown": _l("There is no such agency."),
    "approval.approver_needed": _l("Only an approver of the agency can approve this."),
    "approval.own_work": _l("Someone other than the person who prepared this must approve it."),
    "consultation.closed": _l(
        "This consultation is closed. What you wrote was not sent; copy it if you want to keep it."
    ),
    "consultation.not_open_yet": _l("This consultation is not open yet."),
    "consultation.other_agency": _l("Only staff of the agency that holds it can do this."),
    "consultation.unknown": _l("There is no such consultation."),
    "consultation.wrong_stage": _l("This cannot be done at the consultation's present stage."),
    "contribution.decided_meanwhile": _l(
        "This contribution changed after you opened it. Look at it again before you decide."
    ),
    "contribution.unknown": _l("There is no such contribution, or it is not shown."),
    "contribution.withdrawn": _l("Its author has withdrawn this contribution."),
    "decision.kind_unknown": _l("Choose one of the decisions."),
    "decision.moderators_only": _l("Only moderators can decide on contributions."),
    "decision.no_change": _l("This decision would change nothing. Choose another."),
    "decision.own_agency": _l(
        "You work for the agency that holds this consultation, so you can never moderate it."
    ),
    "decision.own_contribution": _l(
        "You wrote this yourself. Another moderator has to decide on it."
    ),
    "decision.own_flag": _l("You reported this yourself. Another moderator has to decide on it."),
    "flag.exists": _l("You have reported this already. A moderator will look at it."),
    "flag.own_contribution": _l("You wrote this yourself. You can withdraw it instead."),
    "page.unknown": _l("There is no page at this address. It may have moved."),
    "page.not_allowed": _l("Your account does not have access to this page."),
    "page.method": _l("This address cannot be used in that way."),
    "page.failed": _l("Something failed on our side. What you typed is still in your browser."),
    "page.too_large": _l("What you sent is too large."),
    "page.bad_request": _l("The request could not be understood."),
    "page.busy": _l("The site is busy. Please try again in a moment."),
    "consultation.exists": _l("A consultation with this short name exists already."),
    "import.malformed": _l("Nothing was imported. %(detail)s"),
    "form.expired": _l("The form was open for too long. Send it again; nothing is lost."),
    "participation.ended": _l("The link between people and this consultation has been deleted."),
    "participation.own_agency": _l(
        "You work for the agency that holds this consultation, so you take part through its "
        "answers, not by commenting or voting."
    ),
    "participation.sign_in": _l("Sign in to take part."),
    "password.too_long": _l("Use a password of at most %(maximum)s characters."),
    "password.too_short": _l("Use a password of at least %(minimum)s characters."),
    "role.agency_needed": _l("Name the agency for this role."),
    "role.agency_not_allowed": _l("This role belongs to no agency."),
    "role.conflict": _l("Moderation and work for an agency cannot be done by the same account."),
    "role.one_agency": _l("An account can work for one agency only."),
    "rule.holds_only": _l("This rule is only for holding. To hide, choose another rule."),
    "rule.needed": _l("Choose the rule that it breaks."),
    "rule.unknown": _l("Choose one of the published rules."),
    "sign_in.wrong": _l("The e-mail address or the password is wrong."),
    "slug.invalid": _l("Use small letters a to z, digits and hyphens only."),
    "text.empty": _l("Write something first."),
    "text.too_long": _l("Use at most %(maximum)s characters."),
    "throttle.too_many": _l("Too many attempts. Try again in %(minutes)s minutes."),
}


def problem(code: str, details: dict[str, object] | None = None) -> str:
    """Return the sentence for an error code, with its named values filled in."""
    values = dict(details or {})
    seconds = values.get("seconds")
    if isinstance(seconds, int):
        values["minutes"] = max(1, -(-seconds // 60))
    sentence = str(PROBLEMS[code])
    return sentence % values if values else sentence
