"""The sample's working group: seats, a charter, a meeting, and what the members decided."""

import secrets
from datetime import timedelta

from app.sample import texts
from app.sample.opening import Play
from app.sample.texts import Entry
from consultations import chartering, committing, deliberating, forming, meeting
from consultations.chartering import CharterWords
from consultations.committing import Report
from consultations.deliberating import ProposalWords
from consultations.forming import Founding, Seat
from consultations.meeting import Agenda
from consultations.queries import groups
from core.accounts import authenticating, registering
from core.actor import Actor, Role, system_actor
from core.clock import BANGKOK, now


def convene(play: Play) -> None:
    """Found the group, let it meet and decide, and leave a proposal for whoever tries it."""
    given = texts.read(play.slug, "group")
    fields = ("title_th", "title_en", "purpose_th", "purpose_en")
    founding = Founding(**{field: given[field] for field in fields})
    officer, session = play.cast["officer"], play.session
    group_id = forming.found(session, officer, play.consultation.id, given=founding).id
    people = {entry["who"]: _seat(play, group_id, entry) for entry in given["members"]}
    facilitator = _seat(play, group_id, given["facilitator"], is_facilitator=True)
    charter = CharterWords(**given["charter"])
    version = chartering.write(session, facilitator, group_id, given=charter).version
    for person in people.values():
        chartering.agree(session, person, group_id, version)
    play.wait(2)
    _meet(play, facilitator, group_id, given["meeting"])
    for name in ("step", "refused", "open"):
        _decide(play, people, group_id, given[name])
    for row in groups.group_page(session, groups.group_numbered(session, *_place(play))).plan:
        report = Report("under_way", given["step"]["report"])
        committing.report(session, people["trader"], row.commitment.id, given=report)


def _place(play: Play) -> tuple[int, int]:
    return play.consultation.id, 1


def _seat(play: Play, group_id: int, entry: Entry, *, is_facilitator: bool = False) -> Actor:
    session, keyring = play.session, play.cast.keyring
    actor = play.cast.named.get(entry["who"]) or _register(play, entry["who"], is_facilitator)
    address = f"{entry['who']}@sarn.example"
    seat = Seat(address, entry["sector"], entry["seat"], is_facilitator)
    officer = play.cast["officer"]
    _, token = forming.invite(session, officer, keyring, group_id, given=seat, by_letter=False)
    name, organisation = entry["name"], entry["organisation"]
    forming.accept(session, actor, token, shown_name=name, shown_organisation=organisation)
    return actor


def _register(play: Play, name: str, is_facilitator: bool) -> Actor:
    """Make an account that nobody can sign in to."""
    session, keyring, address = play.session, play.cast.keyring, f"{name}@sarn.example"
    password = secrets.token_urlsafe(24)
    account = registering.register(session, keyring, email=address, password=password)
    if is_facilitator:
        registering.grant(session, system_actor(), account, Role.FACILITATOR)
    return authenticating.actor_of(account, keyring, address)


def _meet(play: Play, facilitator: Actor, group_id: int, entry: Entry) -> None:
    session, today = play.session, now().astimezone(BANGKOK).date()
    given = Agenda(today, entry["place"], entry["agenda"])
    held = meeting.announce(session, facilitator, group_id, given=given).id
    meeting.publish_minutes(session, facilitator, held, body=entry["minutes"])
    words = {"body": entry["corrected"], "correction": entry["correction"]}
    meeting.publish_minutes(session, facilitator, held, **words)


def _decide(play: Play, people: dict[str, Actor], group_id: int, entry: Entry) -> None:
    days, today = entry.get("days"), now().astimezone(BANGKOK).date()
    due_on = today + timedelta(days=days) if days else None
    words = ProposalWords(entry["title"], entry["body"], due_on, entry.get("resources", ""))
    author = people[entry["who"]]
    proposal = deliberating.propose(play.session, author, group_id, given=words).id
    for who, (position, reason) in entry["answers"].items():
        deliberating.declare(
            play.session, people[who], proposal, 1, position=position, reason=reason
        )
