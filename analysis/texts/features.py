"""Texts as points: words and character sequences, neighbours mixed in, few dimensions.

Rows follow the order in which texts are given; callers give them in canonical order, so that
the order in which comments arrived changes nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD

from analysis.sparse_rows import Sparse, beside, sparse_bounds, stacked
from analysis.texts.normalising import is_content, words
from analysis.texts.parameters import ThemeParameters
from analysis.texts.segmentation import stop_words
from analysis.texts.shingles import code_points, rolling_hashes

Points = NDArray[np.float32]

_TINY = 1e-6  # singular values below it carry no direction
_TEXTS_AT_ONCE = 5_000  # bounds the memory of the character sequences


def canonical_order(identifiers: Sequence[str], normalised: Sequence[str]) -> list[int]:
    """Return the order by SHA-256 of the text, then by id: the same for any input order."""
    keys = [
        (hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), identifier)
        for identifier, text in zip(identifiers, normalised, strict=True)
    ]
    return sorted(range(len(keys)), key=keys.__getitem__)


@dataclass(frozen=True)
class Vocabulary:
    """The content words of every text: no stop words, no wording of a form.

    Attributes
    ----------
    terms : tuple of str, length n_terms
        Words in alphabetical order.
    counts : sparse array of shape (n_texts, n_terms), dtype=float32
        How often each text holds each word.
    contents : tuple of str, length n_texts
        The content words of each text in their order, between single spaces.
    """

    terms: tuple[str, ...]
    counts: Sparse
    contents: tuple[str, ...]

    def only(self, rows: NDArray[np.intp]) -> "Vocabulary":
        """Return the same words for some of the texts."""
        contents = tuple(self.contents[row] for row in rows.tolist())
        return Vocabulary(self.terms, self.counts[rows], contents)


def vocabulary_of(normalised: Sequence[str], parameters: ThemeParameters) -> Vocabulary:
    """Count the content words of each text; may be empty."""
    stops = stop_words()
    tokens = without_boilerplate([words(text, parameters) for text in normalised], parameters)
    contents = [[word for word in row if is_content(word, stops)] for row in tokens]
    terms = sorted({word for row in contents for word in row})
    numbers = {word: number for number, word in enumerate(terms)}
    columns = np.array([numbers[word] for row in contents for word in row], dtype=np.int32)
    bounds = np.cumsum([0, *(len(row) for row in contents)])
    counts = sparse_bounds(
        np.ones(len(columns), dtype=np.float32), columns, bounds, (len(contents), len(terms))
    )
    counts.sum_duplicates()
    return Vocabulary(tuple(terms), counts, tuple(" ".join(row) for row in contents))


def weighted_features(vocabulary: Vocabulary, parameters: ThemeParameters) -> Sparse:
    """Return words and character sequences of each text as one row of weights, length one.

    Both parts are TF-IDF with a damped count (1 + log), rows of length one, characters
    multiplied by ``character_weight``. A text without any kept feature has an empty row.

    Returns
    -------
    features : sparse array of shape (n_texts, n_features), dtype=float32
    """
    texts = len(vocabulary.contents)
    rare_word = parameters.rare_word + (texts >= parameters.many)
    rare_sequence = max(parameters.rare_sequence, texts // 2_000)
    word_part = tf_idf(vocabulary.counts, rare_word, parameters.word_features, parameters)
    sequences = character_counts(vocabulary.contents, parameters)
    sequence_part = tf_idf(sequences, rare_sequence, parameters.character_features, parameters)
    weight = np.float32(parameters.character_weight)
    return unit_rows(beside([word_part, sequence_part * weight]))


def tf_idf(counts: Sparse, rarest: int, most: int, parameters: ThemeParameters) -> Sparse:
    """Weigh counts by damped frequency and rarity, rows of length one.

    ``(1 + log count) * (1 + log((1 + n) / (1 + df)))``; features in fewer than ``rarest`` texts
    or in more than the share ``common`` are dropped, then all but the ``most`` frequent.
    """
    texts = counts.shape[0]
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    known = np.flatnonzero((held >= rarest) & (held <= max(rarest, parameters.common * texts)))
    if len(known) > most:
        known = np.sort(known[np.argsort(-held[known], kind="stable")[:most]])
    kept = counts[:, known].astype(np.float32)
    rarity = 1.0 + np.log((1.0 + texts) / (1.0 + held[known]))
    kept.data = (1.0 + np.log(kept.data)) * rarity[kept.indices].astype(np.float32)
    return unit_rows(kept)


def unit_rows(rows: Sparse) -> Sparse:
    """Scale the rows of a sparse array to length one; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    scaled = rows.copy()
    scaled.data = (rows.data / np.repeat(lengths, np.diff(rows.indptr))).astype(np.float32)
    return scaled


