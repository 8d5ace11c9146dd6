"""What is covered of a contribution, and what everybody reads instead. Known to acts and reads."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import commitments, covering
from consultations.covering import Span
from consultations.models import Comment, Contribution, Evidence, SealedWords, Statement
from consultations.models.contribution import new_salt
from core.keyring import Keyring
from moderation.reasons import EVERY_RULE

#: What a note with covered words is sealed for.
PURPOSE = "covered-words"
_COMMENT_FIELDS = ("body", "reason", "proposed_wording")


@dataclass(frozen=True)
class Original:
    """A contribution's texts as its author wrote them, and what is covered of each."""

    texts: dict[str, str]
    spans: dict[str, list[Span]]
    salt: bytes

    @property
    def is_covered(self) -> bool:
        """Whether anything is covered."""
        return any(self.spans.values())

    def without(self, decision_id: int) -> "Original":
        """Return the same without what one decision covers."""
        kept = {
            field: [span for span in spans if span.decision_id != decision_id]
            for field, spans in self.spans.items()
        }
        return replace(self, spans=kept)

    @property
    def decisions(self) -> set[int]:
        """Numbers of the decisions that cover something."""
        return {span.decision_id for spans in self.spans.values() for span in spans}


def mark_of(language: str, rule: str) -> str:
    """Return the mark for a rule, in Thai within a Thai text and else in English."""
    found = EVERY_RULE[rule]
    if language == "th":
        return covering.mark(f"ปกปิด: {found.name_th}")
    return covering.mark(f"covered: {found.name_en.lower()}")


def original_of(session: Session, keyring: Keyring | None, contribution: Contribution) -> Original:
    """Return the author's words. One query.

    Without the keys, or where nothing is covered, these are the words that everybody reads.
    """
    fields = _COMMENT_FIELDS if isinstance(contribution, Comment) else ("body",)
    texts = {field: str(getattr(contribution, field)) for field in fields}
    spans: dict[str, list[Span]] = {field: [] for field in fields}
    row = session.get(SealedWords, contribution.id)
    if row is None or keyring is None:
        return Original(texts, spans, contribution.salt)
    texts |= keyring.open_note(PURPOSE, row.sealed) or {}
    for field, *values in row.spans:
        spans[field].append(Span(*values))
    return Original(texts, spans, row.salt)


def put(
    session: Session, keyring: Keyring, contribution: Contribution, before: Original, now: Original
) -> dict[str, object]:
    """Show a contribution with what is covered now, and keep the author's words sealed.

    Quotes in findings move with the words around them; a sentence that repeats covered words is
    withheld by the page that shows it, because they stand nowhere any more.

    Returns
    -------
    dict
        Digest of the words that are shown, for the ledger; empty for a reply.
    """
    for field, text in now.texts.items():
        setattr(contribution, field, _shown(contribution, text, now.spans[field]))
    contribution.salt = new_salt() if now.is_covered else now.salt
    _move_quotes(session, contribution, before.spans["body"], now.spans["body"])
    row = session.get(SealedWords, contribution.id)
    if row is not None and not now.is_covered:
        session.delete(row)
    elif now.is_covered:
        row = row or SealedWords(contribution_id=contribution.id)
        row.sealed = keyring.seal_note(PURPOSE, dict(now.texts))
        row.salt = now.salt
        row.spans = [
            [field, span.start, span.end, span.rule, span.decision_id]
            for field, spans in now.spans.items()
            for span in spans
        ]
        session.add(row)
    session.flush()
    if isinstance(contribution, Comment | Statement):
        content = commitments.content_of(contribution)
        return {"digest": commitments.digest(contribution.salt, content)}
    return {}


def _shown(contribution: Contribution, text: str, spans: list[Span]) -> str:
    return covering.shown(text, spans, lambda rule: mark_of(contribution.language, rule))


def _move_quotes(
    session: Session, contribution: Contribution, before: list[Span], now: list[Span]
) -> None:
    def mark(rule: str) -> str:
        return mark_of(contribution.language, rule)

    quotes = select(Evidence).where(
        Evidence.contribution_id == contribution.id, Evidence.quote_start.is_not(None)
    )
    for quote in session.scalars(quotes):
        for name in ("quote_start", "quote_end"):
            original = covering.to_original(getattr(quote, name) or 0, before, mark)
            setattr(quote, name, covering.to_shown(original, now, mark))
