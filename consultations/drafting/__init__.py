"""Service: write a draft clause by clause, say why it changed, publish the next version."""

from consultations.drafting.clauses import (
    ClauseWords,
    add_after,
    correct_split,
    move_clause,
    remove_clause,
    write_clause,
)
from consultations.drafting.versions import explain_change, import_lines, open_next, publish

__all__ = [
    "ClauseWords",
    "add_after",
    "correct_split",
    "explain_change",
    "import_lines",
    "move_clause",
    "open_next",
    "publish",
    "remove_clause",
    "write_clause",
]
