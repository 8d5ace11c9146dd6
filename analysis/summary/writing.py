"""The summary of a consultation: sentences from templates and verbatim quotes, each with evidence.

Nothing is written that a check cannot compute again from the reports.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import AnalysisError
from analysis.opinions.votes import VoteTable
from analysis.summary.checks import check_sentence
from analysis.summary.facts import Document, Reports, facts_of, side_of
from analysis.summary.recount import comment_problems, vote_problems
from analysis.summary.wording import LANGUAGES, render
from analysis.texts.comment_files import CommentTable
from analysis.texts.parameters import ThemeParameters
from analysis.texts.personal_data import find_personal_data
from analysis.themes.quotes import quotable_window

SCHEMA = "sarn.summary/1"
ENGINE_VERSION = "1"
MOST_THEMES = 10  #: themes with sentences of their own, largest first
MOST_STATEMENTS = 5  #: statements per list
MOST_PER_GROUP = 2  #: representative statements per group
MOST_QUOTES = 1  #: quotes per theme
MOST_MORE = 60  #: sentences that are offered beside the summary


@dataclass(frozen=True)
class StatementText:
    """The words of a statement and the language they are in."""

    body: str
    language: str


@dataclass(frozen=True)
class Summary:
    """Sentences in the order in which they are read, as plain dictionaries.

    Attributes
    ----------
    more : list of dict
        Sentences that the reports carry as well and that the summary leaves out for its length.
    """

    sentences: list[dict[str, Any]]
    more: list[dict[str, Any]]
    engine: dict[str, Any]
    schema: str = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain lists and dictionaries, ready for JSON."""
        return {
            "schema": self.schema,
            "engine": self.engine,
            "sentences": self.sentences,
            "more": self.more,
        }


def summarise(
    opinions: Document,
    themes: Document,
    *,
    statements: Mapping[str, StatementText],
    comments: Mapping[str, str],
    votes: VoteTable | None = None,
    table: CommentTable | None = None,
) -> Summary:
    """Write the summary of both reports.

    Parameters
    ----------
    opinions, themes : mapping
        Reports of the schemas ``sarn.opinions/1`` and ``sarn.themes/1``; an empty mapping where
        there was no voting or no comment.
    statements : mapping of str to StatementText
        The words of the statements; a statement without words gets no sentence.
    comments : mapping of str to str
        The original text of each comment.
    votes : VoteTable, optional
    table : CommentTable, optional
        What the reports were made from; if given, it is counted again.

    Returns
    -------
    summary : Summary
        Only sentences that `check_sentence` finds supported.

    Raises
    ------
    AnalysisError
        If a report contradicts the votes or comments that it was made from.
    """
    problems = vote_problems(opinions, votes) if votes is not None and opinions else []
    problems += comment_problems(themes, table) if table is not None and themes else []
    if problems:
        raise AnalysisError(f"no summary: {problems[0]}; run the analysis again")
    reports = Reports(opinions, themes, comments)
    sentences, every = (
        [sentence for sentence in writer.all() if writer.is_supported(sentence)]
        for writer in (_Writer(reports, statements), _Writer(reports, statements, MOST_MORE))
    )
    told = {sentence["id"] for sentence in sentences}
    more = [sentence for sentence in every if sentence["id"] not in told]
    return Summary(sentences, more[:MOST_MORE], {"version": ENGINE_VERSION})


