"""The sample's last act: the next draft, each change with the responses that caused it."""

from app.sample import texts
from app.sample.answering import Answered
from app.sample.opening import Play, translation
from app.sample.texts import Entry
from consultations import drafting
from consultations.drafting import ClauseWords


def write_next_draft(play: Play) -> int:
    """Open the second draft and write its clauses; return its number in the database."""
    draft = drafting.open_next(play.session, play.cast["officer"], play.consultation.id)
    former = _former_clauses(play)
    entries = texts.read(play.slug, "draft-2")["clauses"]
    place, key = 0, ""
    for entry in entries:
        if entry.get("removed"):
            _officer(play, drafting.remove_clause, draft.id, play.keys[entry["was"]])
            continue
        place += 1
        if "was" in entry:
            key = play.keys[entry["was"]]
        else:
            key = drafting.add_after(play.session, play.cast["officer"], draft.id, key).key
        words = {**former.get(entry.get("was", 0), {}), **entry}
        drafting.write_clause(play.session, play.cast["officer"], draft.id, key, _words(place, words))
    return draft.id
