"""What anybody can try in a play. Each returns why it was refused, or nothing."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import (
    clause_voting,
    commenting,
    convening,
    dissenting,
    drafting,
    erasing,
    publishing,
    ratifying,
    replying,
    rescheduling,
    responding,
    summarising,
    supporting,
    voting,
)
from consultations.comment_words import Words
from consultations.drafting import ClauseWords
from consultations.lifecycle import Event
from consultations.models import (
    Choice,
    Comment,
    Contribution,
    Draft,
    DraftState,
    Finding,
    Motion,
    MotionKind,
    OfficialResponse,
    Summary,
    SummaryState,
)
from consultations.queries import answer_desk
from consultations.queries.answer_desk import Item
from consultations.responding import Answer
from core.actor import Actor
from core.clock import now
from moderation import appealing, deciding, flagging, rules
from moderation.models import Appeal, Decision
from tests.lifecycle.summaries import write_summary
from tests.lifecycle.world import World


def step(world: World, actor: Actor, event: Event, reason: str) -> str:
    number = world.consultation_id
    dates = {}
    if event is Event.NEXT_ROUND:
        dates = {"opens_at": now() + timedelta(days=1), "closes_at": now() + timedelta(days=17)}
    author = world.consultation.submitted_by_id
    refusal = world.do(
        f"step {event}",
        lambda session: convening.take_step(session, actor, number, event, reason=reason, **dates),
    )
    if not refusal and event is Event.APPROVE:
        world.note_pair("approval", author, actor)
    return refusal


def propose_date(world: World, actor: Actor, event: Event, days: int) -> str:
    closes_at = (world.consultation.closes_at or now()) + timedelta(days=days)
    return world.do(
        f"propose {event}",
        lambda session: rescheduling.propose(
            session,
            actor,
            world.consultation_id,
            event,
            reason="มีผู้ขอ",
            closes_at=closes_at if event is Event.EXTEND else None,
        ),
    )


def decide_motion(world: World, actor: Actor, approve: bool) -> str:
    motion = world.session.scalars(select(Motion).order_by(Motion.id.desc()).limit(1)).first()
    if motion is None:
        return "nothing there"
    author, kind = motion.proposed_by_id, motion.kind

    def act(session: Session) -> object:
        if not approve:
            rescheduling.refuse(session, actor, motion, reason="ยังไม่พร้อม")
            return None
        if kind is MotionKind.PUBLISH_ANSWERS:
            return publishing.publish_all(session, actor, motion)
        return rescheduling.approve(session, actor, motion)

    refusal = world.do(f"{'approve' if approve else 'refuse'} {kind}", act)
    if not refusal and approve:
        world.note_pair(f"motion {kind}", author, actor)
    return refusal


def comment(world: World, who: int, clause: int, wording: bool) -> str:
    words = Words(f"ความเห็น {world.next_number()}", "support", "", "ถ้อยคำใหม่" if wording else "")
    return world.timed(
        "comment",
        lambda session: commenting.submit(
            session,
            world.citizens[who],
            world.consultation_id,
            clause_key=world.clause_key(clause),
            words=words,
            quote=None,
            screen=rules.screen,
        ),
    )


def edit(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    words = Words(f"แก้แล้ว {world.next_number()}", "oppose", "", "")
    return world.timed(
        "edit",
        lambda session: commenting.edit(
            session, world.citizens[who], reference, words=words, screen=rules.screen
        ),
    )


def withdraw(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    return world.timed(
        "withdraw",
        lambda session: commenting.withdraw(session, world.citizens[who], reference),
    )


def reply(world: World, actor: Actor, place: int) -> str:
    reference = world.pick(Comment, place)
    body = f"คำตอบ {world.next_number()}"
    return world.do(
        "reply",
        lambda session: replying.reply(session, actor, reference, body=body, screen=rules.screen),
    )


def support(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    return world.timed(
        "support",
        lambda session: supporting.support(session, world.citizens[who], reference),
    )


def vote(world: World, who: int, reference: str, choice: Choice) -> str:
    refusal = world.timed(
        "vote",
        lambda session: voting.cast(session, world.citizens[who], reference, choice),
    )
    if not refusal:
        world.votes[reference, who] = int(choice)
    return refusal


def clause_vote(world: World, who: int, clause: int, choice: Choice) -> str:
    numbers = select(Draft.number).where(Draft.state == DraftState.PUBLISHED)
    newest = max(world.session.scalars(numbers), default=1)
    return world.timed(
        "clause vote",
        lambda session: clause_voting.cast(
            session,
            world.citizens[who],
            world.consultation_id,
            newest,
            world.clause_key(clause),
            choice,
        ),
    )


def flag(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    return world.do(
        "flag",
        lambda session: flagging.flag(session, world.citizens[who], reference, rule="threat"),
    )


def moderate(world: World, actor: Actor, place: int, kind: str) -> str:
    reference = world.pick(Contribution, place)
    found = world.session.scalars(
        select(Contribution).where(Contribution.reference == reference)
    ).first()
    revision = found.revision if found else 1
    return world.do(
        f"moderate {kind}",
        lambda session: deciding.decide(
            session,
            actor,
            reference,
            kind=kind,
            rule="" if kind == "publish" else "personal_data" if kind == "hold" else "threat",
            reason="" if kind == "publish" else "ผิดกติกา",
            expected_revision=revision,
        ),
    )


def appeal(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    return world.do(
        "appeal",
        lambda session: appealing.appeal(session, world.citizens[who], reference, words="ไม่ผิดกติกา"),
    )


def answer_appeal(world: World, actor: Actor, outcome: str) -> str:
    found = world.session.execute(
        select(Appeal.id, Decision.decided_by_id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .order_by(Appeal.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return "nothing there"
    refusal = world.do(
        f"appeal {outcome}",
        lambda session: appealing.answer(
            session, actor, found.id, outcome=outcome, reply="ตรวจดูแล้ว"
        ),
    )
    if not refusal:
        world.note_pair("appeal", found.decided_by_id, actor)
    return refusal


def summarise(world: World, actor: Actor) -> str:
    refusal = world.do("prepare summary", lambda session: write_summary(session, world, actor))
    if not refusal:
        world.hands["summary"] = {world.account_of(actor)}
    return refusal


def leave_out(world: World, actor: Actor, place: int, reason: str) -> str:
    number = world.pick_id(Finding.id, place)
    refusal = world.do(
        "leave out",
        lambda session: summarising.leave_out(session, actor, number, reason=reason),
    )
    if not refusal:
        world.hands["summary"].add(world.account_of(actor))
    return refusal


def publish_summary(world: World, actor: Actor) -> str:
    found = world.session.scalars(
        select(Summary).where(Summary.state == SummaryState.WORKING)
    ).first()
    if found is None:
        return "nothing there"
    refusal = world.do(
        "publish summary", lambda session: summarising.publish(session, actor, found.id)
    )
    if not refusal:
        for author in world.hands.pop("summary"):
            world.note_pair("summary", author, actor)
    return refusal


def check(world: World, who: int, place: int, verdict: str) -> str:
    number = world.pick_id(Finding.id, place)
    return world.do(
        "check",
        lambda session: ratifying.answer(
            session,
            world.citizens[who],
            world.consultation_id,
            finding_id=number,
            verdict=verdict,
        ),
    )


def dissent(world: World, who: int) -> str:
    body = f"ขอแย้ง {world.next_number()}"
    return world.do(
        "dissent",
        lambda session: dissenting.write(
            session,
            world.citizens[who],
            world.consultation_id,
            finding_id=None,
            body=body,
            screen=rules.screen,
        ),
    )


def answer(world: World, actor: Actor, item: Item | None, reason: str) -> str:
    """Answer an item, or the first that is still without an answer."""
    if item is None:
        desk = answer_desk.answer_desk(world.session, world.consultation_id)
        item = next((row.item for row in desk.required if row.response is None), None)
    if item is None:
        return "nothing there"
    given = Answer("accepted", "law", reason, clause_key=world.clause_key(0))
    chosen = item
    return world.do(
        "answer",
        lambda session: responding.answer(
            session, actor, world.consultation_id, item=chosen, given=given
        ),
    )


def approve_answer(world: World, actor: Actor, place: int) -> str:
    number = world.pick_id(OfficialResponse.id, place)
    response = world.session.get(OfficialResponse, number, populate_existing=True)
    author = response.drafted_by_id if response else None
    refusal = world.do("approve answer", lambda session: responding.approve(session, actor, number))
    if not refusal:
        world.note_pair("answer", author, actor)
    return refusal


def propose_answers(world: World, actor: Actor) -> str:
    return world.do(
        "propose answers",
        lambda session: publishing.propose_publication(
            session, actor, world.consultation_id, reason="ตอบครบแล้ว"
        ),
    )


def change_clause(world: World, actor: Actor, clause: int, because: bool) -> str:
    """Begin the next draft if need be, word a clause anew and say why."""
    key = world.clause_key(clause)
    responses = list(
        world.session.scalars(select(OfficialResponse.id).order_by(OfficialResponse.id).limit(1))
    )

    def act(session: Session) -> None:
        draft = drafting.open_next(session, actor, world.consultation_id)
        words = ClauseWords(number=f"มาตรา {clause + 1}", body=f"ถ้อยคำ {world.next_number()}")
        drafting.write_clause(session, actor, draft.id, key, words)
        drafting.explain_change(
            session,
            actor,
            draft.id,
            key,
            response_ids=responses if because else [],
            note_th="" if because else "หน่วยงานเห็นเอง",
        )

    refusal = world.do("change clause", act)
    if not refusal:
        world.hands["draft"].add(world.account_of(actor))
    return refusal


def publish_draft(world: World, actor: Actor) -> str:
    draft = world.session.scalars(select(Draft).where(Draft.state == DraftState.WORKING)).first()
    if draft is None:
        return "nothing there"
    refusal = world.do("publish draft", lambda session: drafting.publish(session, actor, draft.id))
    if not refusal:
        for author in world.hands.pop("draft", set()):
            world.note_pair("draft", author, actor)
    return refusal


def erase_words(world: World, who: int, place: int) -> str:
    reference = world.pick(Comment, place)
    return world.do(
        "erase words",
        lambda session: erasing.erase_one(session, world.citizens[who], reference),
    )


def erase_everything(world: World, who: int) -> str:
    refusal = world.do(
        "erase everything",
        lambda session: erasing.erase_everything(session, world.citizens[who]),
    )
    if not refusal:
        world.forget_votes_of(who)
    return refusal
