"""Service: take over conversations and comments from other systems; all of it, or nothing."""

from consultations.importing.comments import import_comments, read_comments
from consultations.importing.outcome import Imported
from consultations.importing.polis import import_polis
from consultations.importing.polis_files import Conversation, read_polis

__all__ = [
    "Conversation",
    "Imported",
    "import_comments",
    "import_polis",
    "read_comments",
    "read_polis",
]
