"""What must hold after anything that anybody did."""

from collections.abc import Iterator

from sqlalchemy import exists, func, select

from consultations import policy
from consultations.lifecycle import STEPS, Event
from consultations.models import (
    ChangeCause,
    Comment,
    Contribution,
    ContributionKind,
    Draft,
    DraftState,
    Evidence,
    Finding,
    OfficialResponse,
    ResponseState,
    Section,
    Stage,
    StageChange,
    Statement,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
    ThemeKind,
    Visibility,
    Vote,
)
from consultations.participation import find_participant
from consultations.queries import trail
from core import ledger
from core.accounts.persons import same_person
from core.errors import NotFoundError
from moderation.models import Decision
from tests.lifecycle.world import World

_TRACED = (ContributionKind.COMMENT, ContributionKind.STATEMENT)
_ENDED = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)


def broken(world: World) -> list[str]:
    """Return what does not hold now; asked after every act."""
    return [*_self_approvals(world), *world.mistimed, *_unreasoned(world), *_unanswered(world)]


def broken_at_the_end(world: World) -> list[str]:
    """Return what does not hold; asked once, because it takes longer."""
    found = [*broken(world), *_illegal_steps(world), *_miscounted(world), *_dangling(world)]
    return [*found, *_hidden_without_reason(world), *_unledgered(world), *_unreadable(world)]


def _self_approvals(world: World) -> Iterator[str]:
    while world.pairs:
        what, author, approver = world.pairs.pop()
        if same_person(world.session, world.keyring, author, approver):
            yield f"self-approval: {what}"


def _unreasoned(world: World) -> Iterator[str]:
    count = world.session.scalar(
        select(func.count()).where(
            OfficialResponse.state != ResponseState.WORKING,
            func.trim(OfficialResponse.reason_th) == "",
        )
    )
    if count:
        yield f"{count} responses without a reason"


def _unanswered(world: World) -> Iterator[str]:
    if world.consultation.stage not in _ENDED:
        return
    reason = world.session.scalar(
        select(StageChange.reason)
        .where(StageChange.event == Event.CONCLUDE)
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    newest = (
        select(Summary.id)
        .where(Summary.state == SummaryState.PUBLISHED)
        .order_by(Summary.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    answered = OfficialResponse.state == ResponseState.PUBLISHED
    findings = select(func.count()).where(
        Finding.summary_id == newest,
        Finding.section.in_((Section.COMMON_GROUND, Section.DIFFERENCES)),
        Finding.left_out_reason.is_(None),
        ~exists().where(OfficialResponse.finding_id == Finding.id, answered),
    )
    themes = select(func.count()).where(
        Theme.summary_id == newest,
        Theme.kind == ThemeKind.THEME,
        ~exists().where(OfficialResponse.theme_id == Theme.id, answered),
    )
    left = (world.session.scalar(findings) or 0) + (world.session.scalar(themes) or 0)
    if left and not (reason or "").strip():
        yield f"concluded with {left} items unanswered and no reason"


def _illegal_steps(world: World) -> Iterator[str]:
    stage = Stage.PREPARING
    for change in world.session.scalars(select(StageChange).order_by(StageChange.id)):
        rule = STEPS[Event(change.event)]
        if change.from_stage is not stage or stage not in rule.sources:
            yield f"{change.event} from {change.from_stage} at {stage}"
        if change.to_stage is not rule.target or not change.by_role:
            yield f"{change.event} to {change.to_stage} by {change.by_role!r}"
        if rule.needs_reason and not change.reason.strip():
            yield f"{change.event} without a reason"
        stage = change.to_stage
    if world.consultation.stage is not stage:
        yield f"the stage is {world.consultation.stage}, the log says {stage}"


def _miscounted(world: World) -> Iterator[str]:
    """Votes are stored as acknowledged, once for each person, and the tallies agree."""
    session = world.session
    own = {
        participant.id: who
        for who, actor in enumerate(world.citizens)
        if (participant := find_participant(session, actor, world.consultation))
    }
    rows = session.execute(
        select(Statement.reference, Vote.participant_id, Vote.choice).join(
            Statement, Statement.id == Vote.statement_id
        )
    ).all()
    stored = {(row[0], own[row[1]]): row[2] for row in rows if row[1] in own}
    if stored != world.votes:
        yield f"votes {stored} are not those acknowledged, {world.votes}"
    if len({(row[0], row[1]) for row in rows}) != len(rows):
        yield "somebody has two votes"
    counts = select(Statement.id, Statement.agrees, Statement.disagrees, Statement.passes)
    for number, *tally in session.execute(counts):
        votes = session.scalars(select(Vote.choice).where(Vote.statement_id == number)).all()
        if tally != [votes.count(1), votes.count(-1), votes.count(0)]:
            yield f"the tally of statement {number} is {tally}"


def _dangling(world: World) -> Iterator[str]:
    session = world.session
    causes = session.execute(
        select(ChangeCause.clause_key, ChangeCause.note_th, OfficialResponse.state)
        .join(Draft, Draft.id == ChangeCause.draft_id)
        .outerjoin(OfficialResponse, OfficialResponse.id == ChangeCause.response_id)
        .where(Draft.state == DraftState.PUBLISHED)
    )
    for key, note, state in causes:
        if not (state or note.strip()):
            yield f"a change of {key} without response or reason"
        elif state in (ResponseState.WORKING, ResponseState.APPROVED):
            yield f"a change of {key} because of an answer that nobody can read"
    lost = session.scalar(
        select(func.count())
        .select_from(Evidence)
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .outerjoin(Theme, Theme.id == Evidence.theme_id)
        .where(Contribution.id.is_(None), Theme.id.is_(None))
    )
    orphans = session.scalar(
        select(func.count())
        .select_from(ThemeComment)
        .outerjoin(Comment, Comment.id == ThemeComment.comment_id)
        .where(Comment.id.is_(None))
    )
    if lost or orphans:
        yield f"{lost} pieces of evidence and {orphans} comments of themes lead nowhere"


def _hidden_without_reason(world: World) -> Iterator[str]:
    hidden = select(Contribution.reference, Decision.rule, Decision.reason).outerjoin(
        Decision,
        (Decision.contribution_id == Contribution.id)
        & (Decision.visibility_after == Visibility.HIDDEN),
    )
    for reference, rule, reason in world.session.execute(
        hidden.where(Contribution.visibility == Visibility.HIDDEN)
    ):
        if not rule or not reason:
            yield f"{reference} is hidden without rule or reason"


def _unledgered(world: World) -> Iterator[str]:
    while ledger.seal(world.session):
        pass
    found = ledger.verify(world.session)
    if found.broken_at is not None:
        yield f"the ledger does not hold at {found.broken_at}"
    world.session.commit()


def _unreadable(world: World) -> Iterator[str]:
    """Whatever can be read in public can be traced, and hidden words are in no trace."""
    consultation = world.consultation
    if not policy.is_public(consultation):
        return
    for row in world.session.scalars(select(Contribution).order_by(Contribution.id)).all():
        is_out = row.visibility in (Visibility.HIDDEN, Visibility.PENDING, Visibility.HELD)
        try:
            found = trail.trace_at(world.session, consultation, row.reference, None)
        except NotFoundError:
            if row.visibility is Visibility.PUBLISHED and row.kind.value in (
                "comment",
                "statement",
            ):
                yield f"{row.reference} is public and has no trace"
            continue
        if is_out:
            yield f"{row.reference} is {row.visibility} and has a public trace"
        if any(each.state is not ResponseState.PUBLISHED for each in found.responses):
            yield f"the trace of {row.reference} shows an answer that is not published"
