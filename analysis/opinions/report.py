"""The published report of a vote analysis, to and from JSON ("sarn.opinions/1")."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import AnalysisError
from analysis.opinions.participant_columns import ParticipantColumns
from analysis.opinions.participant_rows import json_rows

SCHEMA = "sarn.opinions/1"


@dataclass(frozen=True)
class OpinionReport:
    """Everything that one analysis publishes.

    Attributes
    ----------
    content : dict
        All keys of the schema but ``participants``.
    participants : ParticipantColumns or list of dict
        Columns when freshly made, rows when read back.
    """

    content: dict[str, Any]
    participants: ParticipantColumns | list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole report as plain values."""
        return {**self.content, "participants": list(self._rows())}

    def to_json(self) -> str:
        """Return the report as one JSON document."""
        return "".join(self.json_chunks())

    def json_chunks(self) -> Iterator[str]:
        """Yield the JSON document in pieces, so that a million rows need no second copy."""
        head = json.dumps(self.content, ensure_ascii=False, allow_nan=False)
        yield head[:-1] + ', "participants": ['
        if isinstance(self.participants, ParticipantColumns):
            yield from json_rows(self.participants)
        else:
            rows = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in self._rows())
            yield from (text if number == 0 else ",\n" + text for number, text in enumerate(rows))
        yield "]}\n"

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "OpinionReport":
        """Take a parsed document.

        Raises
        ------
        AnalysisError
            If it is not an opinion report.
        """
        if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
            raise AnalysisError(f'not an opinion report: its "schema" must be "{SCHEMA}"')
        content = {key: value for key, value in document.items() if key != "participants"}
        return cls(content, list(document.get("participants", [])))

    @classmethod
    def from_json(cls, text: str | bytes) -> "OpinionReport":
        """Read a JSON document.

        Raises
        ------
        AnalysisError
            If it is not JSON or not an opinion report.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise AnalysisError(f"not a report: it is not JSON ({error})") from error
        return cls.from_dict(document)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield participants as rows."""
        if isinstance(self.participants, ParticipantColumns):
            return self.participants.rows()
        return iter(self.participants)
