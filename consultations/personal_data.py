"""Whether a text tells something that identifies a person, before anyone else can read it."""

from dataclasses import dataclass

from analysis.texts.personal_data import find_personal_data


@dataclass(frozen=True)
class PersonalDetail:
    """Words of a text that identify a person, never kept and never logged.

    Attributes
    ----------
    kind : str
        ``national-id``, ``phone``, ``email`` or ``bank-account``.
    """

    kind: str
    words: str


def personal_details(text: str) -> list[PersonalDetail]:
    """Return what in a text identifies a person, in the order in which it stands there."""
    return [
        PersonalDetail(found.kind, text[found.start : found.end])
        for found in find_personal_data(text)
    ]
