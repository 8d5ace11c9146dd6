"""Made-up conversations that the vote tests share."""

import numpy as np

from analysis.opinions.votes import VoteTable

Rows = list[tuple[str, str, int]]


def table_of(rows: Rows) -> VoteTable:
    """Build a table from (participant, statement, choice)."""
    return VoteTable.from_rows(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    )


def rows_of(votes: VoteTable) -> Rows:
    """Return the rows of a table."""
    return [
        (votes.participants[person], votes.statements[item], choice)
        for person, item, choice in zip(
            votes.participant_index().tolist(),
            votes.statement_index.tolist(),
            votes.choices.tolist(),
            strict=True,
        )
    ]


def camps(
    sizes: tuple[int, ...],
    *,
    statements: int = 40,
    shown: float = 0.6,
    clear: float = 0.85,
    seed: int = 1,
) -> tuple[VoteTable, dict[str, int]]:
    """Make camps that each agree with a random half of the statements; return who is where.

    `clear` is the chance that a member votes as the camp does; one vote in twenty is a pass.
    """
    random = np.random.default_rng(seed)
    sides = random.choice([-1, 1], size=(len(sizes), statements))
    rows: Rows = []
    members: dict[str, int] = {}
    for camp, size in enumerate(sizes):
        for _ in range(size):
            person = f"p{len(members):04d}"
            members[person] = camp
            for item in np.flatnonzero(random.random(statements) < shown).tolist():
                with_camp = 1 if random.random() < clear else -1
                choice = 0 if random.random() < 0.05 else int(sides[camp, item]) * with_camp
                rows.append((person, f"s{item:02d}", choice))
    return table_of(rows), members


def one_crowd(people: int, *, statements: int = 30, seed: int = 2) -> VoteTable:
    """Make people who differ by chance alone, statement by statement."""
    random = np.random.default_rng(seed)
    rates = random.uniform(0.2, 0.9, statements)
    return table_of(
        [
            (f"p{person:04d}", f"s{item:02d}", 1 if random.random() < rates[item] else -1)
            for person in range(people)
            for item in range(statements)
            if random.random() < 0.7
        ]
    )
