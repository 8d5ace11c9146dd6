"""Whether a Word file is safe to open: checks on the archive and its XML before any parser runs."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from core.errors import InvalidError

#: Limits of an archive: members, bytes unpacked, and how many times larger than packed.
MAX_MEMBERS: Final = 1_000
MAX_UNPACKED: Final = 50_000_000
MAX_RATIO: Final = 100
#: A member smaller than this may be packed as tightly as it likes.
RATIO_FROM: Final = 1_000_000
#: Limits of all XML together, so that its tree stays below about 150 MB; attributes are nodes too.
MAX_XML_BYTES: Final = 16_000_000
MAX_NODES: Final = 600_000
MAX_DEPTH: Final = 200

_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|\x00")
_ENCRYPTED = 0x1
_XML_NAMES: Final = (".xml", ".rels")
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
#: All that the archive and XML readers are known to raise on broken input.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(EOFError, OSError, RuntimeError, ValueError),
)


def check_archive(data: bytes) -> None:
    """Refuse a .docx that is damaged, dangerous or too large when unpacked.

    Raises
    ------
    InvalidError
        With ``field="file"``: ``document.damaged`` (not an archive, wrong checksums, XML that is
        not well formed), ``document.unsafe`` (names outside the archive, links, entities, nesting,
        bombs), ``document.encrypted``, ``document.macros``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members)
            _check_xml(archive, [item for item in members if item.filename.endswith(_XML_NAMES)])
    except _DAMAGE:
        raise InvalidError("document.damaged", field="file") from None


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(item.file_size for item in members) > MAX_UNPACKED:
        raise InvalidError("document.unsafe", field="file")
    if len({item.filename for item in members}) < len(members):
        raise InvalidError("document.unsafe", field="file")
    for item in members:
        _check_member(item)


def _check_member(item: zipfile.ZipInfo) -> None:
    if item.flag_bits & _ENCRYPTED:
        raise InvalidError("document.encrypted", field="file")
    if item.filename.casefold().endswith("vbaproject.bin"):
        raise InvalidError("document.macros", field="file")
    if item.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InvalidError("document.damaged", field="file")
    is_link = stat.S_ISLNK(item.external_attr >> 16)
    bomb = item.file_size > RATIO_FROM and item.file_size > MAX_RATIO * item.compress_size
    if is_link or bomb or _UNSAFE_NAME.search(item.orig_filename):
        raise InvalidError("document.unsafe", field="file")


def _check_xml(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    if sum(item.file_size for item in members) > MAX_XML_BYTES:
        raise InvalidError("document.unsafe", field="file")
    scan = _Scan()
    for item in members:
        content = archive.read(item)
        if item.filename == "[Content_Types].xml" and _MACRO_TYPE.search(content):
            raise InvalidError("document.macros", field="file")
        scan.read(content)


class _Scan:
    """Walks XML without building it; counts nodes over all parts of a document."""

    def __init__(self) -> None:
        self._nodes = 0
        self._depth = 0

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._depth = 0
        parser.Parse(content, True)

    def _start(self, _name: str, attributes: Mapping[str, str]) -> None:
        self._nodes += 1 + len(attributes)
        self._depth += 1
        if self._depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise InvalidError("document.unsafe", field="file")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, *_declaration: object) -> None:
        raise InvalidError("document.unsafe", field="file")
