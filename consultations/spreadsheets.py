"""Pure: keeps a spreadsheet from taking somebody's words for a formula, so that it can be undone.

A cell whose words begin with a formula's sign gets an apostrophe in front. What spreadsheets pass
over at the start (blanks, marks without width, quotation marks, apostrophes) is passed over here.
"""

import re
from typing import Final

#: Signs that begin a formula, as typed on a keyboard and at full width (OWASP, "CSV Injection").
_SIGNS: Final = "=+\\-@\t\r\n＝＋－＠−|%"
_PASSED_OVER: Final = (
    "\\s\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\"'`‘’“”«»„‚;,"
)
_IS_FORMULA: Final = re.compile(f"[{_PASSED_OVER}]*[{_SIGNS}]|[\t\r\n]")
GUARD: Final = "'"


def guarded(words: str) -> str:
    """Return the words as they stand in a cell, with an apostrophe in front where one is needed."""
    return GUARD + words if _IS_FORMULA.match(words) else words


def unguarded(cell: str) -> str:
    """Return the words that ``guarded`` made the cell of: the rule that the pages document."""
    words = cell.removeprefix(GUARD)
    return words if words != cell and _IS_FORMULA.match(words) else cell
