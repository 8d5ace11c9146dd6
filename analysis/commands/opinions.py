"""The sub-commands on votes: opinions, predict, compare."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.commands.compare import compare_reports
from analysis.commands.files import read_report, write_whole
from analysis.csv_rows import escape_field, read_rows
from analysis.errors import AnalysisError, MalformedVotesError
from analysis.opinions.model_archive import ArchivedModel, read_model
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import engine_named, worth_compiling
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.report import SCHEMA
from analysis.opinions.study import METHODS
from analysis.opinions.vote_files import (
    StatementList,
    read_bytes,
    read_polis_folder,
    read_statements,
    read_votes,
)

#: Pairs predicted at once; bounds the memory.
_PAIRS_AT_ONCE = 100_000


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-commands to the parser of ``python -m analysis``."""
    opinions = subparsers.add_parser("opinions", help="analyse votes into an opinion report")
    opinions.add_argument("votes", type=Path, help="CSV or Parquet file, or Polis folder")
    opinions.add_argument("-o", "--output", type=Path, required=True, help="report to write")
    opinions.add_argument("--statements", type=Path, help="CSV of the statements put to the vote")
    opinions.add_argument("--format", choices=("sarn", "polis"), default="sarn")
    opinions.add_argument("--previous", type=Path, help="last report, whose map is kept")
    opinions.add_argument("--engine", choices=("local", "dask"), default="local")
    opinions.add_argument("--method", choices=METHODS, default=METHODS[0])
    opinions.add_argument("--groups", type=int, help="number of groups asked for, 1 to 5")
    opinions.set_defaults(run=run_opinions)

    predict = subparsers.add_parser("predict", help="chance of agreeing for pairs")
    predict.add_argument("report", type=Path, help="opinion report")
    predict.add_argument("pairs", type=Path, help="CSV with participant,statement")
    predict.add_argument("-o", "--output", type=Path, required=True, help="CSV to write")
    predict.set_defaults(run=run_predict)

    compare = subparsers.add_parser("compare", help="tell whether two reports differ")
    compare.add_argument("first", type=Path)
    compare.add_argument("second", type=Path)
    compare.set_defaults(run=run_compare)


def run_opinions(arguments: argparse.Namespace) -> int:
    """Analyse a file of votes and write the report."""
    note = None
    if arguments.format == "polis":
        votes, listed, export = read_polis_folder(arguments.votes)
        note = export.sign
    else:
        votes, listed = read_votes(arguments.votes), StatementList()
    if arguments.statements:
        listed = read_statements(arguments.statements)
    previous = read_report(arguments.previous) if arguments.previous else None
    if previous is not None and previous["schema"] != SCHEMA:
        raise AnalysisError(f'{arguments.previous.name}: its "schema" must be "{SCHEMA}"')
    report = analyse_votes(
        votes,
        _parameters(arguments.groups),
        statements=listed.texts,
        previous=previous,
        method=arguments.method,
        moderated_out=listed.moderated_out,
        engine=engine_named(arguments.engine, compiled=worth_compiling(votes.n_votes)),
    )
    if note:
        report.content["input"]["sign"] = note
    write_whole(arguments.output, report.json_chunks())
    return 0


def run_predict(arguments: argparse.Namespace) -> int:
    """Predict the chance of agreeing for the pairs of a CSV file."""
    model = read_model(read_report(arguments.report))
    pairs = _read_pairs(arguments.pairs, model)
    write_whole(arguments.output, _prediction_lines(pairs, model))
    return 0


def run_compare(arguments: argparse.Namespace) -> int:
    """Print the differences of two reports; 1 if there are any."""
    first, second = read_report(arguments.first), read_report(arguments.second)
    count = 0
    for line in compare_reports(first, second):
        sys.stdout.write(line + "\n")
        count += 1
    return 1 if count else 0


def _parameters(groups: int | None) -> OpinionParameters:
    """Return the defaults, with the number of groups that was asked for."""
    defaults = OpinionParameters()
    if groups is None:
        return defaults
    if not 1 <= groups <= defaults.groups:
        raise AnalysisError(f"--groups {groups}: must be 1 to {defaults.groups}")
    return replace(defaults, wanted_groups=groups)


def _read_pairs(path: Path, model: ArchivedModel) -> list[tuple[str, str]]:
    """Read the pairs and check that the report knows them."""
    pairs = []
    for number, row in read_rows(read_bytes(path), path.name, ("participant", "statement")):
        for column, known in (
            ("participant", model.participants),
            ("statement", model.statements),
        ):
            if row[column] not in known:
                raise MalformedVotesError(
                    f"{path.name}: row {number}, column {column}: {row[column]!r} is not in the "
                    f"report; leave the row out or analyse votes that contain this {column}"
                )
        pairs.append((row["participant"], row["statement"]))
    return pairs


def _prediction_lines(pairs: list[tuple[str, str]], model: ArchivedModel) -> Iterator[str]:
    """Yield the lines of the answer in the order of the pairs."""
    yield "participant,statement,p_agree\n"
    for first in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = pairs[first : first + _PAIRS_AT_ONCE]
        people: Any = np.array([model.participants[person] for person, _ in part], dtype=np.intp)
        items: Any = np.array([model.statements[item] for _, item in part], dtype=np.intp)
        shares = model.predict(people, items).tolist()
        for (person, item), share in zip(part, shares, strict=True):
            yield f"{escape_field(person)},{escape_field(item)},{share:.9f}\n"
