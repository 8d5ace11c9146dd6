"""Nobody can tell from what is public that two pseudonyms of two consultations are one person."""

import csv
import io
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app import jobs as worker
from consultations import analysing, commenting, participation
from consultations.comment_words import Words
from consultations.models import Consultation, Vote
from core import ledger
from core.actor import Actor, Role
from core.clock import BANGKOK
from core.keyring import Keyring
from moderation.rules import screen
from tests.factories import (
    make_actor,
    make_agency,
    make_consultation,
    make_draft,
    make_statement,
)
from tests.security.conftest import Record

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)

PEOPLE, CONSULTATIONS, STATEMENTS = 500, 3, 5
#: Receipts and pages of single contributions are read for so many people.
READ = 120
FIRST_DAY = datetime(2026, 9, 1, tzinfo=BANGKOK)
DAYS = 30
#: What a feature tells, compared with chance: 1 is nothing.
MOST_LIFT = 1.1
TOKEN = re.compile(r"[0-9A-Za-z_:+/=-]{4,}")

#: What is public of a person's comment: tokens that could be equal, and numbers that could be near.
Tokens = dict[int, set[str]]
Features = dict[str, dict[int, float]]
#: Tokens that many share by their nature: numbers and days.
COMMON = re.compile(r"\d+|\d{4}-\d\d-\d\d")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


def taken_part(session: Session, keyring: Keyring) -> list[Consultation]:
    """Let the same people take part in each consultation, each at their hour, on some day."""
    draw = random.Random(11)  # noqa: S311
    agency = make_agency(session)
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    people = [make_actor(session, keyring) for _ in range(PEOPLE)]
    hours = [draw.uniform(7, 22) for _ in people]
    made = []
    for place in range(CONSULTATIONS):
        opens = FIRST_DAY
        consultation = make_consultation(
            session, keyring, agency=agency, opens_at=opens, closes_at=opens + timedelta(days=500)
        )
        made.append(consultation)
        make_draft(session, consultation)
        statements = [make_statement(session, consultation) for _ in range(STATEMENTS)]
        moments = [
            FIRST_DAY
            + timedelta(days=draw.randrange(DAYS), hours=max(0.0, draw.gauss(hours[number], 1)))
            for number in range(PEOPLE)
        ]
        session.commit()
        for number in sorted(range(PEOPLE), key=moments.__getitem__):
            with time_machine.travel(moments[number], tick=False):
                _act(session, people[number], consultation, number, [s.id for s in statements])
            if number % 50 == 0:
                session.commit()
        ledger.seal(session, limit=5_000)
        analysing.request_run(session, officer, consultation.id)
        session.commit()
        assert place < CONSULTATIONS
    worker.run_all()
    return made


def _act(
    session: Session, actor: Actor, where: Consultation, number: int, statements: list[int]
) -> None:
    commenting.submit(
        session,
        actor,
        where.id,
        clause_key=f"s{1 + number % 2}",
        # The words tell the test, and nobody else, who wrote them.
        words=Words(f"ความเห็นของคนที่ <{number:03}> เรื่อง {where.id}"),
        quote=None,
        screen=screen,
    )
    person = participation.join(session, actor, where)
    draw = random.Random(f"{number} {where.id}")  # noqa: S311
    day = person.joined_on
    session.add_all(
        Vote(statement_id=each, participant_id=person.id, choice=draw.choice((1, -1)), voted_on=day)
        for each in statements
    )


def author_in(words: str) -> int | None:
    found = re.search(r"(?:<|&lt;)(\d{3})(?:>|&gt;)", words)
    return int(found[1]) if found else None


def public_data(app: Flask, where: Consultation) -> tuple[Tokens, Features, dict[int, str]]:
    """Return what anybody can read of each person's comment; the last is their label in a file."""
    client = app.test_client()
    tokens: Tokens = defaultdict(set)
    features: Features = defaultdict(dict)
    references: dict[int, str] = {}
    labels: dict[int, str] = {}
    for place, card in enumerate(_cards(client, where.slug)):
        number = author_in(card)
        assert number is not None
        tokens[number] |= set(TOKEN.findall(card))
        features["order of pages"][number] = place
        references[number] = re.findall(r'id="c-([0-9A-Z]{12})"', card)[0]
    for place, row in enumerate(_rows(client, f"/open-data/{where.slug}/comments.csv")):
        number = author_in(row["text"])
        assert number is not None
        tokens[number].add(row["comment"])
        labels[number] = row["author"]
        features["order of open data"][number] = place
    for number in sorted(references)[:READ]:
        code = references[number]
        for page in (f"/receipts/{code}.txt", f"/consultations/{where.slug}/contributions/{code}"):
            answer = client.get(page)
            assert answer.status_code == 200, page
            tokens[number] |= set(
                TOKEN.findall(re.sub(r'nonce-[^"\']+|value="[^"]+"', "", answer.text))
            )
    assert len(references) == PEOPLE
    return tokens, features, labels


