"""From an uploaded file to the lines of a draft: plain text, Markdown and Word (.docx).

Files come from outside, so each is checked before it is opened. Of a Word document only its words
are read: insertions that someone proposed are taken as text, deletions, comments, notes, headers,
hidden text, names of authors and everything else are left out.
"""

import codecs
import re
from collections.abc import Sequence
from typing import Final

from consultations.office_document import read_word
from consultations.outline import Line
from core import text
from core.errors import InvalidError

#: Largest upload, in bytes.
MAX_BYTES: Final = 25_000_000
#: Longest text, in characters: about 700 pages.
MAX_CHARACTERS: Final = 2_000_000
#: Most lines, blank ones included.
MAX_LINES: Final = 50_000

_TEXT_NAMES: Final = (".txt", ".text", ".md", ".markdown")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Old Word documents, and new ones under a password.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_THAI_LETTER = re.compile("[ก-ฺเ-๎]")
#: A Thai syllable as it can be written: marks only above or below a consonant.
_THAI_SYLLABLE = re.compile("[เ-ไ]?[ก-ฮ][ัิ-ฺ็-๎]*[ะาำๅ]?")
_PLAUSIBLE_SHARE = 0.95


def read_document(data: bytes, filename: str) -> list[Line]:
    """Read the text of an uploaded file, as ``read_with_losses``, without what was left out."""
    return read_with_losses(data, filename)[0]


def check_upload(data: bytes, filename: str) -> None:
    """Raise InvalidError ``document.too_large`` or ``document.kind`` for what cannot be read."""
    if len(data) > MAX_BYTES:
        raise InvalidError("document.too_large", field="file", megabytes=MAX_BYTES // 1_000_000)
    if not filename.casefold().endswith((".docx", *_TEXT_NAMES)):
        raise InvalidError("document.kind", field="file")


def read_with_losses(data: bytes, filename: str) -> tuple[list[Line], dict[str, int]]:
    """Read the text of an uploaded file, and count what a draft cannot hold as it stands.

    Parameters
    ----------
    data : bytes
        The whole file.
    filename : str
        As uploaded; only its ending matters.

    Returns
    -------
    list of Line
        Cleaned, with single spaces and one encoding of Thai letters. Blank lines separate blocks.
        A row of a table is one line, its cells separated by " | ". Automatic numbers of Word are
        written out.
    dict of str to int
        As ``office_document.read_word`` counts; empty for text.

    Raises
    ------
    InvalidError
        With ``field="file"``: ``document.kind``, ``document.too_large``, ``document.too_long``,
        ``document.empty``, ``document.encoding``, ``document.old_or_protected``,
        ``document.damaged``, ``document.unsafe``, ``document.macros``, ``document.encrypted``.
    """
    check_upload(data, filename)
    losses: dict[str, int] = {}
    if filename.casefold().endswith(".docx"):
        if data.startswith(_COMPOUND_FILE):
            raise InvalidError("document.old_or_protected", field="file")
        raw, losses = read_word(data)
    else:
        raw = [Line(decode_text(data))]
    lines = _cleaned(raw)
    if not any(line.text for line in lines):
        raise InvalidError("document.empty", field="file")
    return lines, losses


def decode_text(data: bytes) -> str:
    """Decode a text file: UTF-8, UTF-16 with its mark, or Windows-874 (TIS-620) in Thai.

    Windows-874 gives a meaning to nearly every byte, so it is believed only when the result is
    Thai that could be written: marks on consonants, most letters in syllables.

    Raises
    ------
    InvalidError
        ``document.encoding`` with ``field="file"``.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return _decoded(data, "utf-8")
    except InvalidError:
        value = _decoded(data, "cp874")
    if not _is_plausible_thai(value):
        raise InvalidError("document.encoding", field="file")
    return value


def _decoded(data: bytes, encoding: str) -> str:
    try:
        value = data.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidError("document.encoding", field="file") from None
    if "\x00" in value:
        raise InvalidError("document.encoding", field="file")
    return value


def _is_plausible_thai(value: str) -> bool:
    letters = len(_THAI_LETTER.findall(value))
    if letters == 0:
        return False
    in_syllables = sum(len(syllable) for syllable in _THAI_SYLLABLE.findall(value))
    runs = [run for run in re.findall("[ก-๎]+", value) if len(run) > 1]
    return in_syllables >= _PLAUSIBLE_SHARE * letters and sum(map(len, runs)) > letters / 2


def _cleaned(lines: Sequence[Line]) -> list[Line]:
    if sum(len(line.text) + 1 for line in lines) > MAX_CHARACTERS:
        raise InvalidError("document.too_long", field="file", maximum=MAX_CHARACTERS)
    parts = [
        Line(" ".join(part.split()), line.heading_level)
        for line in lines
        for part in text.unify_thai(text.tidy(line.text)).split("\n")
    ]
    if len(parts) > MAX_LINES:
        raise InvalidError("document.too_long", field="file", maximum=MAX_CHARACTERS)
    return parts
