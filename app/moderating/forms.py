"""Form of a moderator's decision."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.forms import BaseForm, at_most, choices, required
from app.words import name, options
from moderation.reasons import RULES
from moderation.verdicts import REASON_LENGTH

_REFERENCE = re.compile("[0-9A-Z]{12}")
#: Longest list of words to cover, in characters.
PASSAGES_LENGTH = 5000


class DecisionForm(BaseForm):
    """What to do with a contribution, by which rule, and the words to its author.

    Whether rule and reason are needed depends on the decision; the domain says so.
    """

    kind = RadioField(
        _l("Decision"), [required(_l("Choose one of the decisions."))], validate_choice=False
    )
    rule = SelectField(
        _l("Rule"), validate_choice=False, description=_l("Needed to hold and to hide.")
    )
    reason = TextAreaField(
        _l("Reason"),
        [at_most(REASON_LENGTH)],
        description=_l(
            "Needed to hold and to hide. The author reads these words: say which part breaks the "
            "rule, and what could be written instead."
        ),
    )
    #: The revision that the moderator has before them.
    revision = HiddenField()

    def __init__(self, kinds: Iterable[str], **values: Any) -> None:
        super().__init__(**values)
        self._offer(kinds)
        self.rule.choices = _rule_choices()

    def renew(self, kinds: Iterable[str], revision: int) -> None:
        """Keep what was typed, for the contribution as it is now."""
        self._offer(kinds)
        self.revision.data = str(revision)

    @property
    def seen_revision(self) -> int:
        """Return the revision as a number; 0, which no contribution has, if it is none."""
        return whole_number(self.revision.data)

    def _offer(self, kinds: Iterable[str]) -> None:
        self.kind.choices = [
            SelectChoice(
                str(kind),
                _(
                    "%(decision)s: %(meaning)s",
                    decision=name("decision_kind", kind),
                    meaning=name("decision_meaning", kind),
                ),
                render_kw={"data-key": str(number)},
            )
            for number, kind in enumerate(kinds, 1)
        ]


class CoverForm(BaseForm):
    """Which words to cover, by which rule, and the words to the author."""

    passages = TextAreaField(
        _l("Words to cover"),
        [at_most(PASSAGES_LENGTH)],
        description=_l(
            "One passage on each line, copied from the text. Each is covered wherever it stands."
        ),
    )
    rule = SelectField(_l("Rule"), validate_choice=False)
    reason = TextAreaField(
        _l("Reason"),
        [at_most(REASON_LENGTH)],
        description=_l("The author reads these words, and can appeal."),
    )
    #: The revision that the moderator has before them.
    revision = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.rule.choices = [
            ("", _("Choose a rule")),
            *((rule.code, name("rule", rule.code)) for rule in RULES if rule.may_cover),
        ]


class BulkForm(BaseForm):
    """One decision on all that is chosen."""

    kind = RadioField(
        _l("Decision"), [required(_l("Choose one of the decisions."))], validate_choice=False
    )
    rule = SelectField(
        _l("Rule"), validate_choice=False, description=_l("Needed to hold and to hide.")
    )
    reason = TextAreaField(
        _l("Reason"),
        [at_most(REASON_LENGTH)],
        description=_l("Needed to hold and to hide. Every author reads these words."),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        kinds = ("publish", "hold", "hide")
        self.kind.choices = choices((kind, name("decision_kind", kind)) for kind in kinds)
        self.rule.choices = _rule_choices()


class OpinionForm(BaseForm):
    """What a second moderator would decide."""

    kind = RadioField(
        _l("What would you decide?"),
        [required(_l("Choose one of the decisions."))],
        validate_choice=False,
    )
    rule = SelectField(
        _l("Rule"), validate_choice=False, description=_l("Needed to hold and to hide.")
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        kinds = ("publish", "hold", "hide")
        self.kind.choices = choices((kind, name("decision_kind", kind)) for kind in kinds)
        self.rule.choices = _rule_choices()


class AnswerForm(BaseForm):
    """The answer to an appeal."""

    outcome = RadioField(
        _l("Answer"), [required(_l("Choose whether the decision stands."))], validate_choice=False
    )
    reply = TextAreaField(
        _l("Reply to the author"),
        [at_most(REASON_LENGTH)],
        description=_l("The author reads these words. Answer what they say against the decision."),
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.outcome.choices = choices(options("appeal_outcome"))


def whole_number(text: str | None) -> int:
    """Return a revision that came with a form; 0, which no contribution has, if it is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def seen_items(chosen: Iterable[str]) -> dict[str, int]:
    """Return references with the revision that was seen, from ``reference.revision``."""
    pairs = (each.partition(".") for each in chosen)
    return {
        reference: whole_number(revision)
        for reference, _dot, revision in pairs
        if _REFERENCE.fullmatch(reference)
    }


def _rule_choices() -> list[tuple[str, str]]:
    return [
        ("", _("Choose a rule")),
        *((rule.code, _rule_words(rule.code, may_hide=rule.may_hide)) for rule in RULES),
    ]


def _rule_words(code: str, *, may_hide: bool) -> str:
    words = name("rule", code)
    return words if may_hide else _("%(rule)s (hold only)", rule=words)
