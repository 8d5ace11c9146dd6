"""Service: write a draft clause by clause, say why it changed, publish the next version."""

from consultations.drafting.clauses import (
    ClauseWords,
    add_after,
    correct_split,
    move_clause,
    remove_clause,
    write_clause,
)
from consultations.drafting.importing import (
    KnownUnits,
    import_lines,
    import_outline,
    known_units,
    recognise_units,
)
from consultations.drafting.questions import Question, write_questions
from consultations.drafting.taking_over import take_over
from consultations.drafting.versions import explain_change, open_next, publish

__all__ = [
    "ClauseWords",
    "KnownUnits",
    "Question",
    "add_after",
    "correct_split",
    "explain_change",
    "import_lines",
    "import_outline",
    "known_units",
    "move_clause",
    "open_next",
    "publish",
    "recognise_units",
    "remove_clause",
    "take_over",
    "write_clause",
    "write_questions",
]
