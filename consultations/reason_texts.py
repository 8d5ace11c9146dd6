"""Pure: whether a reason says anything of its own beside the templates that it was begun with."""

from collections.abc import Iterable
from typing import Final

from consultations.kind_templates import BLANK
from core.text import is_mark

#: Letters and digits that a reason must have beyond every template.
OWN_LENGTH: Final = 15


def is_template_only(text: str, templates: Iterable[str]) -> bool:
    """Whether a text is nothing but words of templates, white space and punctuation aside.

    What a template says between its blanks is taken out of the text wherever it stands; what is
    left must have at least ``OWN_LENGTH`` letters or digits. A text without any words of a
    template is the writer's own, however short.
    """
    rest = before = _folded(text)
    for piece in sorted(_pieces(templates), key=len, reverse=True):
        rest = rest.replace(piece, "")
    return rest != before and len(rest) < OWN_LENGTH


def _pieces(templates: Iterable[str]) -> set[str]:
    folded = (_folded(piece) for template in templates for piece in template.split(BLANK))
    # A short piece, a word or two, is nobody's.
    return {piece for piece in folded if len(piece) >= OWN_LENGTH}


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or is_mark(letter))
