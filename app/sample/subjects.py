"""What the sample's themes are about, as an officer would tell who reads the comments in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.sample import texts
from app.sample.texts import Entry
from consultations.queries.answer_desk import Voice

#: A second subject is named too from this share of the first one's comments.
SECOND = 0.5


@dataclass(frozen=True)
class Subject:
    """What a theme is about, and what the agency says to it.

    Parameters
    ----------
    clauses : tuple of int
        Places of the clauses that most comments are about; none for comments in English and for
        questions, which have an answer of their own.
    entry : dict
        Labels and answer, as in ``answers.json``.
    """

    clauses: tuple[int, ...]
    entry: Entry


def subject_of(slug: str, voices: Sequence[Voice]) -> Subject:
    """Tell what the comments of a theme are mostly about."""
    topics = texts.read(slug, "answers")["topics"]
    if _commonest(voice.language for voice in voices) == "en":
        return Subject((), topics["en"])
    if _commonest(str(voice.stance) for voice in voices) == "unsure":
        return Subject((), topics["unsure"])
    clauses = {entry["body"]: entry["clause"] for entry in texts.read(slug, "comments")}
    counted = Counter(clauses[voice.words] for voice in voices if voice.words in clauses)
    known = [place for place in counted if str(place) in topics]
    first, *others = sorted(known, key=lambda place: (-counted[place], place))
    second = [place for place in others[:1] if counted[place] >= SECOND * counted[first]]
    chosen = (first, *second)
    return Subject(chosen, _joined([topics[str(place)] for place in chosen]) | {"clause": first})


def _commonest(values: Iterable[str]) -> str:
    return Counter(values).most_common(1)[0][0]


def _joined(entries: Sequence[Entry]) -> Entry:
    """Put two subjects under one label; the first one's disposition leads."""
    label_th = " และ".join(entry["label_th"] for entry in entries)
    label_en = "; ".join(entry["label_en"] for entry in entries)
    return {
        **entries[0],
        "label_th": label_th,
        "label_en": label_en,
        "th": "\n\n".join(entry["th"] for entry in entries),
        "en": "\n\n".join(entry["en"] for entry in entries),
    }