@dataclass(frozen=True)
class _Writer:
    """Writes the sentences of each section; what the evidence does not carry yields none.

    Attributes
    ----------
    most : int
        Sentences per list and quotes per theme; 0 for the usual numbers.
    """

    reports: Reports
    statements: Mapping[str, StatementText]
    most: int = 0

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield the sentences of all sections in reading order."""
        voted, commented = bool(self.reports.opinions), bool(self.reports.themes)
        if voted:
            yield from self.participation()
        if commented:
            yield from self.comments_received()
        if voted:
            yield from self.common_ground()
            yield from self.differences()
        if commented:
            yield from self.themes()
            yield from self.minority()
            yield from self.campaigns()
        if self.reports.opinions.get("too_few"):
            cited = [_statement(entry["statement"]) for entry in self.reports.opinions["too_few"]]
            yield from self.sentence("too_few", "too_few", cited)

    def is_supported(self, sentence: Document) -> bool:
        """Tell whether the check finds nothing wrong."""
        reports = self.reports
        bodies = {name: text.body for name, text in self.statements.items()}
        return not check_sentence(
            sentence, reports.opinions, reports.themes, reports.comments, statements=bodies
        )

    def participation(self) -> Iterator[dict[str, Any]]:
        """Yield who voted on how much, and how they group."""
        yield from self.sentence("participation", "votes_cast", [])
        groups = self.reports.opinions["groups"]
        if len(groups) > 1:
            cited = [_group(entry["id"]) for entry in groups]
            yield from self.sentence("participation", "groups", cited)
            yield from self.sentence("participation", "groups_unstable", cited)

    def comments_received(self) -> Iterator[dict[str, Any]]:
        """Yield how many comments came from how many people."""
        known = self.reports.authors_known
        name = "comments_from_people" if known else "comments_received"
        yield from self.sentence("participation", name, [])
        empty = self.reports.themes["not_substantive"]
        if empty:
            cited = [_comment(comment) for comment in empty]
            yield from self.sentence("participation", "comments_without_text", cited)

    def common_ground(self) -> Iterator[dict[str, Any]]:
        """Yield the statements that people of all groups choose the same side on."""
        for entry in self.reports.opinions["consensus"][: self.most or MOST_STATEMENTS]:
            cited = [_statement(entry["statement"])]
            written = [
                *self.sentence("common_ground", "consensus_every_group", cited, entry["side"]),
                *self.sentence("common_ground", "consensus_overall", cited, entry["side"]),
            ]
            yield from (written[0:1] if len(self.reports.opinions["groups"]) > 1 else written[-1:])

    def differences(self) -> Iterator[dict[str, Any]]:
        """Yield the statements on which groups are apart, and what is typical of each."""
        told: set[str] = set()
        for entry in self.reports.opinions["differences"][: self.most or MOST_STATEMENTS]:
            told.add(str(entry["statement"]))
            yield from self.sentence("differences", "difference", [_statement(entry["statement"])])
        if len(self.reports.opinions["groups"]) < 2:
            return
        for group, entries in sorted(self.reports.opinions["representative"].items()):
            new = [entry for entry in entries if str(entry["statement"]) not in told]
            for entry in new[: self.most or MOST_PER_GROUP]:
                cited = [_statement(entry["statement"]), _group(group)]
                yield from self.sentence("differences", "representative", cited, entry["side"])

    def themes(self) -> Iterator[dict[str, Any]]:
        """Yield the largest themes, each with a quote."""
        found = [entry for entry in self.reports.themes["themes"] if entry["kind"] == "theme"]
        for entry in found[: self.most or MOST_THEMES]:
            side = side_of(entry["stance"])
            template = "theme" if side is None else "theme_of_side"
            yield from self.sentence("themes", template, [_theme(entry["id"])], side)
            for quote in entry["quotes"][: self.most or MOST_QUOTES]:
                cited = [_theme(entry["id"]), _quote(quote)]
                yield from self.sentence("themes", "theme_quote", cited)

    def minority(self) -> Iterator[dict[str, Any]]:
        """Yield the small but distinct voices, each with a quote."""
        for entry in self.reports.themes["minority"]:
            cited = [_theme(entry["sub_theme"])]
            yield from self.sentence("minority", "minority", cited)
            for quote in entry["quotes"][: self.most or MOST_QUOTES]:
                yield from self.sentence("minority", "minority_quote", [*cited, _quote(quote)])

    def campaigns(self) -> Iterator[dict[str, Any]]:
        """Yield the campaigns with their template, unless it names a person."""
        for entry in self.reports.themes["campaigns"][: self.most or MOST_THEMES]:
            text = self.reports.comments.get(str(entry["template"]), "")
            start, end = quotable_window(text, ThemeParameters())
            cited = _comment(entry["template"])
            if end > start and not find_personal_data(text[start:end]):
                placed = {**cited, "start": start, "end": end}
                yield from self.sentence("campaigns", "campaign", [placed])
            else:
                yield from self.sentence("campaigns", "campaign_unquoted", [cited])

    def sentence(
        self,
        section: str,
        template: str,
        evidence: list[dict[str, Any]],
        side: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield one sentence, or nothing where the evidence does not carry it."""
        try:
            values = facts_of(template, evidence, side, self.reports)
        except (KeyError, ValueError, IndexError, StopIteration):
            return
        if evidence and evidence[0]["kind"] == "statement" and section != "too_few":
            text = self.statements.get(str(evidence[0]["id"]))
            if text is None:
                return
            values["statement"] = text.body
        written: dict[str, Any] = {
            "id": ".".join([template, *(str(cited["id"]) for cited in evidence[:2])]),
            "section": section,
            "template": template,
            "values": values,
            "text": {language: render(template, values, language) for language in LANGUAGES},
            "evidence": evidence,
        }
        if side is not None:
            written["side"] = side
        if "by_group" in values:
            written["groups"] = [entry["group"] for entry in values["by_group"]]
        yield written


def _statement(name: Any) -> dict[str, Any]:
    return {"kind": "statement", "id": str(name)}


def _group(name: Any) -> dict[str, Any]:
    return {"kind": "group", "id": str(name)}


def _theme(name: Any) -> dict[str, Any]:
    return {"kind": "theme", "id": str(name)}


def _comment(name: Any) -> dict[str, Any]:
    return {"kind": "comment", "id": str(name)}


def _quote(quote: Document) -> dict[str, Any]:
    return {**_comment(quote["comment"]), "start": quote["start"], "end": quote["end"]}
