"""Comments made ready for grouping: normal form, language, what is a copy of what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.texts.campaigns import DuplicateGroup, describe_groups
from analysis.texts.comment_files import CommentTable
from analysis.texts.features import canonical_order
from analysis.texts.near_duplicates import find_near_duplicates
from analysis.texts.normalising import is_substantive, language_of, normalise
from analysis.texts.parameters import ThemeParameters


@dataclass(frozen=True)
class Unit:
    """One text that is grouped once, however many comments hold it.

    Attributes
    ----------
    comment : int
        Index of the comment that is quoted for it.
    start, end : int
        The stretch of the original text: the whole comment, or words added to a campaign.
    members : tuple of int
        Indexes of the comments that follow it into its theme; empty for added words.
    normalised : str
    language : str
    stance : str
    """

    comment: int
    start: int
    end: int
    members: tuple[int, ...]
    normalised: str
    language: str
    stance: str


@dataclass(frozen=True)
class Prepared:
    """Comments sorted into what can be grouped and what cannot."""

    units: list[Unit]
    not_substantive: list[int]
    groups: list[DuplicateGroup]


def prepare(comments: CommentTable, parameters: ThemeParameters) -> Prepared:
    """Normalise, set aside what says nothing, find copies, and make one unit per text."""
    normalised = [normalise(text, parameters) for text in comments.texts]
    enough = [is_substantive(text, parameters) for text in normalised]
    empty = sorted((i for i, ok in enumerate(enough) if not ok), key=lambda i: comments.comments[i])
    order = canonical_order(comments.comments, normalised)
    kept = [index for index in order if enough[index]]
    copies = find_near_duplicates([normalised[index] for index in kept], parameters)
    members: dict[int, list[int]] = defaultdict(list)
    for place, representative in enumerate(copies.tolist()):
        members[kept[representative]].append(kept[place])
    ordered = [
        [template, *(i for i in group if i != template)] for template, group in members.items()
    ]
    groups = describe_groups(
        comments, normalised, (group for group in ordered if len(group) > 1), parameters
    )
    units = _whole_units(comments, normalised, ordered, parameters)
    units += _added_units(comments, groups, parameters)
    return Prepared(_in_order(comments, units), empty, groups)


def _whole_units(
    comments: CommentTable,
    normalised: Sequence[str],
    groups: Sequence[Sequence[int]],
    parameters: ThemeParameters,
) -> list[Unit]:
    """Make one unit per group of copies and stance: copies may come with different answers."""
    units: list[Unit] = []
    for group in groups:
        declared = comments.languages[group[0]]
        language = language_of(normalised[group[0]], declared, parameters)
        by_stance: dict[str, list[int]] = defaultdict(list)
        for index in group:
            by_stance[comments.stances[index]].append(index)
        for stance, members in by_stance.items():
            first = members[0]
            end = len(comments.texts[first])
            units.append(Unit(first, 0, end, tuple(members), normalised[first], language, stance))
    return units


def _added_units(
    comments: CommentTable, groups: Sequence[DuplicateGroup], parameters: ThemeParameters
) -> list[Unit]:
    """Make one unit per stretch of added words: new content, grouped on its own."""
    units: list[Unit] = []
    seen: set[str] = set()
    for group in groups:
        if len(group.members) < parameters.fewest_for_campaign:
            continue
        for index, start, end in group.additions:
            text = normalise(comments.texts[index][start:end], parameters)
            if text in seen or not is_substantive(text, parameters):
                continue
            seen.add(text)
            language = language_of(text, comments.languages[index], parameters)
            units.append(Unit(index, start, end, (), text, language, comments.stances[index]))
    return units


def _in_order(comments: CommentTable, units: list[Unit]) -> list[Unit]:
    keys = [f"{comments.comments[unit.comment]} {unit.start}" for unit in units]
    order = canonical_order(keys, [unit.normalised for unit in units])
    return [units[place] for place in order]
