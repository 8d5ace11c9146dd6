"""The canonical bytes of a table of votes, whose SHA-256 is its digest."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analysis.array_types import ChoiceArray, CountArray, StatementIndex
from analysis.csv_rows import escape_field

HEADER = b"participant,statement,choice\n"
_CHOICES = (-1, 0, 1)
#: Fills lines up to one width while they are put together; occurs in no UTF-8 text.
_FILLER = b"\xff"
#: Bytes put together at once, fillers included.
_BYTES_AT_ONCE = 4_000_000

ByteTable = npt.NDArray[np.uint8]


def csv_chunks(
    participants: Sequence[str],
    statements: Sequence[str],
    starts: CountArray,
    statement_index: StatementIndex,
    choices: ChoiceArray,
) -> Iterator[bytes]:
    """Yield header and lines piece by piece; the arguments are the parts of a `VoteTable`."""
    yield HEADER
    endings = _byte_table(
        [f"{escape_field(item)},{choice}\n" for item in statements for choice in _CHOICES]
    )
    width = endings.shape[1] + max(map(len, participants), default=0) * 4
    votes_at_once = max(1, _BYTES_AT_ONCE // max(width, 1))
    first = 0
    while first < len(participants):
        until = np.searchsorted(starts, starts[first] + votes_at_once, side="right") - 1
        last = max(first + 1, int(until))
        begin, end = int(starts[first]), int(starts[last])
        heads = _byte_table([f"{escape_field(person)}," for person in participants[first:last]])
        codes = statement_index[begin:end] * np.int64(3) + choices[begin:end] + 1
        lines = np.empty((end - begin, heads.shape[1] + endings.shape[1]), dtype=np.uint8)
        lines[:, : heads.shape[1]] = np.repeat(heads, np.diff(starts[first : last + 1]), axis=0)
        lines[:, heads.shape[1] :] = endings.take(codes, axis=0)
        yield lines.tobytes().translate(None, _FILLER)
        first = last


def _byte_table(texts: Sequence[str]) -> ByteTable:
    """Return the texts as rows of bytes, filled up to the longest."""
    encoded = [text.encode() for text in texts]
    width = max(map(len, encoded), default=0)
    filled = b"".join([text.ljust(width, _FILLER) for text in encoded])
    return np.frombuffer(filled, dtype=np.uint8).reshape(len(encoded), width)