def unit(points: NDArray[np.floating]) -> Points:
    """Scale the rows of an array to length one; zero rows stay zero."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return np.asarray(points / lengths, dtype=np.float32)


def latent_space(features: Sparse, parameters: ThemeParameters) -> Points:
    """Reduce weights to at most ``dimensions`` columns by truncated singular values.

    The columns are weighed by a power of their singular values: 1 is plain latent semantics,
    more favours the subjects that many texts share.

    References
    ----------
    Deerwester et al. 1990, "Indexing by latent semantic analysis"; Halko, Martinsson and
    Tropp 2011 for the randomised decomposition.
    """
    dimensions = min(parameters.dimensions, features.shape[0] - 1, features.shape[1] - 1)
    if dimensions < 2 or features.nnz == 0:
        return unit(features[:, :2].toarray())
    reducer = TruncatedSVD(dimensions, n_iter=parameters.iterations, random_state=parameters.seed)
    points = reducer.fit_transform(features)
    weights = np.maximum(reducer.singular_values_, _TINY) ** (parameters.strength - 1)
    return unit(points * weights)


def condensed(points: Points, parameters: ThemeParameters) -> Points:
    """Keep the strongest ``final_dimensions`` directions of smoothed points, rows of length one."""
    if points.shape[1] <= parameters.final_dimensions:
        return unit(points)
    _, directions = np.linalg.eigh(points.T.astype(np.float64) @ points)
    return unit(points @ directions[:, -parameters.final_dimensions :].astype(np.float32))


def smoothing_weight(normalised: Sequence[str], parameters: ThemeParameters) -> float:
    """Return how much neighbours count: less when texts are long enough to speak for themselves."""
    median = float(np.median([len(text) for text in normalised]))
    is_long = median > parameters.long_text
    return parameters.smoothing_long if is_long else parameters.smoothing


def character_counts(contents: Sequence[str], parameters: ThemeParameters) -> Sparse:
    """Count the character sequences inside the words of each text, in a space of hashes."""
    parts = [
        _character_rows(contents[start : start + _TEXTS_AT_ONCE], len(contents), parameters)
        for start in range(0, len(contents), _TEXTS_AT_ONCE)
    ]
    return stacked(parts)


def _character_rows(texts: Sequence[str], total: int, parameters: ThemeParameters) -> Sparse:
    """Count character sequences inside words, by hash; a space stands only at either end."""
    large = total > parameters.large
    longest = parameters.longest_sequence_large if large else parameters.longest_sequence
    padded = [f" {text} " for text in texts]
    points = code_points("".join(padded))
    owners = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) for text in padded])
    spaces = np.concatenate([[0], np.cumsum(points == ord(" "))])
    buckets = np.int64(1) << np.int64(parameters.character_buckets)
    keys = []
    for length in range(parameters.shortest_sequence, longest + 1):
        hashes = rolling_hashes(points, length)
        begins = np.arange(len(hashes))
        whole = spaces[begins + length - 1] == spaces[begins + 1]
        bucket = (hashes[whole] & np.uint64(buckets - 1)).astype(np.int64)
        keys.append(owners[begins[whole]] * buckets + bucket)
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    bounds = np.searchsorted(found, np.arange(len(texts) + 1) * buckets)
    values, columns = counts.astype(np.float32), (found % buckets).astype(np.int32)
    return sparse_bounds(values, columns, bounds, (len(texts), int(buckets)))


def without_boilerplate(
    tokens: Sequence[list[str]], parameters: ThemeParameters
) -> list[list[str]]:
    """Leave out phrases that stand in so many texts that a form must have put them there."""
    length = parameters.boilerplate_words
    held: dict[tuple[str, ...], int] = {}
    for row in tokens:
        for phrase in set(_phrases(row, length)):
            held[phrase] = held.get(phrase, 0) + 1
    needed = max(parameters.fewest_to_group, parameters.boilerplate_share * len(tokens))
    forms = {phrase for phrase, count in held.items() if count >= needed}
    return [_without(row, forms, length) for row in tokens] if forms else list(tokens)


def _without(row: list[str], forms: set[tuple[str, ...]], length: int) -> list[str]:
    hidden: set[int] = set()
    for start, phrase in enumerate(_phrases(row, length)):
        if phrase in forms:
            hidden.update(range(start, start + length))
    return [word for place, word in enumerate(row) if place not in hidden]


def _phrases(row: list[str], length: int) -> list[tuple[str, ...]]:
    return list(zip(*(row[offset:] for offset in range(length)), strict=False))
