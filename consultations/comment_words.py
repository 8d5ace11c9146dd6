"""What a commenter writes: how it is cleaned, put into a comment and read back."""

from dataclasses import dataclass

from consultations.models import Audience, Clause, Comment, Stance
from core import text
from core.errors import InvalidError
from core.languages import language_of

#: Longest texts, in characters.
BODY_LENGTH = 5_000
REASON_LENGTH = 5_000
WORDING_LENGTH = 20_000
#: What is meant when a writer chooses no audience.
PUBLIC = Audience.PUBLIC.value


@dataclass(frozen=True)
class Words:
    """What a commenter writes.

    Parameters
    ----------
    body : str
    stance : str
        Value of ``Stance``; empty when none was taken.
    reason : str
        Evidence or experience; may be empty.
    proposed_wording : str
        The clause as the author would word it; may be empty.
    audience : str
        Value of ``Audience``: whether everyone reads it, or it is counted only.
    """

    body: str
    stance: str = ""
    reason: str = ""
    proposed_wording: str = ""
    audience: str = PUBLIC

    @property
    def everything(self) -> str:
        """All texts, one after another, for a screen to look at."""
        return "\n".join(filter(None, (self.body, self.reason, self.proposed_wording)))


def clean(words: Words, clause: Clause | None) -> Words:
    """Return what is stored of the words. The clause's own words are no proposal.

    Raises
    ------
    InvalidError
        ``text.empty``, ``text.too_long``, ``stance.unknown``, ``audience.unknown``, or
        ``wording.needs_clause`` for a proposed wording of the draft as a whole.
    """
    wording = _optional(words.proposed_wording, WORDING_LENGTH, "proposed_wording")
    if wording and clause is None:
        raise InvalidError("wording.needs_clause", field="proposed_wording")
    if clause is not None and wording.split() == clause.body.split():
        wording = ""
    if words.stance and words.stance not in list(Stance):
        raise InvalidError("stance.unknown", field="stance")
    if words.audience not in list(Audience):
        raise InvalidError("audience.unknown", field="audience")
    return Words(
        body=text.plain_text(words.body, max_length=BODY_LENGTH, field="body"),
        stance=words.stance,
        reason=_optional(words.reason, REASON_LENGTH, "reason"),
        proposed_wording=wording,
        audience=words.audience,
    )


def put_words(comment: Comment, words: Words) -> None:
    """Put cleaned words into a comment."""
    comment.body = words.body
    comment.language = language_of(words.body)
    comment.stance = Stance(words.stance) if words.stance else None
    comment.reason, comment.proposed_wording = words.reason, words.proposed_wording
    comment.audience = Audience(words.audience)


def words_of(comment: Comment) -> Words:
    """Return a comment's words."""
    stance = comment.stance.value if comment.stance else ""
    return Words(
        comment.body, stance, comment.reason, comment.proposed_wording, comment.audience.value
    )


def comment_content(comment: Comment) -> dict[str, object]:
    """Return what the ledger's digest of a comment covers."""
    # Named only where it is not the rule: the digests of earlier comments stay what they are.
    counted = {"audience": comment.audience.value} if comment.audience is Audience.COUNTED else {}
    return {
        **counted,
        "body": comment.body,
        "clause": comment.clause_key,
        "proposed_wording": comment.proposed_wording,
        "quote": comment.quote_exact,
        "reason": comment.reason,
        "stance": comment.stance.value if comment.stance else "",
    }


def _optional(value: str, max_length: int, field: str) -> str:
    if not text.tidy(value).strip():
        return ""
    return text.plain_text(value, max_length=max_length, field=field)
