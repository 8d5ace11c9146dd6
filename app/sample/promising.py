"""The sample's outlook: what the agency promises, and a first report on it."""

from datetime import timedelta

from app.sample import texts
from app.sample.answering import Answered
from app.sample.opening import Play
from app.sample.texts import Entry
from consultations import committing
from consultations.committing import Promise, Report
from core.clock import now


def promise_and_report(play: Play, answered: Answered) -> None:
    """Make the promises public, and report on those that the sample tells of."""
    entries = texts.read(play.slug, "commitments")
    numbers = [_promise(play, entry, answered) for entry in entries]
    play.wait(2)
    for number in numbers:
        committing.publish(play.session, play.cast["approver"], number)
    play.wait(3)
    for number, entry in zip(numbers, entries, strict=True):
        if told := entry.get("report"):
            report = Report("under_way", told["th"], told["en"])
            committing.report(play.session, play.cast["officer"], number, given=report)


def _promise(play: Play, entry: Entry, answered: Answered) -> int:
    responses = answered.statements.get(int(entry.get("statement", 0)), [])
    given = Promise(
        text_th=entry["th"],
        text_en=entry["en"],
        owner=entry["owner"],
        due_on=now().date() + timedelta(days=entry["days"]),
        response_id=responses[0] if responses else None,
    )
    officer, number = play.cast["officer"], play.consultation.id
    return committing.promise(play.session, officer, number, given=given).id
