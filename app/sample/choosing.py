"""The sample's themes: officers choose some of the machine's, read comments, and show them."""

from collections import Counter

from app.sample import texts
from app.sample.opening import Play
from app.sample.texts import Entry
from consultations import theme_choosing, theme_reading
from consultations.queries import theme_candidates, theme_comments, workbench
from consultations.queries import theme_reading as to_read
from consultations.theme_deeds import Wording

#: Comments that the officer reads, and those that the approver reads blind after that.
READ, READ_TWICE = 30, 24


def choose(play: Play) -> None:
    """Choose the larger machine themes by what they are about, read, and show them to everyone."""
    told = texts.read(play.slug, "themes")
    session, number, officer = play.session, play.consultation.id, play.cast["officer"]
    subjects = {place: entry for entry in told["subjects"] for place in entry["clauses"]}
    by_subject: dict[str, int] = {}
    for candidate in theme_candidates.candidates(session, number, ()):
        entry = subjects.get(_clause(play, candidate.key))
        if entry is not None and entry["label_th"] not in by_subject:
            by_subject[entry["label_th"]] = _adopted(play, candidate.key, entry)
    for entry in told["subjects"]:
        if entry["label_th"] not in by_subject:
            made = theme_choosing.create(session, officer, number, _wording(entry))
            by_subject[entry["label_th"]] = made.id
    _read(play, {place: by_subject[entry["label_th"]] for place, entry in subjects.items()})
    theme_choosing.show(session, officer, number, shown=True, reason=told["shown"])
    _set_aside(play, told["set_aside"])


def _wording(entry: Entry) -> Wording:
    names = ("label_th", "label_en", "description_th", "description_en")
    return Wording(**{name: entry.get(name, "") for name in names})


def _adopted(play: Play, key: str, entry: Entry) -> int:
    session, officer = play.session, play.cast["officer"]
    theme = theme_choosing.adopt(session, officer, play.consultation.id, key)
    seen, wording = theme.revision, _wording(entry)
    theme_choosing.word(
        session, officer, theme.id, seen=seen, wording=wording, reason=entry["reason"]
    )
    return theme.id


def _set_aside(play: Play, reason: str) -> None:
    """Set the first machine theme aside that nobody chose."""
    session, number = play.session, play.consultation.id
    for candidate in workbench.workbench(session, number).candidates[::-1]:
        if candidate.taken is None:
            officer = play.cast["officer"]
            theme_choosing.set_aside(session, officer, number, candidate.key, reason=reason)
            return


def _clause(play: Play, key: str) -> int:
    """Return the place of the clause that most comments of a machine theme are about; 0 if none."""
    clauses = _clauses(play)
    rows = theme_comments.in_candidate(play.session, play.consultation.id, key).rows
    counted = Counter(clauses[row.body] for row in rows if row.body in clauses)
    return max(counted, key=lambda place: (counted[place], -place)) if counted else 0


def _clauses(play: Play) -> dict[str, int]:
    return {entry["body"]: entry["clause"] for entry in texts.read(play.slug, "comments")}


def _read(play: Play, by_clause: dict[int, int]) -> None:
    """Read comments as two people would who go by the clause and sometimes differ."""
    session, number, clauses = play.session, play.consultation.id, _clauses(play)
    officer, approver = play.cast["officer"], play.cast["approver"]
    for turn in range(READ + READ_TWICE):
        second = turn >= READ
        reader = approver if second else officer
        find = to_read.next_second if second else to_read.next_reference
        reference = find(session, number, reader.account_id)
        if reference is None:
            continue
        shown = to_read.to_read(session, number, reference, (), second=second)
        place = clauses.get(shown.comment.body, 0)
        themes = {by_clause[place]} if place in by_clause else set()
        if second and turn % 6 == 0:
            themes = set()
        placed = theme_reading.OUTCOMES["placed"]
        said = theme_reading.Said(placed, themes, shown.seen, is_second=second)
        theme_reading.read(session, reader, number, reference, said)
