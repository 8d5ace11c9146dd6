"""Groups of near-duplicate comments as a report (``sarn.duplicates/1``)."""

from typing import Any

from analysis.texts.campaigns import DuplicateGroup
from analysis.texts.comment_files import CommentTable
from analysis.texts.comment_units import Prepared
from analysis.texts.parameters import ThemeParameters

SCHEMA = "sarn.duplicates/1"


def duplicate_report(
    comments: CommentTable, prepared: Prepared, parameters: ThemeParameters
) -> dict[str, Any]:
    """Return every group of two or more comments with nearly the same text, largest first."""
    ids = comments.comments
    return {
        "schema": SCHEMA,
        "input": {"comments": len(comments), "digest": comments.digest},
        "parameters": parameters.to_dict(),
        "groups": [
            _entry(f"g{number}", group, comments, parameters)
            for number, group in enumerate(prepared.groups, start=1)
        ],
        "not_substantive": [ids[index] for index in prepared.not_substantive],
    }


def _entry(
    name: str, group: DuplicateGroup, comments: CommentTable, parameters: ThemeParameters
) -> dict[str, Any]:
    ids = comments.comments
    members = [ids[index] for index in group.members]
    return {
        "id": name,
        "comments": members,
        "template": ids[group.template],
        "size": len(members),
        "people": comments.people(members),
        "campaign": len(members) >= parameters.fewest_for_campaign,
        "variants": [{"comment": ids[index], "count": count} for index, count in group.variants],
        "additions": [
            {"comment": ids[index], "start": start, "end": end}
            for index, start, end in group.additions
        ],
    }
