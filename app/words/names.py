"""Names that people read for the values of the domain's enumerations."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.words.answering import ANSWERING_NAMES
from app.words.commitments import COMMITMENT_NAMES
from app.words.convening import CONVENING_NAMES
from app.words.discussion import DISCUSSION_NAMES
from app.words.groups import GROUP_NAMES
from app.words.hearing import HEARING_NAMES
from app.words.letters import NEWS_NAMES
from app.words.moderation import MODERATION_NAMES
from app.words.motions import MOTION_NAMES
from app.words.offline import OFFLINE_NAMES
from app.words.own_data import OWN_DATA_NAMES
from app.words.panels import PANEL_NAMES
from app.words.results import RESULT_NAMES
from app.words.scorecard import SCORECARD_NAMES
from app.words.steps import STEP_NAMES
from app.words.themes import THEME_NAMES
from app.words.work import WORK_NAMES

NAMES: dict[str, dict[str, object]] = {
    "kind": {
        "bill": _l("Bill"),
        "principle": _l("Principles before drafting"),
        "subordinate_rule": _l("Subordinate rule"),
        "project": _l("Project hearing"),
        "evaluation": _l("Evaluation of a law in force"),
    },
    "stage": {
        "preparing": _l("Preparing"),
        "in_review": _l("In review"),
        "scheduled": _l("Opens soon"),
        "open": _l("Open"),
        "extended": _l("Open (extended)"),
        "closed": _l("Closed"),
        "summary": _l("Summary in preparation"),
        "ratification": _l("Summary to check"),
        "answering": _l("Agency answering"),
        "concluded": _l("Concluded"),
        "monitoring": _l("Following up"),
        "archived": _l("Archived"),
    },
    "event": {
        "submit": _l("Send for review"),
        "send_back": _l("Send back"),
        "approve": _l("Approve publication"),
        "open": _l("Opened"),
        "extend": _l("Extend the closing date"),
        "close": _l("Close"),
        "summarise": _l("Begin the summary"),
        "ratify": _l("Publish the summary for checking"),
        "answer": _l("Begin the answers"),
        "next_round": _l("Open another round"),
        "conclude": _l("Conclude"),
        "monitor": _l("Begin following up"),
        "archive": _l("Archive"),
    },
    "role": {
        "participant": _l("Participant"),
        "officer": _l("Agency officer"),
        "approver": _l("Agency approver"),
        "moderator": _l("Moderator"),
        "senior_moderator": _l("Senior moderator"),
        "facilitator": _l("Facilitator"),
        "auditor": _l("Auditor"),
        "administrator": _l("Administrator"),
        "system": _l("The system"),
    },
    "factor": {"totp": _l("Authenticator app"), "passkey": _l("Passkey")},
    "admission": {
        "everyone": _l("Anyone with an account"),
        "verified": _l("Verified people only"),
    },
    "tier": {
        "email": _l("E-mail account"),
        "person": _l("Verified person"),
        "organisation": _l("Organisation"),
        "offline": _l("Entered by two officers"),
        "imported": _l("Imported"),
    },
    "stance": {
        "support": _l("Support"),
        "oppose": _l("Oppose"),
        "unsure": _l("Unsure"),
    },
    "ledger_action": {
        "comment.submitted": _l("Received"),
        "comment.edited": _l("Changed by its author"),
        "comment.withdrawn": _l("Withdrawn by its author"),
        "statement.proposed": _l("Received"),
        "statement.seeded": _l("Put in by the agency"),
        "dissent.submitted": _l("Received"),
        "dissent.edited": _l("Changed by its author"),
        "dissent.withdrawn": _l("Withdrawn by its author"),
        "answer_reply.submitted": _l("Received"),
        "answer_reply.withdrawn": _l("Withdrawn by its author"),
        "contribution.decided": _l("Decided by a moderator"),
        "contribution.covered": _l("Words covered, or shown again"),
        "appeal.made": _l("Appealed by its author"),
        "appeal.decided": _l("Appeal decided"),
    },
    "audience": {
        "public": _l("Publish it under a pseudonym"),
        "counted": _l("Count it, but do not show it"),
    },
    "personal_data": {
        "national-id": _l("National identity number"),
        "phone": _l("Telephone number"),
        "email": _l("E-mail address"),
        "bank-account": _l("Bank account"),
    },
    "choice": {"agree": _l("Agree"), "disagree": _l("Disagree"), "pass": _l("Unsure")},
    "origin": {
        "participant": _l("From a participant"),
        "agency": _l("From the agency"),
        "facilitator": _l("From a facilitator"),
        "paper": _l("On paper"),
        "phone": _l("By telephone"),
        "meeting": _l("At a meeting"),
        "imported": _l("Imported"),
    },
    "visibility": {
        "pending": _l("Waiting for a moderator"),
        "published": _l("Published"),
        "counted": _l("Counted without being shown"),
        "held": _l("Held by a moderator"),
        "hidden": _l("Hidden by a moderator"),
        "withdrawn": _l("Withdrawn by its author"),
    },
    "moderation_policy": {
        "before": _l("Read by a moderator before it appears"),
        "after": _l("Appears at once, read by a moderator afterwards"),
    },
    "mark": {
        "unchanged": _l("Unchanged"),
        "edited": _l("Edited"),
        "new": _l("New"),
        "removed": _l("Removed"),
        "moved": _l("Moved"),
        "renumbered": _l("Renumbered"),
    },
    "unit": {
        "book": _l("Book"),
        "title": _l("Title"),
        "chapter": _l("Chapter"),
        "part": _l("Part"),
        "section": _l("Section"),
        "clause": _l("Clause"),
        "paragraph": _l("Paragraph"),
        "heading": _l("Heading"),
        "transitory": _l("Transitory provisions"),
        "preamble": _l("Preamble"),
        "rationale": _l("Rationale"),
        "annex": _l("Annex"),
        "closing": _l("Closing"),
        "question": _l("Question"),
    },
    "disposition": {
        "accepted": _l("Accepted"),
        "partly": _l("Partly accepted"),
        "not_accepted": _l("Not accepted"),
        "already_covered": _l("Already covered"),
        "out_of_scope": _l("Out of scope"),
    },
    "ground": {
        "law": _l("Law"),
        "evidence": _l("Evidence"),
        "community_value": _l("Community value"),
        "professional_standard": _l("Professional standard"),
        "budget": _l("Budget"),
        "citizen_interest": _l("Interest of citizens"),
    },
    **CONVENING_NAMES,
    **DISCUSSION_NAMES,
    **HEARING_NAMES,
    **NEWS_NAMES,
    **MODERATION_NAMES,
    **OFFLINE_NAMES,
    **MOTION_NAMES,
    **OWN_DATA_NAMES,
    **STEP_NAMES,
    **RESULT_NAMES,
    **THEME_NAMES,
    **WORK_NAMES,
    **ANSWERING_NAMES,
    **COMMITMENT_NAMES,
    **GROUP_NAMES,
    **PANEL_NAMES,
    **SCORECARD_NAMES,
}


def name(enumeration: str, value: object) -> str:
    """Return what people read for a value, for example ``name("stage", "open")``.

    Raises
    ------
    KeyError
        Neither the enumeration nor the value may be missing: a test goes through them all.
    """
    return str(NAMES[enumeration][str(value)])


def options(enumeration: str) -> list[tuple[str, Any]]:
    """Return the values of an enumeration with their names, as choices of a form field."""
    return list(NAMES[enumeration].items())
