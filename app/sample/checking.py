"""The sample between summary and answers: people check the summary and say what it misses."""

from app.sample import texts
from app.sample.opening import Play
from app.sample.people import chance
from app.sample.texts import Entry
from consultations import (
    dissent_answering,
    dissent_words,
    dissenting,
    ratifying,
    second_voting,
    summary_building,
    voting,
)
from consultations.queries import findings
from consultations.queries.findings import FindingRow
from core.actor import system_actor
from moderation import rules

#: Of those whose answer is not "reflects me", the share that says "misses me".
MISSING = 0.6


def word_sentences(play: Play, rows: list[FindingRow]) -> None:
    """Let the officer word some sentences of the working summary."""
    for entry in texts.read(play.slug, "check")["reworded"]:
        row = _about(play, rows, entry)
        summary_building.reword(play.session, play.cast["officer"], row.id, **_reworded(row, entry))


def check_summary(play: Play) -> None:
    """Let people answer and dissent, and end the check when its time is over."""
    told = texts.read(play.slug, "check")
    rows = _rows(play)
    play.wait(2)
    for entry in told["answers"]:
        _answer(play, rows, entry)
    for entry in told["dissents"]:
        about = _about(play, rows, entry) if "statement" in entry else None
        dissenting.write(
            play.session,
            play.cast.person(play.slug, entry["author"]),
            play.consultation.id,
            finding_id=about.id if about else None,
            body=entry["body"],
            screen=rules.screen,
        )
    play.wait(8)
    ratifying.close_due(play.session, system_actor())


def answer_dissents(play: Play) -> None:
    """Group the dissents, and answer those that the sample has an answer to."""
    summary = findings.latest_summary(play.session, play.consultation.id, findings.PUBLISHED)
    number = summary.id if summary else 0
    said = dissent_answering.texts_to_group(play.session, number)
    alike = {finding: dissent_words.alike(own) for finding, own in said.items()}
    dissent_answering.store_groups(play.session, number, alike)
    groups = dissent_answering.groups_by_words(play.session, number)
    for entry in texts.read(play.slug, "check")["dissents"]:
        if "answer_th" in entry:
            group = groups[entry["body"]]
            words = {"answer_th": entry["answer_th"], "answer_en": entry["answer_en"]}
            dissent_answering.answer_group(play.session, play.cast["officer"], group, **words)
            play.wait(1)
            dissent_answering.publish_answer(play.session, play.cast["approver"], group)


def vote_again(play: Play) -> None:
    """Put another wording of the contested sentence to a second vote, and let it end."""
    entry = texts.read(play.slug, "check")["revised"]
    row = _about(play, _rows(play), entry)
    officer, approver = play.cast["officer"], play.cast["approver"]
    second_voting.propose(play.session, officer, row.id, **_reworded(row, entry))
    second_voting.begin(play.session, approver, row.id, days=3)
    for who in (who for ends in entry["people"] for who in range(*ends)):
        drawn = chance("second", play.slug, who)
        choice = "agree" if drawn < entry["agree"] else "disagree"
        actor = play.cast.person(play.slug, who)
        second_voting.cast(play.session, actor, row.id, voting.choice_named(choice))
    play.wait(5)


def _answer(play: Play, rows: list[FindingRow], entry: Entry) -> None:
    """Let people of one group answer to one sentence, or to the whole."""
    about = _about(play, rows, entry) if "statement" in entry else None
    for who in [*range(*entry["people"]), *entry.get("named", ())]:
        drawn = chance("check", play.slug, who, entry.get("statement", "whole"))
        verdict = "reflects" if drawn < entry["reflects"] else _against(play, who)
        ratifying.answer(
            play.session,
            play.cast.person(play.slug, who),
            play.consultation.id,
            finding_id=about.id if about else None,
            verdict=verdict,
        )


def _against(play: Play, who: int | str) -> str:
    return "misses" if chance("against", play.slug, who) < MISSING else "wrong"


def _rows(play: Play) -> list[FindingRow]:
    page = findings.summary_page(play.session, play.consultation.id)
    return list(page.findings) if page else []


def _about(play: Play, rows: list[FindingRow], entry: Entry) -> FindingRow:
    """Return the first sentence that rests on a statement of the sample's list."""
    statements = texts.read(play.slug, "statements")["statements"]
    body = statements[entry["statement"] - 1]["body"]
    return next(row for row in rows if row.repeated == body)


def _reworded(row: FindingRow, entry: Entry) -> dict[str, str]:
    return {
        "text_th": row.machine_th.replace(*entry["th"]),
        "text_en": row.machine_en.replace(*entry["en"]),
    }
