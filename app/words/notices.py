"""Sentences for the messages that participants get, by code."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.words.names import name

NOTICES: dict[str, object] = {
    "decision.counted": _l(
        "A moderator has accepted your contribution %(reference)s. It counts without being shown."
    ),
    "decision.held": _l(
        "A moderator has held your contribution %(reference)s. Rule: %(rule)s. Reason: %(reason)s"
    ),
    "decision.hidden": _l(
        "A moderator has hidden your contribution %(reference)s. Rule: %(rule)s. Reason: %(reason)s"
    ),
    "decision.published": _l("A moderator has published your contribution %(reference)s."),
    "dissent.answered": _l("The agency has answered what you wrote against the summary."),
    "draft.changed": _l(
        "Draft %(draft)s is published. What you and others wrote changed it here: %(clauses)s."
    ),
    "flag.settled": _l(
        "A moderator has looked at contribution %(reference)s, which you had flagged. It is now: "
        "%(outcome)s."
    ),
    "reply.official": _l("The agency has replied to your comment %(reference)s."),
    "reply.published": _l("Someone has replied to your comment %(reference)s."),
    "summary.second_vote": _l(
        "A sentence of the summary that you dissented from has a new wording. You can vote on it."
    ),
    "summary.quoted": _l("The published summary repeats what you said. Check whether it is right."),
    "response.published": _l("The agency has answered what you said. See the answers below."),
}


def notice(code: str, details: Mapping[str, object]) -> str:
    """Return the sentence of a message, with its named values in the reader's language."""
    sentence = NOTICES.get(code)
    if sentence is None:
        return _("There is news about this consultation.")
    values = dict(details)
    if values.get("rule"):
        values["rule"] = name("rule", values["rule"])
    if values.get("outcome"):
        values["outcome"] = name("visibility", values["outcome"])
    return str(sentence) % values
