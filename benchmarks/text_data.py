"""Reads the labelled, real and hostile texts that the comment analysis is measured on."""

import base64
import csv
import gzip
import json
import random
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a compressed CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def policies(texts: Path) -> dict[str, list[Row]]:
    """Return the opinions with one key point, by policy, equal texts once."""
    found: dict[str, list[Row]] = defaultdict(list)
    seen: set[str] = set()
    for row in read_rows(texts / "kpa2021_en/comments.csv.gz"):
        if row["n_kp"] == "1" and row["text"] not in seen:
            seen.add(row["text"])
            found[row["topic"]].append({**row, "label": row["kp"]})
    return dict(found)


def pool_of(texts: Path) -> list[str]:
    """Return distinct real texts of all sets, mixed in a fixed order."""
    names = ("kpa2021_en/comments", "sib200_th_en/comments", "wisesight_th/comments")
    found = [row["text"] for name in names for row in read_rows(texts / f"{name}.csv.gz")]
    found += [row["text"][:400] for row in read_rows(texts / "thaigov_th/documents.csv.gz")]
    distinct = sorted(set(found))
    random.Random(0).shuffle(distinct)  # noqa: S311 - a benchmark, not a secret
    return distinct


def many_of(pool: list[str], size: int) -> list[str]:
    """Return so many distinct texts; above the pool, halves of two joined."""
    source = random.Random(size)  # noqa: S311 - a benchmark, not a secret
    chosen = pool[:size]
    while len(chosen) < size:
        one, other = source.sample(pool, 2)
        chosen.append(f"{one[: len(one) // 2]} {other[len(other) // 2 :]}")
    return chosen


def hostile_texts(
    folder: Path, kinds: tuple[str, ...] = ("unicode", "redos", "naughty")
) -> Iterator[tuple[str, str]]:
    """Yield the hostile strings of some kinds with their names."""
    for name in kinds:
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield entry["id"], _payload(entry)


def _payload(entry: dict[str, Any]) -> str:
    if "payload_z" in entry:
        data = zlib.decompress(base64.b64decode(entry["payload_z"]))
        return data.decode("utf-8", "surrogatepass")
    text = str(entry["payload"])
    if entry["cls"] == "redos":
        parts = json.loads(text)
        return str(parts["prefix"] + parts["unit"] * parts["repeat"] + parts["suffix"])
    return text


def generated_texts(size: int = 1_000_000) -> Iterator[tuple[str, str]]:
    """Yield hostile strings of our own, each of about so many characters, with their names."""
    thai = "".join(chr(0x0E01 + (place * 7) % 46) for place in range(min(size, 100_000)))
    units = {
        "one letter": "a",
        "one Thai letter": "ส",
        "zalgo": "e\u0301\u0327\u0334",
        "Thai tone marks": "ก" + "\u0e48" * 50,
        "bidirectional": "\u202eab\u2066cd\u2069",
        "beyond the basic plane": "\U00010348\U0001f9d1\u200d\U0001f33e",
        "only emoji": "🙂",
        "only links": "https://example.org/a?b=c ",
        "one long link": "http://" + "a/" * 500,
        "telephone numbers": "0812345678 ",
        "accounts": "บัญชี 1234567890 ",
        "addresses": "a@b.co ",
        "nearly addresses": "a@a.",
        "national numbers": "1101700230708 ",
        "spaces": " ",
        "line feeds": "\n",
        "zero bytes": "\0",
        "quotation marks": "“",
        "ideographs": "中",
        "right to left": "لا ",
        "half characters": "\ud800",
        "words": "word ",
    }
    for name, unit in units.items():
        yield name, (unit * (size // len(unit) + 1))[:size]
    yield "Thai consonants", thai


def hostile_csv(folder: Path) -> list[Path]:
    """Return the hostile CSV files."""
    return sorted((folder / "files").glob("*.csv"))
