"""Synthetic campaigns: templates from real texts, sent with the edits that people make."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TEMPLATES = 60
SHARE = 0.3  # of all comments that belong to a campaign
_GREETINGS = ("Dear council, ", "To whom it may concern: ", "เรียน ท่านผู้เกี่ยวข้อง ", "สวัสดีครับ ")
_SIGNATURES = (" Kind regards, a resident.", " Thank you!", " ด้วยความเคารพ", " จากชาวบ้านคนหนึ่ง")
_MARKS = ("!", "!!", " 🙏", ".", " 😡", "…")

Edit = Callable[[str, random.Random, Sequence[str]], str]


@dataclass(frozen=True)
class Made:
    """Texts, the campaign of each (-1 for none) and the kind of edit."""

    texts: list[str]
    campaigns: list[int]
    kinds: list[str]


def make_campaigns(pool: Sequence[str], count: int, seed: int) -> Made:
    """Return ``count`` texts of which three in ten come from templates, sizes by Zipf's law."""
    source = random.Random(seed)  # noqa: S311 - a benchmark, not a secret
    long = [text for text in pool if 100 <= len(text) <= 1_500]
    templates = source.sample(long, TEMPLATES)
    chosen = set(templates)
    background = [text for text in pool if text not in chosen]
    weights = [1 / (rank + 1) for rank in range(TEMPLATES)]
    made = Made([], [], [])
    kinds, shares = zip(*((name, share) for name, (share, _) in _EDITS.items()), strict=True)
    for campaign in source.choices(range(TEMPLATES), weights, k=int(SHARE * count)):
        kind = source.choices(kinds, shares)[0]
        made.texts.append(_EDITS[kind][1](templates[campaign], source, background))
        made.campaigns.append(campaign)
        made.kinds.append(kind)
    while len(made.texts) < count:
        made.texts.append(_distinct(background, len(made.texts), source))
        made.campaigns.append(-1)
        made.kinds.append("background")
    return made


def _distinct(background: Sequence[str], number: int, source: random.Random) -> str:
    """Return a background text; once all are used, halves of two of them joined."""
    place = number - int(SHARE * number)
    if place < len(background):
        return background[place]
    one, other = source.sample(background, 2)
    return f"{one[: len(one) // 2]} {other[len(other) // 2 :]}"


def _equal(text: str, _: random.Random, __: Sequence[str]) -> str:
    return text


def _marks(text: str, source: random.Random, _: Sequence[str]) -> str:
    return (text.upper() if source.random() < 0.3 else text.replace(",", "")) + source.choice(
        _MARKS
    )


def _wrapped(text: str, source: random.Random, _: Sequence[str]) -> str:
    return source.choice(_GREETINGS) + text + source.choice(_SIGNATURES)


def _typing_errors(share: float) -> Edit:
    def edit(text: str, source: random.Random, _: Sequence[str]) -> str:
        letters = list(text)
        for place in range(len(letters)):
            if source.random() < share:
                letters[place] = source.choice(["", letters[place] * 2, source.choice(text)])
        return "".join(letters)

    return edit


def _shuffled(text: str, source: random.Random, _: Sequence[str]) -> str:
    parts = text.split(" ")
    third = max(1, len(parts) // 3)
    pieces = [" ".join(parts[start : start + third]) for start in range(0, len(parts), third)]
    source.shuffle(pieces)
    return " ".join(pieces)


def _first_part(text: str, _: random.Random, __: Sequence[str]) -> str:
    return text[: int(len(text) * 0.6)]


def _with_personal_text(text: str, source: random.Random, background: Sequence[str]) -> str:
    own = ""
    while len(own) < len(text):
        own = f"{own} {source.choice(background)}"
    return f"{text} {own.strip()[: len(text)]}"


_EDITS: dict[str, tuple[int, Edit]] = {
    "equal": (25, _equal),
    "marks": (10, _marks),
    "wrapped": (20, _wrapped),
    "few typing errors": (15, _typing_errors(0.02)),
    "many typing errors": (15, _typing_errors(0.05)),
    "shuffled": (5, _shuffled),
    "first part": (5, _first_part),
    "personal text": (5, _with_personal_text),
}
