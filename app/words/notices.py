"""Sentences for the messages that participants get, by code."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.words.names import name

NOTICES: dict[str, object] = {
    "appeal.flagged_reversed": _l(
        "The author of contribution %(reference)s, which you had flagged, appealed, and the "
        "decision is reversed."
    ),
    "appeal.flagged_upheld": _l(
        "The author of contribution %(reference)s, which you had flagged, appealed, and the "
        "decision stands."
    ),
    "appeal.reversed": _l(
        "Your appeal about contribution %(reference)s is accepted and the decision is reversed. "
        "Answer: %(reply)s"
    ),
    "appeal.upheld": _l(
        "Your appeal about contribution %(reference)s is rejected and the decision stands. "
        "Answer: %(reply)s"
    ),
    "decision.cover": _l(
        "A moderator has covered words of your contribution %(reference)s. Rule: %(rule)s. "
        "Reason: %(reason)s"
    ),
    "decision.uncover": _l(
        "A moderator shows the covered words of your contribution %(reference)s again. "
        "Reason: %(reason)s"
    ),
    "label.changed": _l(
        "A moderator has changed the labels that readers see beside your contribution "
        "%(reference)s. Nothing was taken away."
    ),
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
    "draft.wording_taken": _l(
        "The wording that you proposed in %(reference)s is now the text of %(clause)s in draft "
        "%(draft)s. The draft names your comment as its source."
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
