"""What people read about moderation: the published rules, signals, decisions, the queue."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.i18n import current_language
from moderation.reasons import EVERY_RULE


def _of_rules(part: str) -> dict[str, object]:
    """Return one text of every rule by its code, in the reader's language when it is read."""
    return {code: LazyString(_rule_text, code, part) for code in EVERY_RULE}


def _rule_text(code: str, part: str) -> str:
    return str(getattr(EVERY_RULE[code], f"{part}_{current_language()}"))


#: What the screen saw in a text, in a few words.
SIGNAL_NAMES: dict[str, object] = {
    "national_number": _l("National identification number"),
    "phone": _l("Telephone number"),
    "email": _l("E-mail address"),
    "bank_account": _l("Bank account number"),
    "links": _l("Many links"),
}

#: Why it was seen, for moderators. Signals advise, people decide.
SIGNAL_MEANINGS: dict[str, object] = {
    "national_number": _l("Thirteen digits whose check digit fits a national number."),
    "phone": _l("Digits in the form of a telephone number."),
    "email": _l("Text in the form of an e-mail address."),
    "bank_account": _l("Digits in the form of a bank account, or behind a word such as “account”."),
    "links": _l("More than two links."),
}

DECISION_NAMES: dict[str, object] = {
    "publish": _l("Publish"),
    "hold": _l("Hold"),
    "hide": _l("Hide"),
    "cover": _l("Cover words"),
    "uncover": _l("Show covered words again"),
}

#: What each decision does, for the form.
DECISION_MEANINGS: dict[str, object] = {
    "publish": _l("Everyone can read it. If it was published already, it stays."),
    "hold": _l("Nobody else sees it for now. The author of a comment can change the words."),
    "hide": _l("Nobody else sees it. Its votes and its place are kept in case this is reversed."),
    "cover": _l("Everyone reads a mark instead of these words. The rest stays."),
    "uncover": _l("Everyone can read all of it again."),
}

#: What was done, beside how visible the contribution is since.
DECISIONS_DONE: dict[str, object] = {
    "publish": _l("published"),
    "hold": _l("held"),
    "hide": _l("hidden"),
    "cover": _l("some words covered"),
    "uncover": _l("covered words shown again"),
}

#: How an appeal ended.
APPEAL_OUTCOMES: dict[str, object] = {
    "reversed": _l("Appeal accepted: the decision is reversed"),
    "upheld": _l("Appeal rejected: the decision stands"),
}

#: What readers see beside a contribution.
LABEL_NAMES: dict[str, object] = {
    "organisation": _l("Speaks for an organisation"),
    "beside_topic": _l("Beside the topic"),
    "question": _l("Asks a question"),
}

#: Parts of the queue.
TAB_NAMES: dict[str, object] = {
    "new": _l("New"),
    "flagged": _l("Reported"),
    "held": _l("Held"),
    "done": _l("Decided"),
}

#: Columns of the register's files.
REGISTER_COLUMNS: dict[str, object] = {
    "day": _l("Day of the decision"),
    "consultation": _l("Short name of the consultation"),
    "about": _l("Comment, statement or reply"),
    "kind": _l("What was decided"),
    "rule": _l("Rule that was cited"),
    "rules_version": _l("Version of the rules that was in force"),
    "before": _l("How visible it was before"),
    "after": _l("How visible it is since"),
    "moderator": _l("Code of the moderator, the same in every row of theirs"),
    "hours": _l("Hours that it had waited"),
    "appeal": _l("How an appeal stands: open, overdue, upheld or reversed"),
    "appeal_days": _l("Days until the appeal was answered"),
}

#: To be merged into the names of all enumerations.
MODERATION_NAMES: dict[str, dict[str, object]] = {
    "rule": _of_rules("name"),
    "rule_scope": _of_rules("scope"),
    "rule_example": _of_rules("example"),
    "signal": SIGNAL_NAMES,
    "signal_meaning": SIGNAL_MEANINGS,
    "decision_kind": DECISION_NAMES,
    "decision_meaning": DECISION_MEANINGS,
    "decision_done": DECISIONS_DONE,
    "appeal_outcome": APPEAL_OUTCOMES,
    "label": LABEL_NAMES,
    "queue_tab": TAB_NAMES,
    "register_column": REGISTER_COLUMNS,
}
