"""Form of a moderator's decision."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.forms import BaseForm, at_most, required
from app.words import name
from moderation.reasons import RULES
from moderation.verdicts import REASON_LENGTH


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
        self.rule.choices = [
            ("", _("Choose a rule")),
            *((rule.code, _rule_words(rule.code, may_hide=rule.may_hide)) for rule in RULES),
        ]

    def renew(self, kinds: Iterable[str], revision: int) -> None:
        """Keep what was typed, for the contribution as it is now."""
        self._offer(kinds)
        self.revision.data = str(revision)

    @property
    def seen_revision(self) -> int:
        """Return the revision as a number; 0, which no contribution has, if it is none."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

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


def _rule_words(code: str, *, may_hide: bool) -> str:
    words = name("rule", code)
    return words if may_hide else _("%(rule)s (hold only)", rule=words)
