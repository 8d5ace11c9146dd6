"""Find texts that are copies of one another, and the templates of campaigns.

Three stages: equal letters; similar texts (MinHash bands, each pair verified); template cores,
to which a text is attached when it contains the core. An attached text never attaches another,
so groups cannot grow along a chain of half-similar texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from analysis.sparse_rows import Sparse, sparse_rows
from analysis.texts.normalising import IDEOGRAPHIC, language_of, letters_of
from analysis.texts.parameters import ThemeParameters
from analysis.texts.shingles import (
    Hashes,
    band_keys,
    buckets,
    jaccard,
    overlaps,
    shingle_set,
    signatures,
)

Labels = NDArray[np.intp]

DEFAULTS = ThemeParameters()


def find_near_duplicates(
    normalised: Sequence[str], parameters: ThemeParameters = DEFAULTS
) -> Labels:
    """Return the group of near-duplicates of each text.

    Parameters
    ----------
    normalised : sequence of str, length n_texts
        Texts in normal form with at least a few letters each.
    parameters : ThemeParameters
        Thresholds.

    Returns
    -------
    groups : ndarray of shape (n_texts,), dtype=intp
        Index of the group's representative text: its most frequent wording. The same texts in
        another order give the same groups.

    References
    ----------
    Broder 1997 for the similarity and its estimate; Leskovec, Rajaraman and Ullman, "Mining of
    Massive Datasets", 3.4 for the bands; template cores are our own (docs/methods-texts.md).
    """
    if not normalised:
        return np.zeros(0, dtype=np.intp)
    letters = [letters_of(text) for text in normalised]
    distinct = _Distinct.of(letters)
    sets = [shingle_set(text, _length_for(text, parameters)) for text in distinct.texts]
    similar = _link_similar(sets, parameters)
    grouped = _attach_to_cores(sets, similar, distinct.counts, parameters)
    representatives = _representatives(grouped, distinct)
    return representatives[distinct.place]


@dataclass(frozen=True)
class _Distinct:
    """Distinct texts in canonical order (longest first), how often each occurs, and where."""

    texts: list[str]
    counts: NDArray[np.intp]  #: shape (n_distinct,)
    first: NDArray[np.intp]  #: shape (n_distinct,): one text with this wording
    place: NDArray[np.intp]  #: shape (n_texts,): which distinct text each one is

    @classmethod
    def of(cls, letters: Sequence[str]) -> "_Distinct":
        texts = sorted(set(letters), key=lambda text: (-len(text), text))
        numbers = {text: number for number, text in enumerate(texts)}
        place = np.array([numbers[text] for text in letters], dtype=np.intp)
        counts = np.bincount(place, minlength=len(texts))
        first = np.full(len(texts), len(letters), dtype=np.intp)
        np.minimum.at(first, place, np.arange(len(letters)))
        return cls(texts, counts, first, place)


@dataclass
class _Union:
    """Disjoint sets of numbers; the smallest number of a set is its root."""

    size: int
    parents: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.parents = list(range(self.size))

    def root(self, number: int) -> int:
        while self.parents[number] != number:
            self.parents[number] = self.parents[self.parents[number]]
            number = self.parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self.parents[high] = low


def _length_for(letters: str, parameters: ThemeParameters) -> int:
    if language_of(letters) in IDEOGRAPHIC:
        return parameters.shingle_length_ideographic
    return parameters.shingle_length


def _link_similar(sets: Sequence[Hashes], parameters: ThemeParameters) -> Labels:
    union = _Union(len(sets))
    made = signatures(sets, parameters.permutations, parameters.seed)
    for keys in band_keys(made, parameters.band_rows):
        for bucket in buckets(keys):
            _link_bucket(sets, bucket, union, parameters)
    return np.array([union.root(number) for number in range(len(sets))], dtype=np.intp)


def _link_bucket(
    sets: Sequence[Hashes], bucket: Labels, union: _Union, parameters: ThemeParameters
) -> None:
    """Join each text of a bucket with the first representative that it truly resembles.

    Comparing with a few representatives instead of all pairs keeps a bucket of thousands of
    equal greetings linear.
    """
    chosen: list[int] = []
    for number in bucket.tolist():
        roots = {union.root(other) for other in chosen}
        if union.root(number) in roots:
            continue
        alike = (o for o in chosen if _are_similar(sets[number], sets[o], parameters))
        twin = next(alike, None)
        if twin is not None:
            union.join(number, twin)
        elif len(chosen) < parameters.bucket_representatives:
            chosen.append(number)


def _are_similar(first: Hashes, second: Hashes, parameters: ThemeParameters) -> bool:
    short = min(len(first), len(second)) < parameters.short_shingles
    needed = parameters.similarity_short if short else parameters.similarity
    return jaccard(first, second) >= needed


def _attach_to_cores(
    sets: Sequence[Hashes],
    labels: Labels,
    counts: NDArray[np.intp],
    parameters: ThemeParameters,
) -> Labels:
    """Merge groups with the same template and attach single texts that contain one."""
    owners, cores = _cores(sets, labels, counts, parameters)
    if not cores:
        return labels
    targets = _merged(owners, cores, parameters)
    merged = np.arange(len(sets), dtype=np.intp)
    merged[owners] = targets
    relabelled = merged[labels]
    free = np.flatnonzero(~np.isin(labels, owners))
    if len(free):
        sizes = np.array([len(sets[number]) for number in free.tolist()])
        counts_shared = overlaps([sets[number] for number in free.tolist()], cores)
        best = _best_core(counts_shared, sizes, np.array([len(c) for c in cores]), parameters)
        relabelled[free[best >= 0]] = targets[best[best >= 0]]
    return relabelled


def _cores(
    sets: Sequence[Hashes],
    labels: Labels,
    counts: NDArray[np.intp],
    parameters: ThemeParameters,
) -> tuple[list[int], list[Hashes]]:
    """Return the groups big enough for a template and the shingles that their members share."""
    weights = np.bincount(labels, weights=counts, minlength=len(sets))
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.r_[True, labels[order][1:] != labels[order][:-1]])
    owners: list[int] = []
    cores: list[Hashes] = []
    for members in np.split(order, bounds[1:]):
        label = int(labels[members[0]])
        if weights[label] < parameters.fewest_for_campaign:
            continue
        shingles, held = np.unique(
            np.concatenate([sets[m] for m in members.tolist()]), return_counts=True
        )
        needed = min(len(members), max(2, parameters.core_share * len(members)))
        core = shingles[held >= needed]
        if len(core) >= parameters.core_shingles:
            owners.append(label)
            cores.append(core)
    return owners, cores


def _merged(owners: list[int], cores: list[Hashes], parameters: ThemeParameters) -> Labels:
    """Return for each core the smallest owner among the cores that mostly contain each other."""
    sizes = np.array([len(core) for core in cores])
    shared = overlaps(cores, cores).tocoo()
    rows, columns = shared.coords
    smaller = np.minimum(sizes[rows], sizes[columns])
    linked = shared.data >= parameters.text_contained * smaller
    count = len(cores)
    graph = sparse_rows(linked[linked], rows[linked], columns[linked], (count, count))
    _, component = connected_components(graph, directed=False)
    lowest = np.full(component.max() + 1, np.iinfo(np.intp).max, dtype=np.intp)
    np.minimum.at(lowest, component, np.array(owners, dtype=np.intp))
    return np.asarray(lowest[component], dtype=np.intp)


def _best_core(
    shared: Sparse,
    sizes: NDArray[np.intp],
    core_sizes: NDArray[np.intp],
    parameters: ThemeParameters,
) -> Labels:
    """Return the core to which each text belongs, -1 for none."""
    pairs = shared.tocoo()
    rows, columns = pairs.coords
    of_core = pairs.data / core_sizes[columns]
    of_text = pairs.data / sizes[rows]
    holds = of_core >= parameters.core_contained
    inside = (of_text >= parameters.text_contained) & (sizes[rows] >= parameters.core_shingles)
    score = np.maximum(np.where(holds, of_core, 0.0), np.where(inside, of_text, 0.0))
    best = np.full(shared.shape[0], -1, dtype=np.intp)
    order = np.lexsort((-columns, score))  # the last one written wins: best score, lowest core
    order = order[score[order] > 0]
    best[rows[order]] = columns[order]
    return best


def _representatives(labels: Labels, distinct: _Distinct) -> Labels:
    """Return for each distinct text the first text with the group's most frequent wording."""
    chosen = np.empty(len(labels), dtype=np.intp)
    order = np.lexsort((np.arange(len(labels)), -distinct.counts, labels))
    starts = np.flatnonzero(np.r_[True, labels[order][1:] != labels[order][:-1]])
    for members in np.split(order, starts[1:]):
        chosen[members] = distinct.first[members[0]]
    return chosen
