"""The sub-commands on comments: themes and duplicates."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.commands.files import read_json, read_report, write_whole
from analysis.errors import AnalysisError, MalformedCommentsError
from analysis.opinions.report import SCHEMA
from analysis.texts.comment_files import read_comments
from analysis.themes.bridging import lowest_agreement
from analysis.themes.pinning import Pin, read_pins
from analysis.themes.pipeline import analyse_comments, find_duplicates
from analysis.themes.report import ThemeReport


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-commands to the parser of ``python -m analysis``."""
    themes = subparsers.add_parser("themes", help="find the themes of comments")
    themes.add_argument("comments", type=Path, help="CSV file with comment,text")
    themes.add_argument("-o", "--output", type=Path, required=True, help="report to write")
    themes.add_argument("--previous", type=Path, help="last report, whose theme ids are kept")
    themes.add_argument("--pins", type=Path, help="JSON: themes of it to name, merge and keep")
    themes.add_argument("--title", default="", help="title of the draft; its words name no theme")
    themes.add_argument(
        "--opinions", type=Path, help="opinion report; comments put to the vote can be bridging"
    )
    themes.set_defaults(run=run_themes)

    duplicates = subparsers.add_parser("duplicates", help="find comments with the same text")
    duplicates.add_argument("comments", type=Path, help="CSV file with comment,text")
    duplicates.add_argument("-o", "--output", type=Path, required=True, help="groups to write")
    duplicates.set_defaults(run=run_duplicates)


def run_themes(arguments: argparse.Namespace) -> int:
    """Analyse a file of comments and write the theme report."""
    comments = read_comments(arguments.comments)
    previous = _previous(arguments.previous) if arguments.previous is not None else None
    agreement = _agreement(arguments.opinions) if arguments.opinions is not None else None
    report = analyse_comments(
        comments,
        previous=previous,
        pins=_pins(arguments.pins) if arguments.pins is not None else (),
        title=arguments.title,
        agreement=agreement,
    )
    write_whole(arguments.output, _document(report.to_dict()))
    return 0


def run_duplicates(arguments: argparse.Namespace) -> int:
    """Group a file of comments by nearly equal texts and write the groups."""
    report = find_duplicates(read_comments(arguments.comments))
    write_whole(arguments.output, _document(report))
    return 0


def _previous(path: Path) -> dict[str, Any]:
    document = read_report(path)
    try:
        return ThemeReport.from_dict(document).to_dict()
    except MalformedCommentsError as error:
        raise MalformedCommentsError(f"{path.name}: row 1, column 1: {error}") from error


def _pins(path: Path) -> list[Pin]:
    return read_pins(read_json(path), path)


def _agreement(path: Path) -> dict[str, float]:
    """Return how far all groups agree with the comments that are statements of a report."""
    document = read_report(path)
    place = f"{path.name}: row 1, column 1:"
    if document["schema"] != SCHEMA:
        raise AnalysisError(f'{place} its "schema" must be "{SCHEMA}"; give an opinion report')
    try:
        return lowest_agreement(document)
    except (KeyError, TypeError, ValueError) as error:
        raise AnalysisError(f"{place} a part is missing; give a report as written") from error


def _document(content: dict[str, Any]) -> Iterable[str]:
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=1)
    yield from encoder.iterencode(content)
    yield "\n"
