"""Service, the only bridge to the engine: freeze the input, compute, store the reports.

A failed analysis is a state with a reason, not a crash.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from analysis.errors import AnalysisError
from analysis.opinions import routing
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from analysis.summary.writing import StatementText, summarise
from analysis.texts.comment_files import CommentTable
from analysis.themes.pipeline import analyse_comments
from consultations import picture, policy, run_effects, snapshots
from consultations.models import AnalysisRun, Consultation, RunState, Snapshot, Stage
from consultations.participation import locked_consultation
from consultations.queries.voting_page import Votable
from core import jobs, ledger
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, NotFoundError

#: Before these nobody can have written or voted.
_BEFORE = frozenset({Stage.PREPARING, Stage.IN_REVIEW, Stage.SCHEDULED})
_UNFINISHED = (RunState.QUEUED, RunState.RUNNING)

Report = dict[str, Any]


@dataclass(frozen=True)
class RunInputs:
    """Frozen input of a run as plain data: the snapshot's files, and what names the themes."""

    votes: bytes
    statements: bytes
    comments: bytes
    participants: bytes
    supports: bytes
    tiers: dict[str, dict[str, int]]
    title: str
    previous_themes: Report | None


@dataclass(frozen=True)
class Outcome:
    """What a run leads to: reports and a picture, or a failure's code and the engine's sentence."""

    engine_version: str = ""
    parameters: Report | None = None
    report_digest: str = ""
    picture: Report | None = None
    effects: Report | None = None
    opinions_json: bytes | None = None
    themes_json: bytes | None = None
    summary_json: bytes | None = None
    failure_code: str = ""
    failure_detail: str = ""


def request_run(session: Session, actor: Actor, consultation_id: int) -> AnalysisRun:
    """Freeze what is published now and queue its analysis, in one transaction.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage`` before anyone could take part; ``analysis.running`` while
        another run is not finished.
    """
    consultation = locked_consultation(session, consultation_id)
    if not actor.has(Role.SYSTEM):
        policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *(set(Stage) - _BEFORE))
    if _unfinished(session, consultation_id):
        raise ConflictError("analysis.running")
    snapshot = snapshots.freeze(session, consultation_id)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation_id, snapshot_id=snapshot.id, queued_at=snapshot.taken_at
    )
    session.add(run)
    session.flush()
    jobs.enqueue(session, "analysis.run", {"run_id": run.id}, key=f"analysis.run:{run.id}")
    ledger.record(
        session,
        actor,
        "analysis.requested",
        consultation_id=consultation_id,
        subject=f"run:{run.id}",
        detail={
            "votes": snapshot.votes_digest,
            "statements": snapshot.statements_digest,
            "comments": snapshot.comments_digest,
            "participants": snapshot.participants_digest,
            "supports": snapshot.supports_digest,
        },
    )
    session.flush()
    return run


def get_run(session: Session, run_id: int) -> AnalysisRun:
    """Return a run; raises NotFoundError ``analysis.unknown``."""
    run = session.get(AnalysisRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError("analysis.unknown")
    return run


def load(session: Session, run_id: int) -> RunInputs:
    """Return the input of a run as plain data, so that it can be computed without a transaction.

    Raises
    ------
    NotFoundError
        ``analysis.unknown``.
    """
    run = get_run(session, run_id)
    files = ("votes", "statements", "comments", "participants", "supports")
    options = [undefer(getattr(Snapshot, f"{file}_csv")) for file in files]
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=options)
    consultation = session.get_one(Consultation, run.consultation_id)
    return RunInputs(
        votes=zlib.decompress(snapshot.votes_csv),
        statements=zlib.decompress(snapshot.statements_csv),
        comments=zlib.decompress(snapshot.comments_csv),
        participants=zlib.decompress(snapshot.participants_csv),
        supports=zlib.decompress(snapshot.supports_csv) if snapshot.supports_csv else b"",
        tiers=snapshot.tier_counts,
        title=f"{consultation.title_th} {consultation.title_en}".strip(),
        previous_themes=_previous_themes(session, run.consultation_id),
    )


def compute(inputs: RunInputs, report: Callable[[str], None]) -> Outcome:
    """Run the engine; touches no database.

    Parameters
    ----------
    inputs : RunInputs
    report : callable
        Told the name of each step when it begins: opinions, themes, summary, picture.

    Returns
    -------
    Outcome
        A failure when the engine refuses the input. Anything unexpected is raised.
    """
    try:
        return _computed(inputs, report)
    except AnalysisError as error:
        return Outcome(failure_code="analysis.refused", failure_detail=str(error))


def note_progress(session: Session, run_id: int, step: str) -> None:
    """Note the step that a run is at."""
    run = get_run(session, run_id)
    if run.state in _UNFINISHED:
        run.state, run.progress = RunState.RUNNING, step
        session.flush()


