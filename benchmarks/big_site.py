"""Fills a migrated database with a big site: made consultations, comments and votes.

One consultation holds half of everything; the others share the rest with a long tail. Rows go in
through SQLAlchemy core in batches, so that a size of any number fits in memory.
"""

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, text
from sqlalchemy.orm import Session

from benchmarks.made_words import MATTERS_EN, MATTERS_TH, passage, sentence
from consultations import tallies
from consultations.models import (
    Clause,
    Comment,
    Consultation,
    Contribution,
    Draft,
    Participant,
    StageChange,
    Statement,
    Vote,
    places,
)
from consultations.subjects import PROVINCES, TOPICS
from core.accounts.models import Agency
from core.clock import now
from core.keyring import Keyring

BATCH = 5_000
CLAUSES = 50
STATEMENTS = 100
VOTES_OF_ONE = 25
#: Slug of the consultation that holds half of everything.
LARGEST = "made-0"
TOPIC_CODES, PROVINCE_CODES = list(TOPICS), list(PROVINCES)
_AGENCIES = 20
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Stages of the made consultations, in turn; the first one is open.
_STAGES = ("open", "open", "open", "scheduled", "closed", "summary", "ratification", "answering")
_STAGES += ("concluded", "concluded")

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much a made site holds; a scale of 1 is the size that the site must bear."""

    consultations: int
    comments: int
    votes: int

    @classmethod
    def at(cls, scale: float) -> "Size":
        """Return the size at a share of the full one."""
        return cls(round(200 * scale), round(200_000 * scale), round(2_000_000 * scale))

    def shares(self) -> list[float]:
        """Return the share of each consultation in all comments and votes; they sum to 1."""
        tail = [1 / rank for rank in range(1, self.consultations)]
        return [0.5, *(0.5 * weight / sum(tail) for weight in tail)]


@dataclass(frozen=True)
class Made:
    """Numbers of one made consultation: what its rows are counted from."""

    number: int
    comments: int
    people: int
    first_contribution: int


def fill(engine: Engine, keyring: Keyring, size: Size) -> None:
    """Fill the database; the same size makes the same rows, but for their times."""
    source = random.Random(20)  # noqa: S311 - a benchmark, not a secret
    with engine.begin() as connection:
        _put(connection, Agency, _agencies())
        made = _plan(size)
        _put(connection, Consultation, (_consultation(source, keyring, each) for each in made))
        _put(connection, StageChange, itertools.chain.from_iterable(map(_steps, made)))
        _put(connection, Draft, (_draft(each) for each in made))
        _put(connection, Clause, (row for each in made for row in _clauses(source, each)))
    for each in made:
        with engine.begin() as connection:
            _fill_one(connection, source, each)
        with Session(engine) as session:
            places.rebuild(session, each.number)
            tallies.recount(session, each.number)
            session.commit()
    with engine.begin() as connection:
        _settle(connection)


def _plan(size: Size) -> list[Made]:
    plan, first = [], 1
    for number, share in enumerate(size.shares(), 1):
        comments = max(1, round(size.comments * share))
        people = max(1, round(size.votes * share / VOTES_OF_ONE))
        plan.append(Made(number, comments, people, first))
        first += comments + STATEMENTS
    return plan


def _fill_one(connection: Connection, source: random.Random, made: Made) -> None:
    people = [f"{source.getrandbits(128):032x}" for _ in range(made.people)]
    day = now().date()
    _put(
        connection,
        Participant,
        (
            {"id": person, "consultation_id": made.number, "tier": "email", "joined_on": day}
            for person in people
        ),
    )
    numbers = itertools.count(made.first_contribution)
    for size in _batches(made.comments):
        written = [
            _contribution(source, made, next(numbers), "comment", people) for _ in range(size)
        ]
        _put(connection, Contribution, written)
        _put(connection, Comment, [_comment(source, made, row["id"]) for row in written])
    put_up = [
        _contribution(source, made, next(numbers), "statement", people) for _ in range(STATEMENTS)
    ]
    _put(connection, Contribution, put_up)
    _put(
        connection,
        Statement,
        [
            {"id": row["id"], "number_in_id": made.number, "number": place, "is_meta": False,
             "clause_key": f"s{place % CLAUSES + 1}"}
            for place, row in enumerate(put_up, 1)
        ],
    )  # fmt: skip
    _put(connection, Vote, _votes(source, [row["id"] for row in put_up], people))


def _agencies() -> list[Row]:
    return [
        {"id": n, "slug": f"made-{n}", "name_th": f"หน่วยงานตัวอย่าง {n}", "name_en": f"Agency {n}"}
        for n in range(1, _AGENCIES + 1)
    ]


def _consultation(source: random.Random, keyring: Keyring, made: Made) -> Row:
    n = made.number - 1
    stage = _STAGES[n % len(_STAGES)]
    opens_at = now() + timedelta(
        days=5 if stage == "scheduled" else -20 if stage == "open" else -90
    )
    days = 25 + n % 20 if stage in ("open", "scheduled") else 30
    return {
        "id": made.number,
        "slug": f"made-{n}",
        "agency_id": n % _AGENCIES + 1,
        "kind": ("bill", "subordinate_rule", "project", "principle")[n % 4],
        "stage": stage,
        "title_th": f"ร่างข้อบัญญัติว่าด้วย{MATTERS_TH[n % 8]} ฉบับที่ {n}",
        "title_en": f"Draft ordinance {n} on {MATTERS_EN[n % 8]}",
        "topic": TOPIC_CODES[n % len(TOPIC_CODES)],
        "province": PROVINCE_CODES[n % len(PROVINCE_CODES)],
        "summary_th": passage(source, "th", 6),
        "summary_en": passage(source, "en", 6),
        "opens_at": opens_at,
        "closes_at": opens_at + timedelta(days=days),
        "answers_due_on": (opens_at + timedelta(days=days + 45)).date(),
        "moderation_policy": "after",
        "is_sample": True,
        "sealed_key": keyring.new_consultation_key(),
        "created_at": opens_at - timedelta(days=10),
    }


def _steps(made: Made) -> list[Row]:
    stage = _STAGES[(made.number - 1) % len(_STAGES)]
    taken = [("approve", "in_review", "scheduled"), ("open", "scheduled", "open")]
    if stage == "scheduled":
        taken.pop()
    return [
        {
            "consultation_id": made.number,
            "event": event,
            "from_stage": start,
            "to_stage": end,
            "by_role": "approver",
            "changed_at": now() - timedelta(days=20),
        }
        for event, start, end in taken
    ]


def _draft(made: Made) -> Row:
    moment = now() - timedelta(days=40)
    return {
        "id": made.number,
        "consultation_id": made.number,
        "number": 1,
        "state": "published",
        "created_at": moment,
        "published_at": moment,
    }


def _clauses(source: random.Random, made: Made) -> Iterator[Row]:
    for place in range(CLAUSES):
        yield {
            "draft_id": made.number,
            "key": f"s{place + 1}",
            "position": place,
            "kind": "section",
            "number": f"มาตรา {place + 1}",
            "body": passage(source, "th", 4),
            "body_en": passage(source, "en", 4),
            "explanation_th": sentence(source, "th"),
        }


def _contribution(
    source: random.Random, made: Made, number: int, kind: str, people: list[str]
) -> Row:
    language = "th" if source.random() < 0.8 else "en"
    code = number * 2_862_933_555_777_941_757 % 2**60  # odd: a permutation, so never twice the same
    return {
        "id": number,
        "kind": kind,
        "reference": "".join(_ALPHABET[code >> shift & 31] for shift in range(0, 60, 5)),
        "consultation_id": made.number,
        "participant_id": source.choice(people),
        "origin": "participant",
        "body": passage(source, language, source.randint(1, 4) if kind == "comment" else 1),
        "language": language,
        "visibility": "published",
        "created_at": now() - timedelta(minutes=source.randint(10, 25_000)),
        "revision": 1,
        "salt": source.randbytes(16),
    }


def _comment(source: random.Random, made: Made, number: int) -> Row:
    return {
        "id": number,
        "draft_id": made.number,
        "clause_key": f"s{min(CLAUSES, int(source.expovariate(0.12)) + 1)}",
        "stance": source.choice(("support", "oppose", "unsure")),
    }


def _votes(source: random.Random, statements: list[int], people: list[str]) -> Iterator[Row]:
    """Each person votes on some statements, by which of two camps they are in."""
    day = now().date()
    for person in people:
        camp = source.random() < 0.4
        for statement in source.sample(statements, VOTES_OF_ONE):
            leans = (statement % 3 == 0) != camp
            choice = source.choices((1, -1, 0), (6, 2, 2) if leans else (2, 6, 2))[0]
            yield {
                "statement_id": statement,
                "participant_id": person,
                "choice": choice,
                "voted_on": day,
            }


def _batches(count: int) -> Iterator[int]:
    for start in range(0, count, BATCH):
        yield min(BATCH, count - start)


def _put(connection: Connection, model: type, rows: Iterable[Row]) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    for batch in _cut(rows):
        connection.execute(insert(table), batch)


def _cut(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(itertools.islice(waiting, BATCH)):
        yield batch


def _settle(connection: Connection) -> None:
    """Let the database know how much there is, and where its own numbers go on."""
    if connection.dialect.name == "postgresql":
        for table in ("agency", "consultation", "draft", "contribution"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
                    f" (SELECT max(id) FROM {table}))"
                )
            )
    connection.execute(text("ANALYZE"))
