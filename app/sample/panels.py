"""The sample's panel: invited people read prototype clauses and say what they think of them."""

from app.sample import texts
from app.sample.opening import Play
from app.sample.people import chance
from consultations import prototyping
from consultations.prototyping import Prototype, Said
from consultations.queries import panels
from core.clock import BANGKOK, now


def read_prototype(play: Play) -> None:
    """Let invited people answer on the last day; the next day a second person publishes it."""
    given, session = texts.read(play.slug, "panel"), play.session
    today = now().astimezone(BANGKOK).date()
    prototype = Prototype(given["title_th"], today, given["clauses"], given["title_en"])
    officer = play.cast["officer"]
    panel = prototyping.begin(session, officer, play.consultation.id, given=prototype)
    addresses = [f"panel-{number}@participants.invalid" for number in range(given["people"])]
    keyring = play.cast.keyring
    tokens = prototyping.invite(
        session, officer, keyring, panel.id, addresses=addresses, by_letter=False
    )
    clauses = panels.clauses_of(session, panel)
    for number, token in enumerate(tokens):
        person = play.cast.person(play.slug, 900 + number)
        prototyping.reply(session, person, token, accepts=True)
        said = [
            Said(clause.id, *_degrees(number, clause.position), _change(given, number))
            for clause in clauses
        ]
        prototyping.answer(session, person, panel.id, said=said)
    play.wait(1)
    prototyping.publish(session, play.cast["approver"], panel.id)


def _degrees(number: int, position: int) -> tuple[str, str]:
    """Return whether somebody understands a clause and finds it workable: the later, the less."""
    drawn = (chance("panel", question, number, position) for question in ("read", "do"))
    understood, workable = ("yes" if each > 0.22 * (position - 1) else "no" for each in drawn)
    return understood, workable


def _change(given: texts.Entry, number: int) -> str:
    changes: list[str] = given["changes"]
    return changes[number] if number < len(changes) else ""
