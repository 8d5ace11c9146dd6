"""How long hostile text takes at the longest that is taken, and how that grows with its length."""

import math
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.errors import PlatformError
from tests.security.readers_of_text import READERS, Reader, hostile_texts

#: Bars: milliseconds at the longest, and the exponent of growth from a quarter of it.
MOST_MILLISECONDS, MOST_EXPONENT = 250.0, 1.3
#: Below this a clock says more about the machine than about the text.
_WORTH_MEASURING = 5.0


def main(_data: Path) -> dict[str, Any]:
    """Measure every reader of text."""
    figures: dict[str, Any] = {}
    for name, reader in READERS.items():
        worst, exponent, value = _worst(reader)
        figures[name] = {
            "longest": reader.most,
            "worst milliseconds": round(worst, 1),
            "worst exponent": round(exponent, 2),
            "within": worst <= MOST_MILLISECONDS and exponent <= MOST_EXPONENT,
            "worst text": repr(value[:30]),
        }
        print(f"   {name}: {worst:.1f} ms, exponent {exponent:.2f}", flush=True)
    within = sum(figure["within"] for figure in figures.values())
    print(f"   {within} of {len(figures)} within {MOST_MILLISECONDS:.0f} ms and {MOST_EXPONENT}")
    return figures


def _worst(reader: Reader) -> tuple[float, float, str]:
    """Return the most milliseconds, the largest exponent, and the text of the most."""
    sizes = (reader.most // 4, reader.most // 2, reader.most)
    worst, exponent, slowest = 0.0, 0.0, ""
    for texts in zip(*map(hostile_texts, sizes), strict=True):
        small, _middle, large = (_milliseconds(reader, text) for text in texts)
        if large > worst:
            worst, slowest = large, texts[-1]
        if large > _WORTH_MEASURING:
            exponent = max(exponent, math.log(large / max(small, 1e-3), 4))
    return worst, exponent, slowest


def _milliseconds(reader: Reader, value: str) -> float:
    best = math.inf
    for _ in range(3):
        began = time.perf_counter()
        with suppress(PlatformError):
            reader.read(value)
        best = min(best, 1000 * (time.perf_counter() - began))
        if best > MOST_MILLISECONDS * 4:
            break
    return best
