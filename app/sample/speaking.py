"""The sample after the answers: those whose words are answered reply, and rate the answers."""

from app.sample import texts
from app.sample.answering import Answered
from app.sample.opening import Play
from app.sample.people import chance
from consultations import answer_replying, participation, rating
from consultations.queries import own_answer
from consultations.rating import Rating
from moderation import rules

#: Of those who rate, how many feel understood, find reasons, and agree.
UNDERSTOOD, REASONED, AGREES = 0.8, 0.75, 0.55
#: How many of those whose words are answered rate at all.
RATING = 0.6


def speak(play: Play, answered: Answered) -> None:
    """Reply to some answers and rate those to the themes."""
    for entry in texts.read(play.slug, "answers")["replies"]:
        answer_replying.reply(
            play.session,
            play.cast.person(play.slug, entry["who"]),
            answered.comments[entry["comment"]],
            body=entry["th"],
            screen=rules.screen,
        )
    themes = {number for numbers in answered.topics.values() for number in numbers}
    authors = dict.fromkeys(entry["author"] for entry in texts.read(play.slug, "comments"))
    for who in authors:
        actor = play.cast.person(play.slug, who)
        participant = participation.find_participant(play.session, actor, play.consultation)
        if participant is None or chance("rates", play.slug, who) > RATING:
            continue
        for number in sorted(own_answer.answers_to(play.session, participant.id, themes)):
            seen = chance("rating", play.slug, f"{who}-{number}")
            made = Rating(seen < UNDERSTOOD, seen < REASONED, seen < AGREES)
            rating.rate(play.session, actor, number, made)
