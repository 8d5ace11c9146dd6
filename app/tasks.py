"""What jobs do: each task computes outside transactions and returns what stores its result."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app import own_data, upkeep
from app.identity import keyring
from app.mail import delivery
from app.mail.office import sends_mail
from app.reports import making
from app.transactions import transaction
from consultations import (
    analysing,
    data_files,
    dissent_answering,
    dissent_words,
    erasing,
    exporting,
    import_split,
    news,
    open_tables,
    summary_check,
    telling,
)
from consultations.documents import read_with_losses
from consultations.drafting import previewing
from consultations.offline import batches
from consultations.reporting import data, editions
from core import jobs
from core.accounts import own_exports
from core.actor import system_actor
from moderation import rules
from moderation.queries import consultation_figures

#: A task reports its steps with a share of a hundred; what it returns is run with the job's end.
Store = Callable[[Any], object]
Report = Callable[[str, int], None]
Task = Callable[[dict[str, Any], Report], Store]

DELIVER = "mail.deliver"
#: How far an analysis is when each of its steps begins; measured on large consultations.
_ANALYSIS_STEPS = {"opinions": 5, "themes": 35, "summary": 85, "picture": 95}


def _run_analysis(payload: dict[str, Any], report: Report) -> Store:
    run_id = int(payload["run_id"])
    with transaction() as session:
        inputs = analysing.load(session, run_id)

    def note(step: str) -> None:
        report(step, _ANALYSIS_STEPS.get(step, 0))
        with transaction() as session:
            analysing.note_progress(session, run_id, step)

    outcome = analysing.compute(inputs, note)
    return lambda session: analysing.store(session, run_id, outcome)


def _make_open_data(payload: dict[str, Any], report: Report) -> Store:
    with transaction() as session:
        material = exporting.open_material(session, int(payload["consultation_id"]))
    if material is None:
        return _nothing
    report("writing", 40)
    files = open_tables.build(material)
    return lambda session: exporting.store_open_files(session, material, files)


def _give_up_analysis(session: Any, payload: dict[str, Any]) -> None:
    analysing.give_up(session, int(payload["run_id"]))


def _read_draft(payload: dict[str, Any], report: Report) -> Store:
    preview_id = int(payload["preview_id"])
    with transaction() as session:
        document = previewing.load_source(session, preview_id)
    report("reading", 10)
    lines, losses = read_with_losses(*document)
    report("splitting", 60)
    split = import_split.split(lines, losses)
    return lambda session: previewing.store(session, preview_id, split)


def _export_data(payload: dict[str, Any], report: Report) -> Store:
    export_id = int(payload["export_id"])
    report("collecting", 10)
    with transaction() as session:
        tables = data_files.load(session, export_id)
    report("writing", 70)
    content = data_files.packed(tables)
    return lambda session: data_files.store(session, export_id, content)


def _import_offline(payload: dict[str, Any], report: Report) -> Store:
    batch_id, actor = int(payload["batch_id"]), system_actor(keyring())
    done, total = -1, 0
    while done < total:
        with transaction() as session:
            done, total = batches.import_some(session, actor, batch_id, rules.screen)
        report("recording", 100 * done // max(1, total))
    return _nothing


def _group_dissents(payload: dict[str, Any], report: Report) -> Store:
    summary_id = int(payload["summary_id"])
    with transaction() as session:
        texts = dissent_answering.texts_to_group(session, summary_id)
    report("collecting", 10)
    alike = {finding: dissent_words.alike(said) for finding, said in texts.items()}
    return lambda session: dissent_answering.store_groups(session, summary_id, alike)


def _make_report(payload: dict[str, Any], report: Report) -> Store:
    report("collecting", 5)
    with transaction() as session:
        loaded = editions.load(
            session, int(payload["edition_id"]), consultation_figures.of_consultation
        )
    files = making.files(loaded, report)
    digest = data.digest(loaded.report)
    return lambda session: editions.store(session, loaded, digest, files)


def _fan_out(payload: dict[str, Any], _report: Report) -> Store:
    keys, number, after = keyring(), int(payload["news"]), int(payload["after"])
    if not sends_mail():
        return _nothing
    return lambda session: telling.fan_out(session, keys, number, after)


def _run_round(payload: dict[str, Any], _report: Report) -> Store:
    keys, hour = keyring(), datetime.fromisoformat(payload["hour"])
    if not sends_mail():
        return _nothing
    return lambda session: telling.run_round(session, keys, hour, int(payload["after"]))


def _deliver(_payload: dict[str, Any], _report: Report) -> Store:
    has_more = delivery.deliver()
    return (lambda session: jobs.enqueue(session, DELIVER)) if has_more else _nothing


def _clean_up(payload: dict[str, Any], _report: Report) -> Store:
    upkeep.clean(int(payload["consultation"]))
    return _nothing


def _clean_files(_payload: dict[str, Any], _report: Report) -> Store:
    upkeep.clean_database()
    return _nothing


def _retain(_payload: dict[str, Any], _report: Report) -> Store:
    upkeep.retain()
    return _nothing


def _pack_own_data(payload: dict[str, Any], _report: Report) -> Store:
    export_id = str(payload["export"])
    with transaction() as session:
        asked = own_exports.load(session, keyring(), export_id)
    if asked is None:
        return _nothing
    archive = own_data.packed(asked)
    return lambda session: own_exports.store(session, export_id, asked.key, archive)


def _nothing(_session: Any) -> None:
    """Store nothing."""


JOBS: dict[str, Task] = {
    "analysis.run": _run_analysis,
    "draft.read": _read_draft,
    "data.export": _export_data,
    "open_data.make": _make_open_data,
    summary_check.GROUP: _group_dissents,
    editions.TASK: _make_report,
    batches.TASK: _import_offline,
    news.FAN_OUT: _fan_out,
    telling.ROUND: _run_round,
    DELIVER: _deliver,
    erasing.CLEAN: _clean_up,
    upkeep.FILES: _clean_files,
    upkeep.RETENTION: _retain,
    own_exports.TASK: _pack_own_data,
}
#: What to tell the domain when a job has failed for the last time.
ON_DEAD: dict[str, Callable[[Any, dict[str, Any]], None]] = {"analysis.run": _give_up_analysis}
