"""Names of what one person proposes and another one decides."""

from flask_babel import lazy_gettext as _l

MOTION_NAMES: dict[str, dict[str, object]] = {
    "motion": {
        "extend": _l("Proposal: move the closing date back"),
        "close": _l("Proposal: close early"),
        "publish_answers": _l("Proposal: publish all answers"),
        "export_data": _l("Proposal: make a file of the data"),
    },
    "motion_effect": {
        "extend": _l("People have more time. Everyone sees the new closing date and the reason."),
        "close": _l("Comments and votes stop at once. Everyone sees the reason."),
        "publish_answers": _l(
            "All answers are published at once, and the people whose contributions they answer "
            "are told. After that an answer can no longer be changed."
        ),
        "export_data": _l(
            "The file holds what people wrote, without names. Who takes it answers for where it "
            "goes; it is kept here for 7 days."
        ),
    },
    "consent": {
        "letters": _l("E-mails about what I wrote"),
        "profile": _l("What I told about myself"),
        "offline": _l("What I said on paper, by telephone or at a meeting"),
    },
    "basis": {
        "public_task": _l("Public task (PDPA section 24(4); political opinions: section 26)"),
        "consent": _l("Your consent, which you can take back (section 19)"),
        "legal_obligation": _l("Legal duty (section 24(6))"),
        "security": _l("Security of the site (sections 24(5) and 37(1))"),
    },
    "motion_state": {
        "open": _l("Waits for a second person"),
        "approved": _l("Approved"),
        "refused": _l("Refused"),
        "stale": _l("Put aside"),
    },
}

MOTION_PROBLEMS: dict[str, object] = {
    "motion.decided": _l("This proposal is decided already."),
    "motion.stale": _l(
        "What this proposal rests on has changed since: the stage, the closing or an answer. "
        "Propose it anew if it is still wanted."
    ),
    "motion.unknown": _l("There is no such proposal."),
    "motion.waiting": _l("The same is proposed already and waits for a second person."),
    "own_data.gone": _l(
        "There is no such file for you in this browser, or its time is over. Ask for it again."
    ),
}
