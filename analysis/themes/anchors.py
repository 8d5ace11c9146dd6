"""Links between themes of different languages: suggestions with their reasons, never mergers.

Word-based methods cannot see that two sentences in two languages mean the same. What stays the same
in both can be seen: the clause, a passage that is quoted, a number, a name in Latin letters, and
people who wrote in both languages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.texts.comment_files import CommentTable
from analysis.texts.normalising import letters_of, normalise
from analysis.texts.parameters import ThemeParameters
from analysis.themes.report import Link, Reason, Theme

CLAUSE, PASSAGE, NUMBER, TERM, PEOPLE = "clause", "passage", "number", "term", "people"

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\d.,])\d+(?:\.\d+)?(?![\d,])")
_TERM = re.compile(r"[a-z][a-z0-9.&+-]{1,30}[a-z0-9]")
_QUOTED = re.compile('[“"«]([^“”"«»\n]{12,300})[”"»]')
_THAI_RUN = re.compile(r"[\u0e01-\u0e5b][\u0e01-\u0e5b\s]{11,299}")
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z',\s-]{19,299}")
#: Languages whose words are written in other letters, so that a Latin term stands out.
_OTHER_LETTERS = frozenset({"th", "zh", "ja", "ko", "ru", "ar", "my", "km", "lo", "hi"})


@dataclass(frozen=True)
class _Side:
    """What can be compared of one theme: in how many of its comments each anchor stands."""

    theme: Theme
    counts: Mapping[str, Counter[str]]
    letters: tuple[str, ...]


def link_languages(
    themes: Sequence[Theme], comments: CommentTable, parameters: ThemeParameters
) -> list[Theme]:
    """Return the themes with their probable counterparts in other languages.

    An anchor counts if it stands in ``anchor_comments`` or more comments of both themes, and if in
    each language most comments with it lie in that theme: what is everywhere links nothing.
    """
    places = [place for place, theme in enumerate(themes) if theme.kind == "theme"]
    if len({themes[place].language for place in places}) < 2:
        return list(themes)
    rows = {comment: row for row, comment in enumerate(comments.comments)}
    sides = {place: _side(themes[place], comments, rows, parameters) for place in places}
    totals = _totals(sides.values())
    found: dict[int, list[Link]] = defaultdict(list)
    for place, side in sides.items():
        for other in sides.values():
            if side.theme.language != other.theme.language:
                reasons = _reasons(side, other, totals, parameters)
                if reasons:
                    found[place].append(Link(other.theme.id, reasons))
        found[place].sort(key=lambda link: (-len({r.kind for r in link.reasons}), link.theme))
    return [
        replace(theme, links=found[place][: parameters.most_links])
        for place, theme in enumerate(themes)
    ]


def _side(
    theme: Theme, comments: CommentTable, rows: Mapping[str, int], parameters: ThemeParameters
) -> _Side:
    places = [rows[comment] for comment in theme.comments]
    texts = [comments.texts[row][: parameters.longest_text] for row in places]
    counts = {
        CLAUSE: Counter(comments.clauses[row] for row in places if comments.clauses[row]),
        PEOPLE: Counter({comments.authors[row]: 1 for row in places if comments.authors[row]}),
        NUMBER: _held(texts, _numbers),
        TERM: _held(texts, _terms),
        PASSAGE: _held(texts, lambda text: _passages(text, theme.language)),
    }
    return _Side(theme, counts, tuple(letters_of(normalise(text, parameters)) for text in texts))


def _held(texts: Iterable[str], find: Callable[[str], set[str]]) -> Counter[str]:
    return Counter(anchor for text in texts for anchor in find(text))


def _numbers(text: str) -> set[str]:
    """Return numbers of two digits and more; a single digit is too common."""
    found = {
        match.group().replace(",", "") for match in _NUMBER.finditer(text.translate(_THAI_DIGITS))
    }
    return {number for number in found if len(number) > 1}


def _terms(text: str) -> set[str]:
    return {match.group() for match in _TERM.finditer(text.lower())}


def _passages(text: str, language: str) -> set[str]:
    """Return what is quoted, and whole stretches in the other letters."""
    foreign = _LATIN_RUN if language in _OTHER_LETTERS else _THAI_RUN
    found = [match.group(1) for match in _QUOTED.finditer(text)]
    found += [match.group() for match in foreign.finditer(text)]
    letters = (letters_of(normalise(passage)) for passage in found)
    return {passage for passage in letters if len(passage) >= 12}


def _totals(sides: Iterable[_Side]) -> dict[tuple[str, str], Counter[str]]:
    """Return in how many comments of a language each anchor stands."""
    totals: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for side in sides:
        for kind, counts in side.counts.items():
            totals[side.theme.language, kind].update(counts)
    return totals


def _reasons(
    one: _Side,
    other: _Side,
    totals: Mapping[tuple[str, str], Counter[str]],
    parameters: ThemeParameters,
) -> list[Reason]:
    languages = {one.theme.language, other.theme.language}
    found = []
    for kind in (CLAUSE, NUMBER, TERM):
        if kind == TERM and not languages & _OTHER_LETTERS:
            continue  # languages with the same letters share words that mean different things
        here, there = one.counts[kind], other.counts[kind]
        shared = [
            Reason(kind, anchor, here[anchor], there[anchor])
            for anchor in here.keys() & there.keys()
            if min(here[anchor], there[anchor]) >= parameters.anchor_comments
            and 2 * here[anchor] > totals[one.theme.language, kind][anchor]
            and 2 * there[anchor] > totals[other.theme.language, kind][anchor]
        ]
        found += sorted(shared, key=lambda r: (-min(r.here, r.there), r.value))[:3]
    return [*found, *_passage_reasons(one, other), *_people_reasons(one, other, parameters)]


def _passage_reasons(one: _Side, other: _Side) -> list[Reason]:
    """Return a passage that both quote, or that one quotes and the other is written in."""
    found = []
    for passage in sorted({*one.counts[PASSAGE], *other.counts[PASSAGE]}, key=len, reverse=True):
        here, there = (sum(passage in letters for letters in side.letters) for side in (one, other))
        if here and there:
            found.append(Reason(PASSAGE, passage, here, there))
    return sorted(found, key=lambda r: (-min(r.here, r.there), -len(r.value), r.value))[:1]


def _people_reasons(one: _Side, other: _Side, parameters: ThemeParameters) -> list[Reason]:
    """Count people who wrote in both; their labels are not named."""
    here, there = one.counts[PEOPLE], other.counts[PEOPLE]
    both = len(here.keys() & there.keys())
    smaller = min(len(here), len(there))
    if both < parameters.anchor_comments or both < parameters.anchor_people * smaller:
        return []
    return [Reason(PEOPLE, "", both, both)]
