"""The sample's third act: the summary is published and the agency answers item by item."""

from dataclasses import dataclass, field

from app.sample import checking, texts
from app.sample.opening import Play
from app.sample.subjects import Subject, subject_of
from app.sample.texts import Entry
from consultations import assigning, publishing, responding, summarising, templating
from consultations.assigning import Work
from consultations.lifecycle import Event
from consultations.queries import answer_desk, answer_items, answer_rows, findings
from consultations.queries.answer_duty import Item, ItemKind
from consultations.queries.answer_rows import DeskRow
from consultations.responding import Answer
from consultations.templating import TemplateWords

#: Why the officer proposes to publish.
_ALL_ANSWERED = "ตอบครบทุกข้อและตรวจร่วมกับกองวิชาการแล้ว"
#: Most comments of a theme that are read to tell its subject.
_READ = 200


@dataclass
class Answered:
    """Numbers of the published responses, by what they answer.

    Parameters
    ----------
    statements : dict of int to list of int
        By the statement's place in the sample's list, from 1; several findings can rest on one.
    topics : dict of int to list of int
        By the place of the clause that a theme is about.
    comments : dict of str to int
        By the comment's name in the sample.
    """

    statements: dict[int, list[int]] = field(default_factory=dict)
    topics: dict[int, list[int]] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)


def publish_summary(play: Play, run_id: int) -> None:
    """Prepare the summary from a run, word its themes, publish it, and let people check it."""
    session, officer = play.session, play.cast["officer"]
    play.wait(2)
    play.step("officer", Event.SUMMARISE)
    summary = summarising.prepare(session, officer, play.consultation.id, run_id)
    page = findings.summary_page(session, play.consultation.id, findings.WORKING)
    themes = page.themes if page else ()
    for number in [theme.id for theme in themes if theme.kind == "theme"]:
        entry = _subject(play, Item(ItemKind.THEME, number)).entry
        labels = {name: entry[name] for name in ("label_th", "label_en")}
        summarising.name_theme(session, officer, number, **labels)
    checking.word_sentences(play, list(page.findings) if page else [])
    play.wait(3)
    summarising.publish(session, play.cast["approver"], summary.id)
    play.step("officer", Event.RATIFY)
    checking.check_summary(play)
    play.step("officer", Event.ANSWER)
    checking.answer_dissents(play)
    checking.vote_again(play)


def answer_everything(play: Play) -> Answered:
    """Answer every item that must be answered and some comments; approve and publish it all."""
    answered = Answered()
    play.wait(8)
    _keep_templates(play)
    rows = answer_desk.required_rows(play.session, play.consultation.id)
    _share_out(play, [row.item for row in rows])
    required = [_answer_required(play, row, answered) for row in rows]
    numbers = _comment_numbers(play)
    for name, entry in texts.read(play.slug, "answers")["comments"].items():
        item = Item(ItemKind.COMMENT, numbers[name])
        answered.comments[name] = _answer(play, item, entry)
    play.wait(3)
    for number in [*required, *answered.comments.values()]:
        responding.approve(play.session, play.cast["approver"], number)
    motion = publishing.propose_publication(
        play.session, play.cast["officer"], play.consultation.id, reason=_ALL_ANSWERED
    )
    publishing.publish_all(play.session, play.cast["approver"], motion)
    return answered


def leave_for_others(play: Play) -> None:
    """Write an answer that waits for an approver, so that whoever tries the sample has a task."""
    numbers = _comment_numbers(play)
    for name, entry in texts.read(play.slug, "answers")["waiting"].items():
        _answer(play, Item(ItemKind.COMMENT, numbers[name]), entry)
    note = texts.read(play.slug, "answers")["note"]
    item = Item(ItemKind.COMMENT, numbers[note["comment"]])
    _share_out(play, [item])
    assigning.note(play.session, play.cast["officer"], play.consultation.id, item, body=note["th"])


def _keep_templates(play: Play) -> None:
    for entry in texts.read(play.slug, "answers")["templates"]:
        words = TemplateWords(entry["name"], entry["th"], entry["en"])
        templating.add(play.session, play.cast["officer"], words)


def _share_out(play: Play, items: list[Item]) -> None:
    officer, unit = play.cast["officer"], texts.read(play.slug, "answers")["unit"]
    work = Work(officer.account_id, unit)
    assigning.assign(play.session, officer, play.consultation.id, items, work)


def _answer_required(play: Play, row: DeskRow, answered: Answered) -> int:
    """Answer a theme by its subject or a finding by its statement; return the response."""
    if row.item.kind is ItemKind.THEME:
        subject = _subject(play, row.item)
        number = _answer(play, row.item, subject.entry)
        for place in subject.clauses:
            answered.topics.setdefault(place, []).append(number)
        return number
    said = {voice.words for voice in answer_desk.voices(play.session, row.item)}
    statements = texts.read(play.slug, "statements")["statements"]
    place = next(n for n, entry in enumerate(statements, start=1) if entry["body"] in said)
    number = _answer(play, row.item, texts.read(play.slug, "answers")["statements"][str(place)])
    answered.statements.setdefault(place, []).append(number)
    return number


def _subject(play: Play, item: Item) -> Subject:
    return subject_of(play.slug, answer_desk.voices(play.session, item, limit=_READ))


def _comment_numbers(play: Play) -> dict[str, int]:
    """Return the numbers of the comments that the sample gives a name."""
    entries = texts.read(play.slug, "comments")
    names = {entry["body"]: entry["name"] for entry in entries if "name" in entry}
    found = answer_items.entries(play.session, play.consultation.id)
    rows = answer_rows.desk_rows(play.session, [each for each in found if each.proposes])
    return {names[row.text_th]: row.item.number for row in rows if row.text_th in names}


def _answer(play: Play, item: Item, entry: Entry) -> int:
    given = Answer(
        disposition=entry["disposition"],
        ground=entry["ground"],
        reason_th=entry["th"],
        reason_en=entry["en"],
        clause_key=play.keys[entry["clause"]],
    )
    consultation_id = play.consultation.id
    response = responding.answer(
        play.session, play.cast["officer"], consultation_id, item=item, given=given
    )
    return response.id
