"""What an import reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Imported:
    """How much was taken over, and what the reader should know about it."""

    consultation_id: int
    participants: int
    statements: int = 0
    votes: int = 0
    comments: int = 0
    note: str = ""
