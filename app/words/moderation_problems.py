"""Sentences for the error codes of what moderators and appealing authors do."""

from flask_babel import lazy_gettext as _l

MODERATION_PROBLEMS: dict[str, object] = {
    "appeal.answered": _l("This appeal is answered already."),
    "appeal.exists": _l("You have appealed against this decision already. You can do so once."),
    "appeal.nothing": _l("No decision stands against this contribution."),
    "appeal.open": _l(
        "Its author has appealed. A senior moderator who did not decide on it answers first."
    ),
    "appeal.outcome_unknown": _l("Choose whether the decision stands."),
    "appeal.own_decision": _l("You took this decision. Another senior moderator has to answer."),
    "appeal.senior_only": _l("Only a senior moderator can answer an appeal."),
    "appeal.too_late": _l("An appeal is possible for 30 days after the decision."),
    "appeal.unknown": _l("There is no such appeal."),
    "bulk.nothing": _l("Choose at least one contribution."),
    "bulk.too_many": _l("Choose at most %(maximum)s contributions."),
    "claim.taken": _l("Another moderator is working on it."),
    "cover.everything": _l("This would cover the whole text. Hold or hide it instead."),
    "cover.needed": _l("Write or select the words to cover, one passage on each line."),
    "cover.not_found": _l(
        "The words of line %(line)s do not stand in the text like this. Copy them from it."
    ),
    "cover.nothing_covered": _l("Nothing is covered in this contribution."),
    "cover.nothing_new": _l("These words are covered already."),
    "cover.too_many": _l("Cover at most %(maximum)s passages at once."),
    "cover.too_short": _l("A passage needs at least %(minimum)s characters."),
    "escalation.exists": _l("It waits for a senior moderator already."),
    "group.comments_only": _l("Only comments stand in groups."),
    "group.itself": _l("Name another comment than this one."),
    "group.unknown": _l("This consultation has no comment with that number."),
    "label.unknown": _l("Choose from the labels that are offered."),
    "review.answered": _l("Somebody has given a second opinion on it already."),
    "review.exists": _l("A second opinion is asked for already."),
    "review.own": _l("Somebody else has to give the second opinion."),
    "review.unknown": _l("There is no such second opinion."),
    "rule.covers_nothing": _l("This rule covers no single words. Hold it, or choose another rule."),
}