def _cards(client: object, slug: str) -> Iterator[str]:
    """Yield every comment of the discussion as its page shows it, the newest first."""
    address = f"/consultations/{slug}/discussion?order=recent"
    while address:
        page = client.get(address).text  # type: ignore[attr-defined]
        parts = re.split(r'(?=<[^>]*id="c-[0-9A-Z]{12}")', page)[1:]
        yield from parts
        link = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = link[1].replace("&amp;", "&") if link else ""


def _rows(client: object, address: str) -> list[dict[str, str]]:
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.data.decode(), newline="")))


def equal(first: Tokens, second: Tokens) -> tuple[int, int]:
    """Join two consultations by tokens that only one person has in each: right joins, and all."""
    owners: list[Mapping[str, int]] = []
    for tokens in (first, second):
        times = Counter(token for own in tokens.values() for token in own)
        owners.append(
            {token: who for who, own in tokens.items() for token in own if times[token] == 1}
        )
    shared = {t for t in owners[0].keys() & owners[1].keys() if not COMMON.fullmatch(t)}
    return sum(owners[0][token] == owners[1][token] for token in shared), len(shared)


def lift(first: Mapping[int, float], second: Mapping[int, float]) -> float:
    """Return how much nearer a person is to themselves than to others: 1 is chance, 2 certain."""
    return 2 * _mean([_share_farther(first[who], who, second) for who in first if who in second])


def _share_farther(value: float, who: int, among: Mapping[int, float]) -> float:
    own = abs(among[who] - value)
    others = [abs(each - value) for other, each in among.items() if other != who]
    farther = sum(each > own for each in others) + 0.5 * sum(each == own for each in others)
    return farther / len(others)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def planted(tokens: Tokens, maker: Callable[[int], str]) -> Tokens:
    return {who: {*own, maker(who)} for who, own in tokens.items()}


def test_no_value_joins_two_pseudonyms_of_a_person(
    app: Flask, session: Session, keyring: Keyring, record: Record
) -> None:
    consultations = taken_part(session, keyring)
    public = [public_data(app, each) for each in consultations]
    pairs = [(0, 1), (0, 2), (1, 2)]
    joins = [equal(public[one][0], public[other][0]) for one, other in pairs]
    # Labels such as a17 are in every file; that one is the same person's in two of them is chance.
    labels = [
        sum(public[one][2][who] == public[other][2][who] for who in range(PEOPLE))
        for one, other in pairs
    ]
    lifts = {
        name: round(_mean([lift(public[a][1][name], public[b][1][name]) for a, b in pairs]), 3)
        for name in public[0][1]
    }
    record(
        "linkage",
        people=PEOPLE,
        consultations=CONSULTATIONS,
        exact_links=sum(right for right, _all in joins),
        same_label_by_chance=labels,
        lift_over_chance=lifts,
    )
    by_hand = [planted(tokens, lambda who: f"avatar-{who * 7919}") for tokens, *_ in public[:2]]
    right, _all = equal(*by_hand)
    assert right >= PEOPLE, "the control: an avatar made from the account joins everybody"
    assert [right for right, _all in joins] == [0, 0, 0]
    assert all(each <= 8 for each in labels), labels
    assert lifts["order of open data"] <= MOST_LIFT


def test_the_control_a_time_of_day_joins_people(new_database: object) -> None:
    """The measure of nearness can tell: the hour of writing, which is not public, links people."""
    draw = random.Random(3)  # noqa: S311
    hours = [draw.uniform(7, 22) for _ in range(PEOPLE)]
    one, other = ({n: draw.gauss(h, 1) for n, h in enumerate(hours)} for _ in range(2))
    assert lift(one, other) > 1.5
