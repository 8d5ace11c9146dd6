"""Service: cover some words of a contribution, and show them again."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from consultations import covering
from consultations.models import Contribution
from core.actor import Actor
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from core.text import tidy
from moderation import cases, covers, verdicts
from moderation.covers import Original
from moderation.models import Decision, DecisionKind
from moderation.reasons import find_rule
from moderation.verdicts import Verdict

#: Most passages that one decision covers.
MOST_PASSAGES = 20
#: Shortest passage, in characters: a single letter would be covered all over the text.
SHORTEST = 2


def cover(
    session: Session,
    actor: Actor,
    reference: str,
    *,
    passages: str,
    rule: str,
    reason: str,
    expected_revision: int,
) -> Decision:
    """Cover words of a contribution, wherever they stand in it; the rest stays as it was.

    What is shown, exported and analysed from now on holds a mark with the rule instead. The
    author's words are kept sealed for moderators and for an appeal.

    Parameters
    ----------
    session : Session
    actor : Actor
        As for ``deciding.decide``.
    reference : str
    passages : str
        The words to cover, one passage on each line, as they stand in the text.
    rule : str
        Code of a rule that may cover.
    reason : str
        Words to the author.
    expected_revision : int

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    ConflictError
        ``contribution.withdrawn`` or ``contribution.decided_meanwhile``.
    InvalidError
        ``rule.needed``, ``rule.unknown`` or ``rule.covers_nothing`` on ``rule``; ``text.empty`` or
        ``text.too_long`` on ``reason``; on ``passages`` ``cover.needed``, ``cover.too_many``,
        ``cover.too_short``, ``cover.not_found`` (with the number of the line),
        ``cover.nothing_new`` or ``cover.everything``.
    """
    contribution, keyring = _locked(session, actor, reference)
    verdicts.require_seen(contribution, expected_revision)
    broken = find_rule(rule)
    if not broken.may_cover:
        raise InvalidError("rule.covers_nothing", field="rule")
    words = verdicts.reason_words(reason)
    before = covers.original_of(session, keyring, contribution)
    lines = _lines(passages)
    # Tried with no decision first: what does not hold must leave nothing behind.
    after = _covered(before, lines, broken.code, 0)
    _require_sense(contribution, before, after)
    verdict = Verdict(DecisionKind.COVER, contribution.visibility, broken.code, words)
    return _take(session, actor, contribution, verdict, (before, lines))


def uncover(
    session: Session, actor: Actor, reference: str, *, reason: str, expected_revision: int
) -> Decision:
    """Show all covered words of a contribution again.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    ConflictError
        As ``cover``, or ``cover.nothing_covered``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``reason``.
    """
    contribution, keyring = _locked(session, actor, reference)
    verdicts.require_seen(contribution, expected_revision)
    before = covers.original_of(session, keyring, contribution)
    if not before.is_covered:
        raise ConflictError("cover.nothing_covered")
    words = verdicts.reason_words(reason)
    after = Original(before.texts, {field: [] for field in before.spans}, before.salt)
    digest = covers.put(session, keyring, contribution, before, after)
    verdict = Verdict(DecisionKind.UNCOVER, contribution.visibility, reason=words)
    decision = verdicts.take(session, actor, contribution, verdict)
    verdicts.record_words(session, actor, contribution, digest)
    return decision


def _locked(session: Session, actor: Actor, reference: str) -> tuple[Contribution, Keyring]:
    contribution, _consultation = cases.locked_contribution(session, reference)
    verdicts.require_may_decide(session, actor, contribution)
    if actor.keyring is None:
        raise NotAllowedError("decision.moderators_only")
    return contribution, actor.keyring


def _take(
    session: Session,
    actor: Actor,
    contribution: Contribution,
    verdict: Verdict,
    what: tuple[Original, Sequence[str]],
) -> Decision:
    """Store the decision, then cover under its number what is to be covered."""
    before, lines = what
    decision = verdicts.take(session, actor, contribution, verdict)
    after = _covered(before, lines, decision.rule, decision.id)
    if actor.keyring is not None:
        digest = covers.put(session, actor.keyring, contribution, before, after)
        verdicts.record_words(session, actor, contribution, digest)
    return decision


def _lines(passages: str) -> list[str]:
    lines = [line.strip() for line in tidy(passages).split("\n") if line.strip()]
    if not lines:
        raise InvalidError("cover.needed", field="passages")
    if len(lines) > MOST_PASSAGES:
        raise InvalidError("cover.too_many", field="passages", maximum=MOST_PASSAGES)
    if any(len(line) < SHORTEST for line in lines):
        raise InvalidError("cover.too_short", field="passages", minimum=SHORTEST)
    return lines


def _covered(before: Original, lines: Sequence[str], rule: str, decision_id: int) -> Original:
    spans = dict(before.spans)
    for number, line in enumerate(lines, 1):
        places = {field: covering.occurrences(text, line) for field, text in before.texts.items()}
        if not any(places.values()):
            raise InvalidError("cover.not_found", field="passages", line=number)
        for field, found in places.items():
            spans[field] = covering.with_places(spans[field], found, rule, decision_id)
    return Original(before.texts, spans, before.salt)


def _require_sense(contribution: Contribution, before: Original, after: Original) -> None:
    if after.spans == before.spans:
        raise InvalidError("cover.nothing_new", field="passages")
    body = covering.shown(
        after.texts["body"],
        after.spans["body"],
        lambda rule: covers.mark_of(contribution.language, rule),
    )
    if not covering.is_anything_left(body):
        raise InvalidError("cover.everything", field="passages")
