"""Forms to comment, to flag and to propose a statement."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, at_most, required
from app.words import NAMES, name
from consultations.answer_replying import ANSWER_REPLY_LENGTH
from consultations.comment_words import (
    BODY_LENGTH,
    PUBLIC,
    REASON_LENGTH,
    WORDING_LENGTH,
    Words,
)
from consultations.dissenting import DISSENT_LENGTH
from consultations.proposing import STATEMENT_LENGTH
from consultations.replying import REPLY_LENGTH
from moderation.appealing import WORDS_LENGTH as APPEAL_LENGTH
from moderation.flagging import NOTE_LENGTH
from moderation.reasons import RULES


class CommentForm(BaseForm):
    """What someone says to a clause, with the words that they selected in it."""

    stance = RadioField(
        _l("What do you think of it?"),
        [Optional()],
        choices=[],
    )
    body = TextAreaField(
        _l("Your comment"),
        [required(_l("Write your comment.")), at_most(BODY_LENGTH)],
        description=_l(
            "Your name is not shown. Leave out names, telephone numbers and other details of "
            "people."
        ),
    )
    reason = TextAreaField(
        _l("Your reason or evidence"),
        [Optional(), at_most(REASON_LENGTH)],
        description=_l("For example your experience, a figure with its source, a law or a case."),
    )
    proposed_wording = TextAreaField(
        _l("How you would word it"), [Optional(), at_most(WORDING_LENGTH)]
    )
    audience = RadioField(_l("Who may read it?"), choices=[], default=PUBLIC)
    quote_exact = StringField(
        _l("Words of the clause that you comment on"),
        [Optional()],
        description=_l("Copy them from the clause above, exactly as they stand there."),
    )
    quote_prefix = HiddenField()
    quote_suffix = HiddenField()
    #: Set once the writer has been told about personal details in the text.
    warned = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("stance", "audience"):
            self._fields[field].choices = [(value, name(field, value)) for value in NAMES[field]]

    @property
    def words(self) -> Words:
        """What was written, as the service takes it."""
        return Words(
            body=self.body.data or "",
            stance=self.stance.data or "",
            reason=self.reason.data or "",
            proposed_wording=self.proposed_wording.data or "",
            audience=self.audience.data or PUBLIC,
        )

    def asked_for(self, action: str) -> bool:
        """Whether the form was sent by the button with this action."""
        return request.method == "POST" and request.form.get("action") == action


class ProposeForm(BaseForm):
    """One sentence to vote on."""

    body = TextAreaField(
        _l("Your statement"),
        [required(_l("Write a statement.")), at_most(STATEMENT_LENGTH)],
        description=_l("One sentence with one idea, so that people can agree or disagree with it."),
    )
    clause_key = HiddenField()
    #: Reference of the comment that the sentence is taken from; empty otherwise.
    comment = HiddenField()
    #: The sentence for which similar ones have been shown; empty before that.
    compared = HiddenField()


class ReplyForm(BaseForm):
    """What someone says to a comment."""

    body = TextAreaField(
        _l("Your reply"), [required(_l("Write your reply.")), at_most(REPLY_LENGTH)]
    )


class AppealForm(BaseForm):
    """What an author says against a decision."""

    words = TextAreaField(
        _l("Why do you think the decision is wrong?"),
        [required(_l("Write why you think the decision is wrong.")), at_most(APPEAL_LENGTH)],
    )


class DissentForm(BaseForm):
    """What a summary misses or gets wrong, in somebody's own words."""

    body = TextAreaField(
        _l("What does it miss, or what is wrong?"),
        [required(_l("Write what it misses, or what is wrong.")), at_most(DISSENT_LENGTH)],
        description=_l(
            "It is printed beside the summary without your name. Leave out names, telephone "
            "numbers and other details of people."
        ),
    )
    #: Set once the writer has been told about personal details in the text.
    warned = HiddenField()

    @property
    def is_warned(self) -> bool:
        """Whether the writer was told before this was sent."""
        return bool(self.warned.data)

    def note(self, *, warned: bool) -> None:
        """Note that the page tells the writer about personal details."""
        self.warned.data = "1" if warned else ""


class AnswerReplyForm(BaseForm):
    """A reply to the agency's answer."""

    body = TextAreaField(
        _l("Your reply to the answer"),
        [required(_l("Write your reply.")), at_most(ANSWER_REPLY_LENGTH)],
        description=_l(
            "You can reply once. It stands beside the answer without your name. Leave out names, "
            "telephone numbers and other details of people."
        ),
    )
    #: Set once the writer has been told about personal details in the text.
    warned = HiddenField()

    @property
    def is_warned(self) -> bool:
        """Whether the writer was told before this was sent."""
        return bool(self.warned.data)

    def note(self, *, warned: bool) -> None:
        """Note that the page tells the writer about personal details."""
        self.warned.data = "1" if warned else ""


class FlagForm(BaseForm):
    """Which rule a contribution seems to break."""

    rule = RadioField(
        _l("Which rule does it break?"),
        [required(_l("Choose the rule that it breaks."))],
        choices=[],
    )
    note = TextAreaField(_l("What should the moderators know?"), [Optional(), at_most(NOTE_LENGTH)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [(rule.code, name("rule", rule.code)) for rule in RULES]
