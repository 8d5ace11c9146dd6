"""Names and sentences of the answer desk, of replies to answers and of taking wordings over."""

from flask_babel import lazy_gettext as _l

ANSWERING_NAMES: dict[str, dict[str, object]] = {
    "desk_show": {
        "required": _l("To answer"),
        "unanswered": _l("Without an answer"),
        "mine": _l("Mine"),
        "overdue": _l("Overdue"),
        "waiting": _l("Wait for approval"),
        "offered": _l("Below the threshold"),
    },
    "desk_order": {
        "summary": _l("As in the summary"),
        "due": _l("The most urgent first"),
        "people": _l("Most people first"),
    },
    "rating": {
        "understood": _l("The agency understood what I said"),
        "reasoned": _l("The answer gives reasons"),
        "agrees": _l("I agree with the answer"),
    },
    "rated": {
        "understood": _l("feel understood"),
        "reasoned": _l("find reasons in the answer"),
        "agrees": _l("agree with the answer"),
    },
}

ANSWERING_PROBLEMS: dict[str, object] = {
    "consultation.answer_threshold": _l("Choose a number between 1 and %(most)s."),
    "response.blank_left": _l("Fill in every […] of the template."),
    "response.not_yours": _l(
        "Only those whose words this answer is about can reply to it or rate it."
    ),
    "response.replied": _l("You have replied to this answer already. There is one reply for each."),
    "response.clause_unknown": _l("Choose a clause of the draft, or none."),
    "response.disposition_unknown": _l("Choose what the agency does with it."),
    "response.ground_unknown": _l("Choose what the reason rests on."),
    "response.item_unknown": _l("There is nothing here to answer."),
    "response.not_approved": _l(
        "Answers that still wait for approval: %(count)s. Approve them first."
    ),
    "response.nothing_new": _l("There is no answer to publish."),
    "response.published": _l("This answer is published and can no longer be changed."),
    "response.reason_required": _l(
        "Write the reason in Thai. Every answer needs one, acceptance included."
    ),
    "response.unanswered": _l(
        "Items without an answer: %(count)s. All answers are published together."
    ),
    "response.unknown": _l("There is no such answer."),
    "response.template_only": _l(
        "These are only the words of a template. Say what was weighed in this case."
    ),
    "task.choose_items": _l("Tick the items that you want to share out."),
    "task.colleague_unknown": _l("Choose somebody who works for your agency."),
    "task.due_late": _l("Choose a day that is not after the one promised to the public."),
    "task.too_many": _l("Tick at most %(maximum)s items."),
    "template.staff_only": _l("Only people who work for an agency keep templates."),
    "template.too_many": _l("Keep at most %(maximum)s templates. Remove one first."),
    "template.unknown": _l("There is no such template."),
    "rating.incomplete": _l("Answer all three questions, or take your rating back."),
    "wording.not_accepted": _l(
        "No answer accepts this wording, wholly or in part. Write that answer first."
    ),
}
