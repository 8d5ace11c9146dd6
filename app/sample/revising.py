"""The sample's last act: the next draft, each change with the responses that caused it."""

from app.sample import texts
from app.sample.answering import Answered
from app.sample.opening import Play, translation
from app.sample.texts import Entry
from consultations import drafting
from consultations.drafting import ClauseWords
from consultations.queries import promises


def publish_next_draft(play: Play, answered: Answered) -> None:
    """Write the second draft, say why each clause changed, and publish it."""
    officer, script = play.cast["officer"], texts.read(play.slug, "draft-2")
    draft_id = drafting.open_next(play.session, officer, play.consultation.id).id
    written = _write_clauses(play, draft_id, script["clauses"])
    for key, entry in written.items():
        if "because" in entry:
            drafting.explain_change(
                play.session,
                officer,
                draft_id,
                key,
                response_ids=_causes(entry["because"], answered),
                note_th=entry["note_th"],
                note_en=entry["note_en"],
            )
    play.wait(4)
    notes = {name: script[name] for name in ("note_th", "note_en")}
    drafting.publish(play.session, play.cast["approver"], draft_id, **notes)


def _write_clauses(play: Play, draft_id: int, entries: list[Entry]) -> dict[str, Entry]:
    """Write the clauses of the second draft; return the entries by the key of their clause."""
    officer = play.cast["officer"]
    written: dict[str, Entry] = {}
    last, place = "", 0
    for entry in entries:
        if entry.get("removed"):
            key = play.keys[entry["was"]]
            drafting.remove_clause(play.session, officer, draft_id, key)
        else:
            place += 1
            key = last = _write(play, draft_id, entry, place, last)
        written[key] = entry
    return written


def _write(play: Play, draft_id: int, entry: Entry, place: int, last: str) -> str:
    """Write one clause, or put a new one after the last; return its key."""
    officer = play.cast["officer"]
    clauses = [u for u in texts.read(play.slug, "draft-1")["units"] if u["kind"] == "clause"]
    unit = {**clauses[entry["was"] - 1], **entry} if "was" in entry else entry
    words = ClauseWords(number=texts.clause_number(place), body=unit["body"], **translation(unit))
    if "was" not in entry:
        return drafting.add_after(play.session, officer, draft_id, last, words).key
    key = play.keys[entry["was"]]
    if "takes" in entry:
        _take_over(play, draft_id, key, entry["takes"])
    drafting.write_clause(play.session, officer, draft_id, key, words)
    return key


def _take_over(play: Play, draft_id: int, key: str, name: str) -> None:
    """Take the wording of a named comment over; the script may write on from there."""
    script = texts.read(play.slug, "comments")
    proposed = next(entry["wording"] for entry in script if entry.get("name") == name)
    beside = promises.promises(play.session, play.consultation.id, draft_id, key)
    reference = next(each.reference for each in beside.wordings if each.text == proposed)
    drafting.take_over(play.session, play.cast["officer"], draft_id, key, reference)


def _causes(because: Entry, answered: Answered) -> list[int]:
    """Return the responses that an entry names, as far as the run led to them."""
    found = [
        n for place in because.get("statements", ()) for n in answered.statements.get(place, ())
    ]
    found += [n for place in because.get("topics", ()) for n in answered.topics.get(place, ())]
    return found + [answered.comments[name] for name in because.get("comments", ())]
