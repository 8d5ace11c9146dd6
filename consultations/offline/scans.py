"""Whether a scanned page is safe to keep: pictures are drawn anew, PDF files are looked through."""

import io
import re
import warnings
import zlib
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import InvalidError

#: Largest page, in bytes, and most pages of one response.
MAX_BYTES: Final = 8_000_000
MOST_PAGES: Final = 6
#: Largest picture, in pixels: a page at 400 dots to the inch, and longest side of what is kept.
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 2_400
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_JPEG: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
#: Scanners add some bytes after the end of a picture.
_LAST_BYTES: Final = 4_096
_PDF: Final = b"%PDF-"
_PDF_END: Final = b"%%EOF"
#: Streams of a PDF file that are unpacked to be looked through: how many, and bytes in all.
_MOST_STREAMS: Final = 2_000
_MOST_UNPACKED: Final = 60_000_000
#: What acts when a PDF file is opened, leads out of it or hides what is in it.
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE"
    rb"|URI|OpenAction|AA|Encrypt|Sound|Movie|Rendition)(?![A-Za-z0-9])"
)
_ESCAPED_NAME: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page that is safe to keep, with its kind."""

    kind: str
    content: bytes


def checked(data: bytes) -> Page:
    """Return what is kept of an uploaded page.

    A picture is drawn anew, so that nothing but its dots is kept: no place, device or time, and
    nothing that is hidden behind it. A PDF file is kept as it is if nothing in it acts.

    Raises
    ------
    InvalidError
        With ``field="scans"``: ``scan.too_large``, ``scan.kind``, ``scan.damaged`` or
        ``scan.unsafe``.
    """
    if len(data) > MAX_BYTES:
        raise InvalidError("scan.too_large", field="scans", megabytes=MAX_BYTES // 1_000_000)
    if data.startswith(_PDF):
        _check_pdf(data)
        return Page("application/pdf", data)
    return _drawn(data)


def _drawn(data: bytes) -> Page:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _require_whole(data)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise InvalidError("scan.unsafe", field="scans")
                # JPEG is read smaller at once, so that a large photo takes little memory.
                picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise InvalidError("scan.unsafe", field="scans") from None
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError) as error:
        is_other = isinstance(error, UnidentifiedImageError)
        code = "scan.kind" if is_other else "scan.damaged"
        raise InvalidError(code, field="scans") from None
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=80, optimize=True)
    return Page("image/jpeg", written.getvalue())


def _require_whole(data: bytes) -> None:
    """Raise OSError if a picture breaks off; whoever draws PDF files lets Pillow overlook that."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        picture.verify()
    if data.startswith(_JPEG) and _JPEG_END not in data[-_LAST_BYTES:]:
        raise OSError("broken off")


def _check_pdf(data: bytes) -> None:
    if _PDF_END not in data[-2_048:]:
        raise InvalidError("scan.damaged", field="scans")
    _refuse_active(_without_streams(data))
    unpacked = 0
    for count, found in enumerate(_STREAM.finditer(data)):
        if count >= _MOST_STREAMS:
            raise InvalidError("scan.unsafe", field="scans")
        plain = _inflated(found.group(1), _MOST_UNPACKED - unpacked)
        unpacked += len(plain)
        if unpacked >= _MOST_UNPACKED:
            raise InvalidError("scan.unsafe", field="scans")
        _refuse_active(plain)


def _without_streams(data: bytes) -> bytes:
    """Return the objects themselves: the dots of a picture may spell anything."""
    return _STREAM.sub(b"", data)


def _inflated(packed: bytes, limit: int) -> bytes:
    """Unpack a stream that may hold objects; nothing of one that is packed in another way."""
    try:
        return zlib.decompressobj().decompress(packed, max(1, limit))
    except zlib.error:
        return b""


def _refuse_active(plain: bytes) -> None:
    named = _ESCAPED_NAME.sub(lambda found: bytes([int(found.group(1), 16)]), plain)
    if _ACTIVE.search(named):
        raise InvalidError("scan.unsafe", field="scans")
