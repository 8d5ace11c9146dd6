"""Understands the files of a Polis export, above all which sign means agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.array_types import CountArray
from analysis.csv_rows import MISSING_VALUE, read_rows
from analysis.errors import MalformedVotesError
from analysis.opinions.votes import VoteTable

#: Columns of participants-votes.csv that are not statements.
_COLUMNS = {"participant", "group-id", "xid", "n-comments", "n-votes", "n-agree", "n-disagree"}
_VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}
#: Of the counts that tell agree from disagree, at least this share must fit the sign chosen.
_SURE = 0.75

VoteRow = tuple[str, str, int]


@dataclass(frozen=True)
class PolisExport:
    """What an export says.

    Attributes
    ----------
    votes : VoteTable
        The last vote of each participant on each statement, agree +1.
    groups : dict of str to str
        Polis's own group of each participant, where it gave one.
    texts : dict of str to str
        Text of each statement.
    moderated_out : frozenset of str
        Statements that moderation removed (-1).
    sign : str
        How the sign was found, for the report.
    """

    votes: VoteTable
    groups: dict[str, str]
    texts: dict[str, str]
    moderated_out: frozenset[str]
    sign: str


def read_polis_export(files: Mapping[str, bytes]) -> PolisExport:
    """Read an export from the bytes of its files, by name without ending.

    Parameters
    ----------
    files : mapping
        ``participants-votes`` (preferred: the final votes) or ``votes`` (events, the last wins),
        and optionally ``comments``.

    Raises
    ------
    MalformedVotesError
        If a file breaks the format, or the counts contradict both signs.
    """
    comments = _read_comments(files.get("comments"))
    groups: dict[str, str] = {}
    known: tuple[dict[str, tuple[int, int]], str] | None = None
    if "participants-votes" in files:
        name = "participants-votes.csv"
        rows, groups, totals = _read_final(files["participants-votes"], name)
        known = (totals, "n-agree and n-disagree of participants-votes.csv")
    else:
        name = "votes.csv"
        rows = _read_events(files["votes"], name)
    by_comment = {item: counts for item, (_, counts, _) in comments.items() if counts is not None}
    sign, how = _find_sign(rows, name, by_person=known, by_statement=by_comment)
    table = VoteTable.from_rows(
        [row[0] for row in rows], [row[1] for row in rows], [sign * row[2] for row in rows]
    )
    out = frozenset(item for item, (_, _, state) in comments.items() if state == "-1")
    return PolisExport(
        table, groups, {item: entry[0] for item, entry in comments.items()}, out, how
    )


def _read_comments(
    data: bytes | None,
) -> dict[str, tuple[str, tuple[int, int] | None, str]]:
    """Return text, (agrees, disagrees) and moderation state of each statement."""
    found: dict[str, tuple[str, tuple[int, int] | None, str]] = {}
    if data is None:
        return found
    for number, row in read_rows(data, "comments.csv", ("comment-id",)):
        if row["comment-id"] == "":
            raise MalformedVotesError(
                f"comments.csv: row {number}, column comment-id: {MISSING_VALUE}"
            )
        counts = None
        if row.get("agrees") and row.get("disagrees"):
            counts = (
                _whole(row["agrees"], "comments.csv", number, "agrees"),
                _whole(row["disagrees"], "comments.csv", number, "disagrees"),
            )
        state = row.get("moderated", "").strip()
        found[row["comment-id"]] = (row.get("comment-body", ""), counts, state)
    return found


def _read_final(
    data: bytes, name: str
) -> tuple[list[VoteRow], dict[str, str], dict[str, tuple[int, int]]]:
    """Return final votes, Polis's groups and each participant's (agrees, disagrees)."""
    rows: list[VoteRow] = []
    groups: dict[str, str] = {}
    totals: dict[str, tuple[int, int]] = {}
    for number, row in read_rows(data, name, ("participant",)):
        person = row["participant"]
        if person == "":
            raise MalformedVotesError(f"{name}: row {number}, column participant: {MISSING_VALUE}")
        if row.get("group-id"):
            groups[person] = row["group-id"]
        if row.get("n-agree") and row.get("n-disagree"):
            totals[person] = (
                _whole(row["n-agree"], name, number, "n-agree"),
                _whole(row["n-disagree"], name, number, "n-disagree"),
            )
        for column, cell in row.items():
            if column not in _COLUMNS and cell != "":
                rows.append((person, column, _choice(cell, name, number, column)))
    return rows, groups, totals


def _read_events(data: bytes, name: str) -> list[VoteRow]:
    """Return votes in the order of their time, as far as the file tells it."""
    events: list[tuple[int, int, VoteRow]] = []
    for number, row in read_rows(data, name, ("comment-id", "voter-id", "vote")):
        for column in ("comment-id", "voter-id"):
            if row[column] == "":
                raise MalformedVotesError(f"{name}: row {number}, column {column}: {MISSING_VALUE}")
        time = _whole(row.get("timestamp") or "0", name, number, "timestamp")
        vote = _choice(row["vote"], name, number, "vote")
        events.append((time, number, (row["voter-id"], row["comment-id"], vote)))
    return [vote for _, _, vote in sorted(events, key=lambda event: event[:2])]


def _find_sign(
    rows: list[VoteRow],
    name: str,
    *,
    by_person: tuple[dict[str, tuple[int, int]], str] | None,
    by_statement: dict[str, tuple[int, int]],
) -> tuple[int, str]:
    """Return +1 if 1 means agree in the file, -1 if it means disagree, and how that is known."""
    sources: Iterator[tuple[int, dict[str, tuple[int, int]], str]] = iter(
        ([(0, by_person[0], by_person[1])] if by_person else [])
        + [(1, by_statement, "agrees and disagrees of comments.csv")]
    )
    for column, stated, where in sources:
        same, opposite = _agreement(rows, column, stated)
        if same + opposite == 0:
            continue
        share = same / (same + opposite)
        if share >= _SURE:
            return 1, f"1 is agree in {name}, checked against {where}"
        if share <= 1 - _SURE:
            return -1, f"-1 is agree in {name}, checked against {where}; signs were turned"
        raise MalformedVotesError(
            f"{name}: row 1, column 1: {where} contradict the votes; export the conversation again"
        )
    # Polis's own convention differs between these two files.
    if name == "votes.csv":
        return -1, "-1 is agree in votes.csv, as in Polis's database; nothing to check it against"
    return 1, f"1 is agree in {name}, as Polis documents; nothing to check it against"


def _agreement(
    rows: list[VoteRow], column: int, stated: Mapping[str, tuple[int, int]]
) -> tuple[int, int]:
    """Count how many stated (agrees, disagrees) lie nearer to either reading of the sign."""
    names = list(stated)
    position = {name: place for place, name in enumerate(names)}
    ups: CountArray = np.zeros(len(names), dtype=np.int64)
    downs: CountArray = np.zeros(len(names), dtype=np.int64)
    for row in rows:
        place = position.get(row[0] if column == 0 else row[1])
        if place is not None:
            ups[place] += row[2] == 1
            downs[place] += row[2] == -1
    agrees = np.array([stated[name][0] for name in names], dtype=np.int64)
    disagrees = np.array([stated[name][1] for name in names], dtype=np.int64)
    plain = np.abs(ups - agrees) + np.abs(downs - disagrees)
    turned = np.abs(downs - agrees) + np.abs(ups - disagrees)
    return int((plain < turned).sum()), int((turned < plain).sum())


def _choice(cell: str, name: str, number: int, column: str) -> int:
    """Return a vote cell as a number."""
    value = _VOTES.get(cell.strip())
    if value is None:
        raise MalformedVotesError(
            f"{name}: row {number}, column {column}: {cell!r} is not a vote; "
            "write 1, 0 or -1, or leave it empty"
        )
    return value


def _whole(cell: str, name: str, number: int, column: str) -> int:
    """Return a cell as a whole number."""
    try:
        return int(float(cell))
    except (ValueError, OverflowError):
        raise MalformedVotesError(
            f"{name}: row {number}, column {column}: {cell!r} is not a number; write a whole number"
        ) from None
