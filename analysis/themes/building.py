"""Turn drafts of themes into the entries of the report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.texts.campaigns import DuplicateGroup
from analysis.texts.comment_files import CommentTable
from analysis.texts.comment_units import Unit
from analysis.texts.parameters import ThemeParameters
from analysis.themes.comment_grouping import DraftTheme, LanguageGroup
from analysis.themes.quotes import TYPICAL, Candidates, Quote, choose_quotes
from analysis.themes.report import Campaign, Minority, Span, SubTheme, Theme, Variant


@dataclass(frozen=True)
class Sheet:
    """Comments with what the entries need to know about them."""

    comments: CommentTable
    parameters: ThemeParameters
    agreement: Mapping[str, float]

    def ids(self, units: Sequence[Unit]) -> list[str]:
        """Return the comments that hold some units, sorted."""
        return sorted(self.comments.comments[i] for unit in units for i in unit.members)

    def people(self, units: Sequence[Unit]) -> int:
        """Count the authors of some units; an unknown author counts as a person."""
        return len({self.author(index) for unit in units for index in unit.members})

    def author(self, index: int) -> str:
        """Return a name for the author of a comment that no other unknown author has."""
        return self.comments.authors[index] or f"\x00{self.comments.comments[index]}"


def build_theme(
    draft: DraftTheme, group: LanguageGroup, sheet: Sheet, name: str, sub_names: Sequence[str]
) -> Theme:
    """Write the entry of one theme; its links to other themes are added later."""
    units = [group.units[row] for row in draft.rows]
    indexes = [index for unit in units for index in unit.members]
    comments = sheet.comments
    subs = [
        _sub_theme(sub, terms, [group.units[row] for row in rows], sheet)
        for sub, terms, rows in zip(sub_names, draft.sub_terms, draft.sub_rows, strict=True)
    ]
    return Theme(
        id=name,
        kind=draft.kind,
        language=draft.language,
        stance=draft.stance,
        label_terms=draft.terms,
        size=len(indexes),
        people=sheet.people(units),
        distinct_texts=sum(bool(unit.members) for unit in units),
        stances=_counted(comments.stances[index] for index in indexes),
        clauses=_counted(comments.clauses[index] for index in indexes),
        comments=sheet.ids(units),
        sub_themes=subs,
        quotes=quotes_of(draft.rows, draft, group, sheet),
        weak=sheet.ids([group.units[row] for row in draft.weak]),
        additions=[
            Span(comments.comments[unit.comment], unit.start, unit.end)
            for unit in units
            if not unit.members
        ],
    )


def build_minorities(
    draft: DraftTheme, group: LanguageGroup, sheet: Sheet, name: str, sub_names: Sequence[str]
) -> list[Minority]:
    """Write the entries of the small but distinct sub-themes of a theme."""
    return [
        Minority(
            theme=name,
            sub_theme=sub_names[place],
            label_terms=draft.sub_terms[place],
            comments=sheet.ids([group.units[row] for row in draft.sub_rows[place]]),
            people=sheet.people([group.units[row] for row in draft.sub_rows[place]]),
            quotes=[
                quote
                for quote in quotes_of(draft.sub_rows[place], draft, group, sheet)
                if quote.role == TYPICAL
            ],
        )
        for place in draft.promoted
    ]


def build_campaigns(
    groups: Sequence[DuplicateGroup], themes: Sequence[Theme], sheet: Sheet
) -> list[Campaign]:
    """Write the entries of the groups of near-duplicates that are large enough."""
    found = {comment: theme.id for theme in themes for comment in theme.comments}
    large = [g for g in groups if len(g.members) >= sheet.parameters.fewest_for_campaign]
    ids = sheet.comments.comments
    return [
        Campaign(
            id=f"c{number}",
            template=ids[group.template],
            theme=found[ids[group.template]],
            size=len(group.members),
            people=len({sheet.author(index) for index in group.members}),
            comments=[ids[index] for index in group.members],
            variants=[Variant(ids[index], count) for index, count in group.variants],
            additions=[Span(ids[index], start, end) for index, start, end in group.additions],
        )
        for number, group in enumerate(large, start=1)
    ]


def quotes_of(
    rows: Sequence[int], draft: DraftTheme, group: LanguageGroup, sheet: Sheet
) -> list[Quote]:
    """Choose quotes among some units of a theme; offsets count the original comment."""
    units = [group.units[row] for row in rows]
    sub_of = {row: number for number, subs in enumerate(draft.sub_rows) for row in subs}
    ids = [sheet.comments.comments[unit.comment] for unit in units]
    candidates = Candidates(
        comments=tuple(str(place) for place in range(len(units))),
        texts=tuple(group.texts[row] for row in rows),
        authors=tuple(sheet.author(unit.comment) for unit in units),
        features=group.space.features[list(rows)],
        sub_labels=np.array([sub_of.get(row, 0) for row in rows], dtype=np.intp),
        bridging=np.array([sheet.agreement.get(comment, np.nan) for comment in ids]),
        favoured=tuple(draft.terms),
    )
    chosen = choose_quotes(candidates, sheet.parameters)
    return [
        Quote(ids[place], units[place].start + q.start, units[place].start + q.end, q.role)
        for place, q in ((int(quote.comment), quote) for quote in chosen)
    ]


def _sub_theme(name: str, terms: list[str], units: Sequence[Unit], sheet: Sheet) -> SubTheme:
    return SubTheme(name, terms, sheet.ids(units), sheet.people(units))


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts = Counter(value for value in values if value)
    return dict(sorted(counts.items()))
