"""Judge an embedder, language by language, against the lexical default on known subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.texts.embedders import Embedder, EmbedderError
from analysis.texts.features import Points, latent_space, unit, vocabulary_of, weighted_features
from analysis.texts.normalising import normalise
from analysis.texts.parameters import ThemeParameters
from analysis.texts.probe_sentences import PROBE

NEIGHBOURS = 5  #: one fewer than the sentences of a subject


@dataclass(frozen=True)
class Verdict:
    """How an embedder did in one language.

    ``agreement`` and ``default`` are the share of each sentence's five nearest neighbours that
    speak of its own subject, for the embedder and for the default; None without sentences.
    """

    language: str
    accepted: bool
    agreement: float | None
    default: float | None


def judge(embedder: Embedder, language: str, parameters: ThemeParameters) -> Verdict:
    """Accept an embedder for a language when it does at least as well as the default.

    A language without probe sentences is refused: nobody could tell whether it helps.

    Raises
    ------
    EmbedderError
        If the embedder fails.
    """
    if language not in PROBE or not _claims(embedder, language):
        return Verdict(language, accepted=False, agreement=None, default=None)
    sentences = [text for group in PROBE[language].values() for text in group]
    subjects = [name for name, group in PROBE[language].items() for _ in group]
    made = unit(np.asarray(embedder.embed(sentences), dtype=np.float32))
    agreement = subject_agreement(made, subjects)
    default = subject_agreement(_default_points(sentences, parameters), subjects)
    accepted = agreement >= default - parameters.probe_slack
    return Verdict(language, accepted, agreement, default)


def subject_agreement(points: Points, subjects: Sequence[str]) -> float:
    """Return the mean share of the nearest neighbours that have the same subject."""
    similar = points @ points.T
    np.fill_diagonal(similar, -np.inf)
    nearest = np.argsort(-similar, axis=1, kind="stable")[:, :NEIGHBOURS]
    named = np.asarray(subjects)
    return float((named[nearest] == named[:, None]).mean())


def _claims(embedder: Embedder, language: str) -> bool:
    return embedder.languages is None or language in embedder.languages


def _default_points(sentences: Sequence[str], parameters: ThemeParameters) -> Points:
    normalised = [normalise(sentence, parameters) for sentence in sentences]
    features = weighted_features(vocabulary_of(normalised, parameters), parameters)
    return latent_space(features, parameters)


class MeaningSource:
    """Gives the points of an embedder for the languages in which it has proved itself.

    ``verdicts`` tells per language what became of it: ``used``, ``refused`` or ``failed``, with
    both figures of the probe.
    """

    def __init__(self, embedder: Embedder, parameters: ThemeParameters) -> None:
        self.embedder = embedder
        self.verdicts: dict[str, dict[str, str | float | None]] = {}
        self._parameters = parameters

    def points(self, language: str, texts: Sequence[str]) -> Points | None:
        """Return one row per text, or None where the default has to do alone."""
        try:
            verdict = judge(self.embedder, language, self._parameters)
            made = self.embedder.embed(list(texts)) if verdict.accepted else None
        except EmbedderError:
            self._note(language, "failed", None, None)
            return None
        outcome = "used" if verdict.accepted else "refused"
        self._note(language, outcome, verdict.agreement, verdict.default)
        return None if made is None else unit(np.asarray(made, dtype=np.float32))

    def to_dict(self) -> dict[str, object]:
        """Return what the report says about the embedder."""
        named = {"id": self.embedder.id, "version": self.embedder.version}
        return {**named, "offline": self.embedder.offline, "languages": self.verdicts}

    def _note(
        self, language: str, outcome: str, agreement: float | None, default: float | None
    ) -> None:
        self.verdicts[language] = {
            "outcome": outcome,
            "agreement": agreement,
            "default": default,
        }
