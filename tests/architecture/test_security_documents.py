"""The documents about security tell what is: named tests exist, limits are in force."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.limits import LIMITS, Counts, Rule
from core.throttle import Limit

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("THREATS.md", "SECURITY.md", "docs/asvs.md", "docs/limits.md")
#: A file or a test of ours; what is followed by "(planned)" need not be there yet.
NAMED = re.compile(r"`((?:tests|app|core|docs|consultations|moderation|benchmarks)/[\w./-]+)"
                   r"(?:::(\w+))?`(?! \(planned\))")  # fmt: skip
ASVS = 112


@pytest.mark.parametrize("document", DOCUMENTS)
def test_everything_named_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    missing = []
    for path, test in NAMED.findall(text):
        file = ROOT / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text("utf-8")):
            missing.append(f"{path}::{test}")
    assert missing == []


def test_every_threat_has_a_test() -> None:
    rows = [
        line
        for line in (ROOT / "THREATS.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| who", "| ---"))
    ]
    assert len(rows) >= 9
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_requirement_has_a_line_and_a_verdict() -> None:
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (met|in part|not met|not applicable) \| ([^|]+) \|$",
        (ROOT / "docs/asvs.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert len({number for number, _, _ in rows}) == len(rows) == ASVS
    assert [
        number for number, verdict, proof in rows if verdict == "met" and "`" not in proof
    ] == []


def test_the_page_of_limits_is_the_table_in_force() -> None:
    page = (ROOT / "docs/limits.md").read_text("utf-8")
    for name, rule in LIMITS.items():
        assert _row(name, rule) in page
    assert page.count("\n| `") == len(LIMITS)


def _row(name: str, rule: Rule) -> str:
    person = _words(*rule.person)
    if rule.here:
        person += f"; from one address {_words(*rule.here)}"
    counts = {Counts.EVERY: "every", Counts.DONE: "done", Counts.FAILED: "failures"}[rule.counts]
    cells = (
        f"`{name}`",
        person,
        _words(*rule.verified) if rule.verified else "same",
        _words(*rule.address),
        counts + (", reading" if rule.on_reading else ""),
    )
    return f"| {' | '.join(cells)} |"


def _words(*limits: Limit) -> str:
    return "; ".join(f"{limit.times:,} in {_length(limit.within)}" for limit in limits)


def _length(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    size, unit = next(
        (size, unit)
        for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
        if seconds >= size and seconds % size == 0
    )
    count = seconds // size
    return f"{count} {unit}{'s' if count > 1 else ''}"
