"""Reads the sample's texts: what the agency announces, its drafts, and what people say."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from consultations.outline import Line

FOLDER = Path(__file__).parent / "data"
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

Entry = dict[str, Any]


@lru_cache(maxsize=32)
def read(slug: str, name: str) -> Any:
    """Return one file of a sample consultation."""
    return json.loads((FOLDER / slug / f"{name}.json").read_text(encoding="utf-8"))


def document(units: list[Entry]) -> list[Line]:
    """Write units as the lines of a document, as an agency would hand it in."""
    lines: list[Line] = []
    for unit in units:
        title = " ".join(filter(None, (unit.get("number"), unit.get("heading"), unit.get("body"))))
        lines += [*(Line(part) for part in title.split("\n")), Line("")]
    return lines


def clause_number(place: int) -> str:
    """Print the number of a clause: ข้อ ๑๒."""
    return f"ข้อ {place}".translate(_THAI_DIGITS)
