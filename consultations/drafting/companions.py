"""What stands beside a clause: its translation and explanation, kept when a split is corrected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from consultations.models import Clause
from consultations.outline_numbering import CONTAINERS
from consultations.outline_tree import Outline


@dataclass(frozen=True)
class Companions:
    """Words about a clause that are no part of the text; each may be empty."""

    heading_en: str = ""
    body_en: str = ""
    explanation_th: str = ""
    explanation_en: str = ""


COMPANIONS = tuple(Companions.__dataclass_fields__)


def companions_of(clauses: Iterable[Clause]) -> dict[str, Companions]:
    """Return what stands beside each clause, by key."""
    return {
        clause.key: Companions(*(getattr(clause, name) for name in COMPANIONS))
        for clause in clauses
    }


def carried_over(
    before: Outline, after: Outline, companions: Mapping[str, Companions]
) -> dict[str, Companions]:
    """Return what stands beside each unit of a corrected outline, without losing a word.

    Parameters
    ----------
    before, after : Outline
        Before and after one correction of the split.
    companions : mapping
        What stood beside the units before, by key.

    Returns
    -------
    dict
        What stood beside a unit that was joined to another is added to the other; the translation
        of a body goes where the body went.
    """
    kept = {provision.key for provision in after}
    found = {key: words for key, words in companions.items() if key in kept}
    holder: str | None = None
    for provision in before:
        if provision.key in kept:
            holder = provision.key
        elif holder is not None and provision.key in companions:
            found[holder] = _joined(found.get(holder, Companions()), companions[provision.key])
    return _with_bodies(after, found)


def _joined(first: Companions, second: Companions) -> Companions:
    """Join as ``merge_with_previous`` does: the second heading becomes a line of the body."""
    return Companions(
        first.heading_en,
        _lines(first.body_en, second.heading_en, second.body_en),
        _lines(first.explanation_th, second.explanation_th),
        _lines(first.explanation_en, second.explanation_en),
    )


def _with_bodies(after: Outline, companions: dict[str, Companions]) -> dict[str, Companions]:
    """Move the translation of a body that a heading took over, or that a new paragraph holds."""
    units = [*after]
    for place, unit in enumerate(units):
        words = companions.get(unit.key, Companions())
        if unit.kind not in CONTAINERS or unit.body or not words.body_en:
            continue
        following = units[place + 1] if place + 1 < len(units) else None
        companions[unit.key] = replace(words, body_en="")
        if following is not None and following.key not in companions:
            companions[following.key] = Companions(body_en=words.body_en)
        else:
            heading = " ".join([words.heading_en, *words.body_en.split()]).strip()
            companions[unit.key] = replace(words, heading_en=heading, body_en="")
    return companions


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