def store(session: Session, run_id: int, outcome: Outcome) -> AnalysisRun:
    """Keep what a run led to; a run that has ended already stays as it is."""
    run = get_run(session, run_id)
    if run.state not in _UNFINISHED:
        return run
    failed = bool(outcome.failure_code)
    run.state = RunState.FAILED if failed else RunState.DONE
    run.failure_code, run.failure_detail = outcome.failure_code, outcome.failure_detail
    run.engine_version, run.parameters = outcome.engine_version, outcome.parameters
    run.report_digest, run.picture = outcome.report_digest, outcome.picture
    run.opinions_json, run.themes_json = outcome.opinions_json, outcome.themes_json
    run.summary_json = outcome.summary_json
    if outcome.effects is not None:
        run_effects.apply(session, run.consultation_id, outcome.effects)
    run.progress, run.finished_at = "", now()
    ledger.record(
        session,
        Actor(roles=frozenset({Role.SYSTEM})),
        "analysis.failed" if failed else "analysis.done",
        consultation_id=run.consultation_id,
        subject=f"run:{run.id}",
        detail={"code": outcome.failure_code} if failed else {"report": outcome.report_digest},
    )
    session.flush()
    return run


def give_up(session: Session, run_id: int) -> AnalysisRun:
    """Mark a run as failed after its job failed for the last time."""
    return store(session, run_id, Outcome(failure_code="analysis.crashed"))


def next_statement(
    ballot: Sequence[Votable], voted: Collection[str], *, participant: str
) -> str | None:
    """Choose what a participant is shown next, by the tallies of now and the latest run."""
    state = [routing.RoutedStatement(each.reference, *each.state) for each in ballot]
    return routing.next_statement(state, frozenset(voted), participant=participant)


def _computed(inputs: RunInputs, report: Callable[[str], None]) -> Outcome:
    statements = {
        row["statement"]: StatementText(row["text"], row["language"])
        for row in snapshots.csv_rows(inputs.statements)
    }
    comments = snapshots.csv_rows(inputs.comments)
    texts = {row["comment"]: row["text"] for row in comments}
    report("opinions")
    table = VoteTable.from_csv_bytes(inputs.votes)
    # By name only: the stored report must not keep words that may be hidden later.
    opinions = analyse_votes(table, statements=list(statements)).to_dict()
    report("themes")
    themes = analyse_comments(
        _comment_table(comments), previous=inputs.previous_themes, title=inputs.title
    ).to_dict()
    report("summary")
    summary = summarise(opinions, themes, statements=statements, comments=texts).to_dict()
    report("picture")
    people = snapshots.csv_rows(inputs.participants)
    drawn = picture.draw(
        picture.Sources(
            opinions=opinions,
            themes=themes,
            texts=texts,
            statements=len(statements),
            tiers=inputs.tiers,
            imported_groups={row["participant"]: row["imported_group"] for row in people},
        )
    )
    effects = run_effects.effects_of(opinions, themes, snapshots.csv_rows(inputs.supports))
    return replace(_outcome(opinions, themes, summary, drawn), effects=effects)


def _outcome(opinions: Report, themes: Report, summary: Report, drawn: Report) -> Outcome:
    parts = [ledger.canonical_json(part).encode() for part in (opinions, themes, summary)]
    packed = [zlib.compress(part) for part in parts]
    return Outcome(
        engine_version=f"{opinions['engine']['version']} / {themes['engine']['version']}",
        parameters={"opinions": opinions["parameters"], "themes": themes["parameters"]},
        report_digest=hashlib.sha256(b"\n".join(parts)).hexdigest(),
        picture=drawn,
        opinions_json=packed[0],
        themes_json=packed[1],
        summary_json=packed[2],
    )


def _comment_table(rows: list[dict[str, str]]) -> CommentTable:
    columns = {name: tuple(row[name] for row in rows) for name in snapshots.COMMENT_COLUMNS}
    return CommentTable(
        columns["comment"],
        columns["text"],
        columns["stance"],
        columns["author"],
        columns["language"],
        columns["clause"],
    )


def _unfinished(session: Session, consultation_id: int) -> bool:
    running = select(AnalysisRun.id).where(
        AnalysisRun.consultation_id == consultation_id, AnalysisRun.state.in_(_UNFINISHED)
    )
    return session.scalars(running.limit(1)).first() is not None


def _previous_themes(session: Session, consultation_id: int) -> Report | None:
    """Return the last themes, which the next ones start from and take their identifiers from."""
    packed = session.scalars(
        select(AnalysisRun.themes_json)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    ).first()
    if packed is None:
        return None
    found: Report = json.loads(zlib.decompress(packed))
    return found
