"""Pure: the files of open data from the material of a finished run.

What a person wrote goes out only as it is published at that moment. Votes go out row by row only
where that was announced before anyone voted; otherwise as counts, without what could be told of
fewer than five people.
"""

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consultations.spreadsheets import guarded
from consultations.strata import LEAST

#: Columns of each table, in order; the data dictionary explains them.
TABLES: dict[str, tuple[str, ...]] = {
    "votes.csv": ("participant", "statement", "choice"),
    "statements.csv": ("statement", "text", "language", "origin"),
    "statement-votes.csv": (
        *("statement", "group", "agree", "disagree", "pass", "seen"),
        *("share", "low", "high"),
    ),
    "comments.csv": ("comment", "text", "stance", "author", "language", "clause", "channel"),
    "ratification.csv": (
        *("sentence", "group", "answered", "reflects", "misses", "wrong"),
        *("share", "low", "high", "contested"),
    ),
    "days.csv": ("day", "participants", "comments", "votes"),
}
REPORTS = ("opinions.json", "themes.json")
MANIFEST = "manifest.json"
#: Columns that hold a number, which may be negative, and nobody's words.
_NUMBERS = frozenset({"choice"})
#: Parts of the opinion report that have an entry for each person.
_PERSONAL = ("participants", "flags")

Row = Mapping[str, str]
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Material:
    """What the files are made from.

    Attributes
    ----------
    votes, statements, comments : bytes
        The snapshot's tables.
    days : sequence
        As in ``Snapshot.activity``.
    published : mapping of str to str
        Words of each contribution that is published now, by reference.
    open_votes : bool
        Votes go out row by row.
    about : mapping
        Engine, parameters, digests and moment of the run.
    words_state : str
        State of the contributions that `published` was read in.
    check : sequence
        Rows of ``ratification.csv`` as they may be shown; empty before a summary is checked.
    channels : mapping of str to str
        By which way each contribution came: ``participant`` for the site, paper, phone, ...
    """

    consultation_id: int
    run_id: int
    taken_at: datetime
    votes: bytes
    statements: bytes
    comments: bytes
    days: Sequence[Sequence[Any]]
    opinions: bytes
    themes: bytes
    published: Mapping[str, str]
    open_votes: bool
    about: Report
    words_state: str
    check: Sequence[Sequence[object]] = ()
    channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """A file ready to be kept: compressed, with what the page tells of it."""

    name: str
    digest: str
    size: int
    rows: int
    content: bytes


def build(material: Material) -> list[Built]:
    """Return all files, the manifest last."""
    statements = _published(material, _read(material.statements), "statement")
    comments = _with_channel(material, _published(material, _read(material.comments), "comment"))
    known = {row["statement"] for row in statements}
    opinions = json.loads(zlib.decompress(material.opinions))
    tables: dict[str, list[Sequence[object]]] = {
        "statements.csv": _cells("statements.csv", statements),
        "statement-votes.csv": _counts(opinions["statements"], known),
        "comments.csv": _cells("comments.csv", comments),
        "days.csv": [tuple(day) for day in material.days],
    }
    if material.check:
        tables["ratification.csv"] = [tuple(row) for row in material.check]
    if material.open_votes:
        votes = (row for row in _read(material.votes) if row["statement"] in known)
        tables = {"votes.csv": _cells("votes.csv", votes), **tables}
    files = [_built(name, _csv(name, rows), len(rows)) for name, rows in tables.items()]
    if not material.open_votes:
        opinions = without_people(opinions)
    files.append(_json("opinions.json", opinions, len(opinions["statements"])))
    themes = json.loads(zlib.decompress(material.themes))
    files.append(_json("themes.json", themes, len(themes["themes"])))
    return [*files, _manifest(material, files, len(_read(material.comments)) - len(comments))]


def without_people(opinions: Report) -> dict[str, Any]:
    """Return an opinion report without anything that has an entry for each person."""
    kept = {key: value for key, value in opinions.items() if key not in _PERSONAL}
    model = kept.get("model")
    if model:
        kept["model"] = {key: value for key, value in model.items() if key != "participants"}
    return kept


def _with_channel(material: Material, rows: Iterable[Row]) -> list[Row]:
    return [{**row, "channel": material.channels.get(row["comment"], "")} for row in rows]


def _published(material: Material, rows: Iterable[Row], key: str) -> list[Row]:
    """Return rows whose words are published now as they were when they were frozen."""
    return [row for row in rows if material.published.get(row[key]) == row["text"]]


def _counts(statements: Iterable[Report], known: set[str]) -> list[Sequence[object]]:
    """Return counts of all and of each group, where enough people voted for each to be one of many.

    Groups stand there only where all of them do: one left out would be the rest of the sum.
    """
    rows: list[Sequence[object]] = []
    for entry in statements:
        if entry["id"] not in known or 0 < entry["seen"] < LEAST:
            continue
        sums = [entry[part] for part in ("agree", "disagree", "pass", "seen")]
        rows.append((entry["id"], "all", *sums, "", "", ""))
        groups = entry["by_group"]
        if groups and min(group["seen"] for group in groups) >= LEAST:
            for group in groups:
                sums = [group[part] for part in ("agree", "disagree", "pass", "seen")]
                shares = [group[part] for part in ("p_agree", "low", "high")]
                rows.append((entry["id"], group["group"], *sums, *shares))
    return rows


def _manifest(material: Material, files: Sequence[Built], left_out: int) -> Built:
    content = {
        "schema": "sarn.open-data/1",
        **material.about,
        "votes_row_by_row": material.open_votes,
        "comments_left_out_since": left_out,
        "files": [
            {"name": file.name, "sha256": file.digest, "bytes": file.size, "rows": file.rows}
            for file in files
        ],
    }
    return _json(MANIFEST, content, len(files))


def _read(table: bytes) -> list[Row]:
    text = zlib.decompress(table).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _cells(name: str, rows: Iterable[Row]) -> list[Sequence[object]]:
    columns = TABLES[name]
    return [
        tuple(row[column] if column in _NUMBERS else guarded(row[column]) for column in columns)
        for row in rows
    ]


def _csv(name: str, rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TABLES[name])
    writer.writerows(rows)
    return out.getvalue().encode()


def _json(name: str, content: Report, rows: int) -> Built:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _built(name, text.encode(), rows)


def _built(name: str, data: bytes, rows: int) -> Built:
    return Built(name, hashlib.sha256(data).hexdigest(), len(data), rows, zlib.compress(data))
