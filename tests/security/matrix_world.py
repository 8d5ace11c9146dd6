"""A site in which everybody stands in every relation to something, and who they are."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, text

from app import create_app
from consultations import theme_choosing
from consultations.models import (
    AnswerTemplate,
    Audience,
    Commitment,
    Consultation,
    Contribution,
    ContributionKind,
    DataExport,
    DiscussionTheme,
    Draft,
    DraftState,
    Motion,
    MotionKind,
    OfflineBatch,
    OfflineScan,
    Origin,
    Reply,
    Stage,
    Stakeholder,
    StakeholderNotice,
    ThemeChange,
    Visibility,
)
from consultations.offline import entries
from consultations.offline.said import Provenance, Said, SaidComment
from consultations.theme_deeds import Wording
from core.accounts import sessions
from core.accounts.models import Account, Agency
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.jobs import enqueue
from core.keyring import Keyring
from moderation.models import Appeal, Decision, DecisionKind, Review, ReviewSource
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_draft,
    make_statement,
)
from tests.security.matrix_group import make_group, make_panels
from tests.sites import SECRET, SeparateClient, make_config

HERE, ELSEWHERE = "sample-waste", "sample-pavements"
#: Who asks: the roles of each, and where they serve.
ROLES: dict[str, tuple[tuple[Role, ...], str]] = {
    "author": ((), ""),
    "citizen": ((), ""),
    "officer": ((Role.OFFICER,), "here"),
    "approver": ((Role.APPROVER,), "here"),
    "officer-elsewhere": ((Role.OFFICER, Role.APPROVER), "elsewhere"),
    "moderator": ((Role.MODERATOR,), ""),
    "moderator-here": ((Role.MODERATOR, Role.SENIOR_MODERATOR, Role.OFFICER), "here"),
    "senior-moderator": ((Role.SENIOR_MODERATOR,), ""),
    "facilitator": ((Role.FACILITATOR,), ""),
    "auditor": ((Role.AUDITOR,), ""),
    "administrator": ((Role.ADMINISTRATOR,), ""),
}
ACTORS = ("visitor", *ROLES)
#: Stages in which the consultation is tried; each object of one's own or of others as well.
STAGES = ("preparing", "open", "closed", "summary", "ratification", "answering")
#: What somebody can ask for by its reference.
OBJECTS = ("own", "others", "pending", "held", "hidden", "withdrawn", "counted")
#: Words that only some may read, by what they stand in; nothing else on the site has them.
ANSWERED = "UPDATE official_response SET state = :state WHERE published_at IS NOT NULL"
CANARY = "canary-{}-a1b2c3"


@dataclass
class World:
    """The site, what is in it by name, and whether anything was written.

    Attributes
    ----------
    references : dict
        Of contributions, by what the asker is to them: ``own comment``, ``hidden reply``, ...
    numbers : dict
        Of findings, themes and so on, here and ``... elsewhere``.
    """

    app: Flask
    database: Path
    kept: Path
    actors: dict[str, Actor] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    stage: str = ""
    touched: bool = False

    def client(self, who: str) -> Any:
        """Make a client signed in as one of the actors; for "visitor" as nobody."""
        client = self.app.test_client()
        if who != "visitor":
            interface: Any = self.app.session_interface
            values = {"_user_id": self.keys[who], "_fresh": True, "seen": int(time.time())}
            signed = interface.get_signing_serializer(self.app).dumps(values)
            client.set_cookie(interface.get_cookie_name(self.app), signed)
        return client

    def refresh(self, stage: str) -> None:
        """Make everything as it was, with the consultation at a stage."""
        if stage == self.stage and not self.touched:
            return
        self.stage, self.touched = stage, False
        self.app.extensions["sqlalchemy"].engine.dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self.database}{end}").unlink(missing_ok=True)
        shutil.copy(self.kept / f"{stage}.db", self.database)
        self.written.clear()


@contextmanager
def made_world(sample: Path, folder: Path) -> Iterator[World]:
    """Make the world from a database with the sample in it."""
    database, kept = folder / "site.db", folder / "kept"
    kept.mkdir()
    shutil.copy(sample, database)
    app = create_app(make_config(f"sqlite:///{database}", folder))
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = SeparateClient
    world = World(app, database, kept)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        session = app.extensions["sqlalchemy"].session()
        _people(world, session)
        _things(world, session)
        session.commit()
        for stage in STAGES:
            _set_stage(session, Stage(stage))
            app.extensions["sqlalchemy"].session.remove()
            if stage == "preparing":
                _import(world)
            engine.dispose()
            shutil.copy(database, kept / f"{stage}.db")
        _Watch(world, engine)
        yield world
        app.extensions["sqlalchemy"].session.remove()
        engine.dispose()


class _Watch:
    """Notes what requests write and commit, but for the counters of attempts."""

    def __init__(self, world: World, engine: Engine) -> None:
        self._world = world
        self._pending: list[str] = []
        self._wrote = False
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "rollback", self._rolled_back)
        event.listen(engine, "commit", self._committed)

    def _executed(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb, *words = statement.split(maxsplit=3)
        if verb not in ("INSERT", "UPDATE", "DELETE"):
            return
        self._wrote = True
        if "attempt" not in words:
            self._pending.append(f"{verb} {' '.join(words[:2])}")

    def _committed(self, connection: Any) -> None:
        self._world.touched = self._world.touched or self._wrote
        self._world.written += self._pending
        self._rolled_back(connection)

    def _rolled_back(self, _connection: Any) -> None:
        self._wrote = False
        self._pending.clear()


def _people(world: World, session: Any) -> None:
    keyring = Keyring(SECRET.encode())
    agencies = {
        "": None,
        "here": session.query(Agency).one(),
        "elsewhere": make_agency(session),
    }
    for who, (roles, where) in ROLES.items():
        agency = agencies[where]
        world.actors[who] = make_actor(session, keyring, *roles, agency=agency)
        # A moderator who serves an agency is refused by the commands; the rules must hold anyway.
        account = session.get_one(Account, world.actors[who].account_id)
        account.password_hash = "no password"
        world.keys[who] = sessions.begin(session, account.id, second_step=True)
    moved = session.query(Consultation).filter_by(slug=ELSEWHERE).one()
    moved.agency_id = agencies["elsewhere"].id
    session.flush()


def _things(world: World, session: Any) -> None:
    here = session.query(Consultation).filter_by(slug=HERE).one()
    there = session.query(Consultation).filter_by(slug=ELSEWHERE).one()
    for kind in (*ContributionKind, "comment elsewhere", "statement elsewhere"):
        for relation in OBJECTS:
            where = there if "elsewhere" in kind else here
            name = f"{relation} {kind}"
            world.references[name] = _contribution(world, session, where, relation, str(kind))
    secret = [CANARY.format("draft"), CANARY.format("draft")]
    make_draft(session, here, secret, number=3, state=DraftState.WORKING, published_at=None)
    for place, consultation in (("", here), (" elsewhere", there)):
        officer = world.actors["officer" if not place else "officer-elsewhere"]
        made = DataExport(
            consultation_id=consultation.id,
            requested_by_id=officer.account_id,
            requested_at=now(),
            content=b"PK",
            byte_count=2,
        )
        session.add(made)
        session.flush()
        job = enqueue(
            session,
            "data.export",
            {"export_id": made.id},
            key=f"data.export:{made.id}",
            requested_by_id=officer.account_id,
            consultation_id=consultation.id,
        )
        assert job is not None
        world.numbers |= {f"export{place}": made.id, f"work{place}": _job_id(session, made.id)}
    _notices(world, session, {"": here.id, " elsewhere": there.id})
    _numbers(world, session, here.id)
    _to_decide(world, session, here)
    _to_sort(world, session, here.id)
    template = AnswerTemplate(
        agency_id=here.agency_id, name="ขอบคุณ", text_th="ขอบคุณ […]", written_at=now()
    )
    session.add(template)
    session.flush()
    world.numbers["template"] = template.id
    for number, name in enumerate(("commitment", "commitment promised"), 901):
        made = Commitment(
            consultation_id=here.id,
            number=number,
            text_th="จะทำ",
            owner="กองงาน",
            due_on=now().date() + timedelta(days=90),
            written_by_id=world.actors["officer"].account_id,
            written_at=now(),
            promised_at=now() if "promised" in name else None,
        )
        session.add(made)
        world.numbers[name] = number
    world.numbers["group"] = make_group(session, here, world.actors)
    world.numbers |= make_panels(session, here, world.actors)


def _notices(world: World, session: Any, consultations: dict[str, int]) -> None:
    """Put proof with a notice of each consultation."""
    for place, number in consultations.items():
        groups = session.query(Stakeholder.id).filter_by(consultation_id=number)
        query = session.query(StakeholderNotice)
        notice = query.filter(StakeholderNotice.stakeholder_id.in_(groups)).first()
        notice.proof, notice.proof_name, notice.proof_digest = b"%PDF-1.7", "proof.pdf", "0" * 64
        world.numbers[f"notice{place}"] = notice.id


def _to_decide(world: World, session: Any, here: Consultation) -> None:
    """Propose something of the agency; appeal against a decision, and ask what another thinks."""
    motion = Motion(
        consultation_id=here.id,
        kind=MotionKind.EXPORT_DATA,
        reason="For the report",
        basis="what stood there before",  # so that the same can be proposed anew
        proposed_by_id=world.actors["officer"].account_id,
        proposed_at=now(),
    )
    session.add(motion)
    _decision(world, session, "hidden comment")
    decision = _decision(world, session, "hidden statement")
    appeal = Appeal(
        decision_id=decision.id,
        contribution_id=decision.contribution_id,
        words="It is not an insult",
        appealed_at=now(),
        due_at=now() + timedelta(days=7),
    )
    review = Review(
        contribution_id=decision.contribution_id,
        decision_id=decision.id,
        source=ReviewSource.ASKED,
        revision=1,
        asked_by_id=world.actors["moderator"].account_id,
        asked_at=now(),
    )
    session.add_all([appeal, review])
    _papers(world, session, here)
    session.flush()
    world.numbers |= {"motion": motion.id, "appeal": appeal.id, "review": review.id}


def _to_sort(world: World, session: Any, here: int) -> None:
    """Choose two themes on the workbench, with a machine theme left and a deed to undo."""
    officer, wording = world.actors["officer"], Wording("ประเด็น")
    stage = session.get_one(Consultation, here)
    stage.stage, before = Stage.SUMMARY, stage.stage
    chosen = [theme_choosing.create(session, officer, here, wording) for _ in range(2)]
    chosen[0].machine_key = "t1000"
    session.add(DiscussionTheme(consultation_id=here, key="free", position=99, terms="free"))
    stage.stage = before
    session.flush()
    change = session.query(ThemeChange).order_by(ThemeChange.id.desc()).first()
    world.numbers |= {
        "chosen": chosen[0].id,
        "other theme": chosen[1].id,
        "change": change.id,
    }


def _papers(world: World, session: Any, here: Consultation) -> None:
    """Let the officer enter a response on paper, and begin with a file of others."""
    officer, here.forms_printed = world.actors["officer"], 1
    today = now().astimezone(BANGKOK).date()
    given = Provenance("paper", today, consented=True)
    said = Said(comments=(SaidComment("", "On paper"),))
    entry = entries.keep(session, officer, here, given, said)
    entry.reference = "PAPER0000001"
    page = OfflineScan(
        entry_id=entry.id,
        kind="image/jpeg",
        size=1,
        digest="",
        sealed=entries.keyring_of(officer).seal_file(b"x"),
        added_at=now(),
    )
    values = {"name": "A meeting", "filename": "a.csv", "digest": "0" * 64}
    batch = OfflineBatch(
        consultation_id=here.id, entered_by_id=officer.account_id, entered_at=now(), **values
    )
    session.add_all([page, batch])
    session.flush()
    world.numbers |= {"scan": page.id, "batch": batch.id, "PAPER-DAY": today.isoformat()}


def _decision(world: World, session: Any, name: str) -> Decision:
    found = session.query(Contribution).filter_by(reference=world.references[name]).one()
    made = Decision(
        contribution_id=found.id,
        seen_revision=1,
        kind=DecisionKind.HIDE,
        rule="insult",
        reason="It names a person",
        visibility_before=Visibility.PUBLISHED,
        visibility_after=Visibility.HIDDEN,
        decided_by_id=world.actors["moderator"].account_id,
        decided_at=now(),
    )
    session.add(made)
    session.flush()
    return made


def _job_id(session: Any, export: int) -> int:
    query = text("SELECT id FROM job WHERE key = :key")
    found: int = session.scalar(query, {"key": f"data.export:{export}"})
    return found


def _numbers(world: World, session: Any, here: int) -> None:
    """Find numbers of what the sample has; elsewhere none of them belongs to the consultation."""
    mine = "WHERE consultation_id = :here"
    queries = {
        "summary": "SELECT id FROM summary",
        "finding": "SELECT min(finding_id) FROM official_response",
        "theme": "SELECT min(id) FROM theme",
        "response": f"SELECT min(id) FROM official_response {mine}",  # noqa: S608
        "run": f"SELECT id FROM analysis_run {mine}",  # noqa: S608
    }
    for name, query in queries.items():
        world.numbers[name] = session.scalar(text(query), {"here": here} if mine in query else {})


def _contribution(world: World, session: Any, where: Consultation, relation: str, kind: str) -> str:
    author = world.actors["citizen" if relation == "others" else "author"]
    visibility = {"own": "published", "others": "published"}.get(relation, relation)
    is_public = relation in ("own", "others")
    values: dict[str, Any] = {
        "participant_id": joined(session, author, where).id,
        "visibility": Visibility(visibility),
        "body": f"{'words' if is_public else CANARY.format(relation)} of {relation} {kind}",
    }
    if kind.startswith("statement"):
        number = 1000 + len(world.references)
        made: Any = make_statement(
            session, where, origin=Origin.PARTICIPANT, number=number, **values
        )
    else:
        draft = session.query(Draft).filter_by(consultation_id=where.id).order_by(Draft.id).first()
        audience = Audience.COUNTED if relation == "counted" else Audience.PUBLIC
        if kind == "reply":
            parent = make_comment(session, draft, clause_key="c1")
            made = Reply(
                consultation_id=where.id,
                comment_id=parent.id,
                language="en",
                created_at=now(),
                **values,
            )
            session.add(made)
        else:
            made = make_comment(session, draft, clause_key="c1", audience=audience, **values)
    session.flush()
    reference: str = made.reference
    return reference


def _import(world: World) -> None:
    """Let people of the agency begin to import a document, each their own."""
    for who in ("officer", "approver", "moderator-here"):
        world.client(who).post(
            f"/workspace/consultations/{HERE}/drafts/import", data={"text": "มาตรา ๑ ก\nมาตรา ๒ ข"}
        )


def _set_stage(session: Any, stage: Stage) -> None:
    closes = now() + timedelta(days=9 if stage in (Stage.OPEN, Stage.PREPARING) else -1)
    here = session.query(Consultation).filter_by(slug=HERE).one()
    is_private = stage is Stage.PREPARING
    here.title_en = CANARY.format("preparing") if is_private else "Sorting waste"
    # What the sample has published is put back, so that it can be published again.
    done = {Stage.SUMMARY: "working"}.get(stage, "published")
    session.execute(text("UPDATE summary SET state = :state"), {"state": done})
    answered = "approved" if stage is Stage.ANSWERING else "published"
    session.execute(text(ANSWERED), {"state": answered})
    here.stage, here.opens_at, here.closes_at = stage, now() - timedelta(days=40), closes
    here.check_ends_at = now() + timedelta(days=5 if stage is Stage.RATIFICATION else -5)
    session.commit()
