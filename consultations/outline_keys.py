"""Which unit of a new version is which unit of the version before: keys that outlive renumbering.

A key carried to the wrong unit would put comments on words that nobody commented on, so a unit is
recognised only by its words: the same number with quite other words is a new unit.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Protocol

from consultations.outline_numbering import CONTAINERS, Kind, canonical_number
from consultations.outline_tree import KeyChooser, Outline, Provision
from core import text

#: Share of common words and word pairs from which two units are the same one (Dice coefficient).
#: With the same number less is asked: an edit in place is more likely than a coincidence.
LIKENESS: Final = 0.6
LIKENESS_SAME_NUMBER: Final = 0.25
#: Word pairs in more units than this are the boilerplate of the law, useless for finding.
COMMON_IN: Final = 40
_NUMBER_BONUS = 0.2


class Known(Protocol):
    """A unit of an earlier version, as far as it is needed to recognise it."""

    @property
    def key(self) -> str:
        """Key to carry over."""

    @property
    def parent_key(self) -> str | None:
        """Key of the unit that holds it."""

    @property
    def kind(self) -> str:
        """Value of ``Kind``."""

    @property
    def number(self) -> str:
        """As printed."""

    @property
    def heading(self) -> str:
        """May be empty."""

    @property
    def body(self) -> str:
        """May be empty."""


@dataclass(frozen=True)
class _Traits:
    """What a unit is recognised by."""

    is_container: bool
    #: Empty for a unit that neither number nor kind tells from its neighbours.
    label: str
    wording: str
    features: frozenset[str]


def assign_keys(
    new: Outline, previous: Sequence[Known], used_keys: Collection[str] = ()
) -> Outline:
    """Give the units of a new version the keys of the units they were.

    Parameters
    ----------
    new : Outline
        As parsed; its own keys are only proposals.
    previous : sequence of Known
        Units of the version before, in reading order.
    used_keys : collection of str
        Every key the consultation ever used; a unit without a predecessor gets none of them.

    Returns
    -------
    Outline
        The same units with lasting keys. Each previous key is given at most once. Chapters are
        recognised by their heading or by the units they hold.
    """
    before = [_traits(known) for known in previous]
    after = [_traits(provision) for provision in new]
    pairs = _pair(after, before)
    pairs |= _pair_containers(new, previous, pairs)
    return _rekeyed(
        new, {place: previous[pairs[place]].key for place in pairs}, previous, used_keys
    )


def _traits(unit: Known) -> _Traits:
    wording = text.matching_key(f"{unit.heading}\n{unit.body}")
    tokens = [word for word in text.words(wording) if any(map(str.isalnum, word))]
    pairs = [f"{left} {right}" for left, right in pairwise(tokens)]
    is_container = unit.kind in CONTAINERS
    counted = unit.number or unit.kind not in {Kind.PARAGRAPH, Kind.HEADING}
    label = f"{unit.kind} {canonical_number(unit.number)}" if counted else ""
    return _Traits(is_container, label, wording, frozenset(tokens + pairs))


def _pair(after: Sequence[_Traits], before: Sequence[_Traits]) -> dict[int, int]:
    """Pair units with the same words, then the likest ones, best pairs first."""
    candidates = sorted(_candidates(after, before), key=lambda found: (-found[0], found[1:]))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _score, _distance, place, old in candidates:
        if place not in pairs and old not in taken:
            pairs[place] = old
            taken.add(old)
    return pairs


def _candidates(
    after: Sequence[_Traits], before: Sequence[_Traits]
) -> Iterator[tuple[float, int, int, int]]:
    """Yield (score, distance in the text, new place, old place) of the pairs that are alike."""
    holders: dict[str, list[int]] = {}
    labels: dict[str, list[int]] = {}
    wordings: dict[str, list[int]] = {}
    for old, traits in enumerate(before):
        labels.setdefault(traits.label, []).append(old)
        wordings.setdefault(traits.wording, []).append(old)
        for feature in traits.features:
            holders.setdefault(feature, []).append(old)
    for place, traits in enumerate(after):
        near = Counter(
            old
            for feature in traits.features
            for old in holders.get(feature, ())
            if len(holders[feature]) <= COMMON_IN
        )
        likely = {old for old, _shared in near.most_common(20)}
        likely.update(labels.get(traits.label, ()) if traits.label else ())
        likely.update(wordings.get(traits.wording, ())[:COMMON_IN])
        for old in likely:
            score = _score(traits, before[old])
            if score > 0:
                yield score, abs(place - old), place, old


def _score(new: _Traits, old: _Traits) -> float:
    """Return how sure it is that two units are the same one, or 0 below the threshold."""
    if new.is_container != old.is_container:
        return 0.0
    same_number = new.label != "" and new.label == old.label
    if new.wording == old.wording:
        enough = same_number or bool(new.wording)
        return 2.0 + same_number if enough else 0.0
    total = len(new.features) + len(old.features)
    likeness = 2 * len(new.features & old.features) / total if total else 0.0
    threshold = LIKENESS_SAME_NUMBER if same_number else LIKENESS
    return likeness + _NUMBER_BONUS * same_number if likeness >= threshold else 0.0


def _pair_containers(
    new: Outline, previous: Sequence[Known], pairs: Mapping[int, int]
) -> dict[int, int]:
    """Pair chapters whose heading changed but which still hold most of the same units."""
    places: dict[str | None, int] = {unit.key: place for place, unit in enumerate(new)}
    olds: dict[str | None, int] = {known.key: place for place, known in enumerate(previous)}
    common: Counter[tuple[int, int]] = Counter()
    for place, old in pairs.items():
        holder = new.provisions[place].parent_key
        held_by = previous[old].parent_key
        if holder in places and held_by in olds:
            common[places[holder], olds[held_by]] += 1
    size = Counter(provision.parent_key for provision in new)
    found: dict[int, int] = {}
    taken = set(pairs.values())
    for (place, old), shared in common.most_common():
        unit = new.provisions[place]
        free = place not in pairs and place not in found and old not in taken
        alike = (
            unit.kind in CONTAINERS
            and unit.kind == previous[old].kind
            and 2 * shared > size[unit.key]
        )
        if free and alike:
            found[place] = old
            taken.add(old)
    return found


def _rekeyed(
    new: Outline, kept: Mapping[int, str], previous: Sequence[Known], used_keys: Collection[str]
) -> Outline:
    keys = KeyChooser({*used_keys, *(known.key for known in previous)})
    renamed: dict[str | None, str | None] = {None: None}
    placed: list[Provision] = []
    for place, provision in enumerate(new):
        parent = renamed[provision.parent_key]
        key = kept.get(place) or keys.choose(provision, parent)
        renamed[provision.key] = key
        placed.append(replace(provision, key=key, parent_key=parent))
    return Outline(tuple(placed))
