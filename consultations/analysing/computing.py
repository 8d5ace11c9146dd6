"""What the engine makes of a run's frozen input; touches no database."""

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.errors import AnalysisError
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from analysis.summary.writing import StatementText, summarise
from analysis.texts.comment_files import CommentTable
from analysis.themes.bridging import lowest_agreement, with_bridging_statements
from analysis.themes.pinning import Pin
from analysis.themes.pipeline import analyse_comments
from consultations import picture, quoting, run_effects, snapshots, standing
from consultations.analysing.inputs import RunInputs
from consultations.analysing.weighting import weigh
from core import ledger

Report = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a run leads to: reports and a picture, or a failure's code and the engine's sentence."""

    engine_version: str = ""
    parameters: Report | None = None
    report_digest: str = ""
    picture: Report | None = None
    effects: Report | None = None
    opinions_json: bytes | None = None
    themes_json: bytes | None = None
    summary_json: bytes | None = None
    places_json: bytes | None = None
    failure_code: str = ""
    failure_detail: str = ""


def compute(inputs: RunInputs, report: Callable[[str], None]) -> Outcome:
    """Run the engine; touches no database.

    Parameters
    ----------
    inputs : RunInputs
    report : callable
        Told the name of each step when it begins: opinions, themes, summary, picture.

    Returns
    -------
    Outcome
        A failure when the engine refuses the input. Anything unexpected is raised.
    """
    try:
        return _computed(inputs, report)
    except AnalysisError as error:
        return Outcome(failure_code="analysis.refused", failure_detail=str(error))


def _computed(inputs: RunInputs, report: Callable[[str], None]) -> Outcome:
    statements = {
        row["statement"]: StatementText(row["text"], row["language"])
        for row in snapshots.csv_rows(inputs.statements)
    }
    comments = snapshots.csv_rows(inputs.comments)
    report("opinions")
    table = VoteTable.from_csv_bytes(inputs.votes)
    # By name only: the stored report must not keep words that may be hidden later.
    opinions = analyse_votes(table, statements=list(statements)).to_dict()
    report("themes")
    themes = _themes(inputs, comments, opinions)
    shown = quoting.without_quotes_of(themes, inputs.unquoted)
    report("summary")
    summary = summarise(
        opinions,
        shown,
        statements=statements,
        comments=_texts(inputs, comments),
        votes=table,
        table=_comment_table(comments),
    ).to_dict()
    report("picture")
    drawn = _drawn(inputs, table, opinions, shown, statements, comments)
    effects = run_effects.effects_of(opinions, themes, snapshots.csv_rows(inputs.supports))
    made = _outcome(opinions, themes, summary, drawn)
    return replace(made, effects=effects, places_json=_places(opinions, table))


def _drawn(
    inputs: RunInputs,
    table: VoteTable,
    opinions: Report,
    shown: Report,
    statements: Mapping[str, StatementText],
    comments: Sequence[Mapping[str, str]],
) -> Report:
    """Return the picture, without words that nobody may be shown."""
    people = snapshots.csv_rows(inputs.participants)
    return picture.draw(
        picture.Sources(
            opinions=opinions,
            themes=shown,
            texts=_texts(inputs, comments),
            statements={name: said.body for name, said in statements.items()},
            tiers=inputs.tiers,
            imported_groups={row["participant"]: row["imported_group"] for row in people},
            comments=comments,
            activity=inputs.activity,
            population=inputs.population,
            population_source=inputs.population_source,
            weighting=weigh(
                table, people, inputs.population, interval=opinions["parameters"]["interval"]
            ),
        )
    )


def _texts(inputs: RunInputs, comments: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the words of the comments that may be shown."""
    return {
        row["comment"]: row["text"] for row in comments if row["comment"] not in inputs.unquoted
    }


def _themes(inputs: RunInputs, comments: list[dict[str, str]], opinions: Report) -> Report:
    """Find themes and quote, in each, the statement that most of every opinion group agrees with.

    Comments are not voted on, and who wrote one cannot be told from who voted: statements are what
    groups are known to agree on.
    """
    rows = snapshots.csv_rows(inputs.statements)
    statements = CommentTable(
        tuple(row["statement"] for row in rows),
        tuple(row["text"] for row in rows),
        languages=tuple(row["language"].replace("und", "") for row in rows),
    )
    table = _comment_table(comments)
    before = inputs.previous_themes
    known = {theme["id"] for theme in before["themes"]} if before else set()
    pins = [Pin(key, thai) for key, (thai, _) in inputs.worded_themes.items() if key in known]
    found = analyse_comments(table, previous=before, pins=pins, title=inputs.title)
    agreement = lowest_agreement(opinions)
    return with_bridging_statements(found, table, statements, agreement).to_dict()


def _places(opinions: Report, table: VoteTable) -> bytes:
    """Return what places a participant on the map by their own votes."""
    names, statements = table.participants, table.statements
    votes = zip(
        (names[row] for row in table.participant_index().tolist()),
        (statements[row] for row in table.statement_index.tolist()),
        table.choices.tolist(),
        strict=True,
    )
    included = [row for row in opinions["participants"] if row["included"]]
    return zlib.compress(ledger.canonical_json(standing.places(included, votes)).encode())


def _outcome(opinions: Report, themes: Report, summary: Report, drawn: Report) -> Outcome:
    parts = [ledger.canonical_json(part).encode() for part in (opinions, themes, summary)]
    packed = [zlib.compress(part) for part in parts]
    return Outcome(
        engine_version=f"{opinions['engine']['version']} / {themes['engine']['version']}",
        parameters={"opinions": opinions["parameters"], "themes": themes["parameters"]},
        report_digest=hashlib.sha256(b"\n".join(parts)).hexdigest(),
        picture=drawn,
        opinions_json=packed[0],
        themes_json=packed[1],
        summary_json=packed[2],
    )


def _comment_table(rows: list[dict[str, str]]) -> CommentTable:
    return CommentTable(*(tuple(row[name] for row in rows) for name in snapshots.COMMENT_COLUMNS))
