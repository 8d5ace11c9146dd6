"""The sample's second act: people comment, propose statements and vote, a moderator decides."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.sample import texts
from app.sample.opening import Play
from app.sample.people import chance
from app.sample.texts import Entry
from consultations import commenting, proposing, rehearsing, voting
from consultations.anchoring import Quote
from consultations.comment_words import Words
from moderation import deciding, flagging, rules

if TYPE_CHECKING:
    from consultations.models import Comment

#: People come in so many waves.
WAVES = 6
#: Share of the statements that a participant gets to, of the late ones, and of unsure answers.
SEEN, SEEN_LATE, UNSURE = 0.85, 0.5, 0.08
#: Statements that the named citizens get to; the others are left to whoever tries the sample.
OWN_VOTES = 7
#: One citizen of each planted group.
NAMED = ("citizen", "second-citizen")


def take_part(play: Play, *, days_between: int) -> None:
    """Let the people of the sample come in waves, with days between them."""
    entries = texts.read(play.slug, "statements")
    statements = entries["statements"]
    comments = texts.read(play.slug, "comments")
    people = _people(entries["groups"])
    for wave in range(WAVES):
        play.wait(days_between)
        is_last = wave == WAVES - 1
        if wave == 0 or is_last:
            _propose(play, statements, late=is_last)
        for entry in comments[wave::WAVES]:
            comment_on(play, entry)
        for who, group in people[wave::WAVES]:
            _vote(play, who, group, statements)
    for name, group in zip(NAMED, entries["groups"], strict=True):
        _vote(play, name, group, statements[:OWN_VOTES])


def comment_on(play: Play, entry: Entry) -> "Comment":
    """Write one of the sample's comments."""
    quote = entry.get("quote", "")
    return commenting.submit(
        play.session,
        play.cast.person(play.slug, entry["author"]),
        play.consultation.id,
        clause_key=play.keys[entry["clause"]],
        words=Words(
            entry["body"], entry["stance"], entry.get("reason", ""), entry.get("wording", "")
        ),
        quote=Quote(quote, "", "", 0) if quote else None,
        screen=rules.screen,
    )


def flag(play: Play, comment: "Comment", entries: Iterable[Entry]) -> None:
    """Let participants report a comment."""
    for entry in entries:
        flagging.flag(
            play.session,
            play.cast.person(play.slug, entry["by"]),
            comment.reference,
            rule=entry["rule"],
            note=entry["note"],
        )


def moderate(play: Play, entries: Iterable[Entry]) -> None:
    """Write comments that break a rule and are reported; a day later the moderator decides."""
    written = []
    for entry in entries:
        comment = comment_on(play, entry)
        flag(play, comment, entry["flags"])
        written.append((comment, entry["decision"]))
    play.wait(1)
    for comment, decision in written:
        deciding.decide(
            play.session,
            play.cast["moderator"],
            comment.reference,
            expected_revision=comment.revision,
            **decision,
        )


def _people(groups: dict[str, int]) -> list[tuple[int, str]]:
    names = [group for group, size in groups.items() for _ in range(size)]
    return list(enumerate(names, start=1))


def _propose(play: Play, statements: list[Entry], *, late: bool) -> None:
    for place, entry in enumerate(statements, start=1):
        if entry["origin"] == "agency" or entry.get("late", False) is not late:
            continue
        author = place if entry["origin"] == "participant" else entry["origin"]
        statement = proposing.propose(
            play.session,
            play.cast.person(play.slug, author),
            play.consultation.id,
            body=entry["body"],
            clause_key=play.keys[entry["clause"]],
            screen=rules.screen,
        )
        play.statements[entry["body"]] = statement.reference


def _vote(play: Play, who: int | str, group: str, statements: list[Entry]) -> None:
    choices = {}
    for entry in statements:
        body = entry["body"]
        seen = SEEN_LATE if entry.get("late") else SEEN
        if body in play.statements and chance("seen", play.slug, who, body) < seen:
            choice = _choice(play, who, group, entry)
            choices[play.statements[body]] = voting.choice_named(choice)
    actor = play.cast.person(play.slug, who)
    rehearsing.cast_votes(play.session, actor, play.consultation, choices)


def _choice(play: Play, who: int | str, group: str, entry: Entry) -> str:
    if who in NAMED:
        return "agree" if entry["agree"][group] >= 0.5 else "disagree"
    if chance("unsure", play.slug, who, entry["body"]) < UNSURE:
        return "pass"
    drawn = chance("choice", play.slug, who, entry["body"])
    return "agree" if drawn < entry["agree"][group] else "disagree"
