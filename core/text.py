"""What may be stored of a text that a person wrote, and how two texts are compared.

The only importer of the HTML sanitisers. Stored text keeps the writer's words: it is composed
(NFC) and freed of what nobody can see or what would disturb the text around it, never folded.
Folding belongs to ``matching_key``, which is for comparison and is never shown.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pythainlp.tokenize import newmm

from core.errors import InvalidError

#: A letter under more marks than this is a drawing, not a word. Vietnamese, the richest, needs 2.
MARKS_PER_BASE: Final = 4
#: Longest agency page, in characters; the parsers stay below a quarter second at this size.
PAGE_LENGTH: Final = 20_000

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PLANE_ENDS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
#: Controls, overrides of writing direction, byte order marks, surrogates and noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ud800-\udfff"
    f"{_PLANE_ENDS}]"
)
_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATE_END = "\u2069"
#: Drawn as nothing although Unicode does not call them spaces or controls.
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
_INVISIBLE = re.compile(
    f"[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff{_BLANKS}\U000e0000-\U000e0fff]"
)
_BLANK = re.compile(f"[{_BLANKS}]")
#: Only a moderator's mark over covered words stands between these (``consultations.covering``).
_MARK_BRACKETS = str.maketrans("\u27e6\u27e7", "[]")

_TONES = "\u0e48-\u0e4b"
_SARA_AM_SPLIT = re.compile(f"\u0e4d([{_TONES}]*)\u0e32")
_SARA_AM_BEFORE_TONE = re.compile(f"\u0e33([{_TONES}]+)")
_MARKS = re.compile(f"[\u0e31\u0e34-\u0e3a\u0e47\u0e4d{_TONES}]{{2,}}")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e5a\u0e5b"
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = f"[^\\W\\d_{_THAI}{_IDEOGRAPHS}]+"
_TOKEN = re.compile(
    rf"""(?P<thai>[{_THAI}]+)
    | \n | [^\S\n]+
    | \d+ (?: [.,/]\d+ )*
    | [{_IDEOGRAPHS}]
    | {_LETTERS} (?: ['\u2019] {_LETTERS} )*
    | (?P<sign>.) (?P=sign)*""",
    re.VERBOSE | re.DOTALL,
)
#: A chunk of an unbroken Thai run, cut before a consonant: keeps the segmenter linear.
_THAI_CHUNK = re.compile("(?s:.{1,2000})(?=[ก-ฮเ-ไ]|\\Z)|(?s:.{1,2000})")
_THAI_FOLLOWING = frozenset("\u0e30\u0e32\u0e33\u0e45")
_JOINER = "\u200d"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))

_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"}
) | {"pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = frozenset({"http", "https", "mailto"})
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def plain_text(value: str, *, max_length: int, field: str | None = None) -> str:
    """Return what is stored of a text with paragraphs, such as a comment.

    Parameters
    ----------
    value : str
        As it arrived. Anything is accepted, lone surrogates included.
    max_length : int
        In code points, after cleaning.
    field : str or None
        Name of the form field, for the error.

    Raises
    ------
    InvalidError
        ``text.empty`` when nothing visible is left; ``text.too_long`` with ``maximum``.
    """
    text = tidy(value).strip()
    if not any(map(_is_visible, text)):
        raise InvalidError("text.empty", field=field)
    if len(text) > max_length:
        raise InvalidError("text.too_long", field=field, maximum=max_length)
    return text


def single_line(value: str, *, max_length: int, field: str | None = None) -> str:
    """Return what is stored of a name or a title: one line, without zero-width characters.

    Zero-width characters would let two names differ that look the same. Joined emoji and
    presentation selectors fall away with them.

    Raises
    ------
    InvalidError
        As ``plain_text``.
    """
    text = " ".join(_INVISIBLE.sub("", tidy(value)).split())
    return plain_text(text, max_length=max_length, field=field)


def tidy(value: str) -> str:
    """Clean a text without judging it: the part of ``plain_text`` that refuses nothing.

    Lines end in a line feed, letters are composed (NFC), at most four combining marks stand on one
    base. Zero-width spaces and joiners stay, as do direction isolates that are closed on their
    line.
    """
    text = _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value))
    if text.isascii():
        return text
    text = text.translate(_MARK_BRACKETS)
    if _ISOLATES.search(text):
        text = "\n".join(_balance_isolates(line) for line in text.split("\n"))
    # Twice, because taking surplus marks away can bring two composable letters together.
    text = _limit_marks(unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", text)


def clean_html(markdown_text: str) -> str:
    """Render an agency's Markdown as HTML that is safe to put on a page.

    HTML in the source is shown as text, pictures are dropped, headings start at level 2 (the page
    has its own first level), and links lead only to web, mail or this site, never with a password.

    Raises
    ------
    InvalidError
        ``text.too_long`` above ``PAGE_LENGTH`` characters.
    """
    source = tidy(markdown_text)
    if len(source) > PAGE_LENGTH:
        raise InvalidError("text.too_long", maximum=PAGE_LENGTH)
    tokens = _MARKDOWN.parse(source)
    for token in tokens:
        _lower_heading(token)
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    allowed = bleach.clean(
        rendered, tags=_TAGS, attributes=_may_keep, protocols=_SCHEMES, strip=True
    )
    # The first sanitiser is no longer maintained, so a maintained one has the last word.
    return nh3.clean(
        allowed,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        link_rel="nofollow noopener",
    )


def matching_key(value: str) -> str:
    """Return the form under which two texts count as the same. For comparison, never for show.

    Folds case, width and other compatibility forms (NFKC), Thai digits, the two encodings of
    sara am and of sara ae, the order of marks above a letter, and white space; drops what is
    invisible.
    """
    text = _INVISIBLE.sub("", _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value)))
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = thai_digits_to_arabic(_INVISIBLE.sub("", unify_thai(text)))
    return " ".join(text.split())


def unify_thai(value: str) -> str:
    """Give Thai letters that look the same one encoding: น + ํ + า becomes น + ำ, เเ becomes แ.

    Tone marks move behind the vowels above or below the letter. Safe for an agency's own draft,
    where invisible differences would be shown to readers as changes; not applied to what citizens
    wrote.
    """
    text = _SARA_AM_SPLIT.sub("\\1\u0e33", value.replace("เเ", "แ"))
    text = _SARA_AM_BEFORE_TONE.sub("\\1\u0e33", text)
    return _MARKS.sub(_vowels_first, text)


def thai_digits_to_arabic(value: str) -> str:
    """Replace ๐-๙ by 0-9."""
    return value.translate(_THAI_DIGITS)


def words(text: str) -> list[str]:
    """Split a text into words, spaces, numbers and signs without losing a character.

    Thai is split with the dictionary of PyThaiNLP (newmm, safe mode). Line breaks stand alone,
    a run of spaces or of one sign is one token, an ideograph is a word. A token never starts
    with a combining mark, unless the text does. ``"".join(words(text)) == text``.
    """
    tokens: list[str] = []
    for token in _raw_tokens(text):
        if tokens and _clings(token, tokens[-1]):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


def is_mark(character: str) -> bool:
    """Whether a character belongs to the letter before it, so that no cut may separate them."""
    return unicodedata.category(character)[0] == "M" or character in _THAI_FOLLOWING


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and not _BLANK.match(character)


def _balance_isolates(line: str) -> str:
    """Drop direction isolates that are not closed on their line, and closers of nothing."""
    open_at: list[int] = []
    surplus: set[int] = set()
    for found in _ISOLATES.finditer(line):
        if found.group() != _ISOLATE_END:
            open_at.append(found.start())
        elif open_at:
            open_at.pop()
        else:
            surplus.add(found.start())
    surplus.update(open_at)
    return "".join(letter for place, letter in enumerate(line) if place not in surplus)


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
        elif category != "Cf":  # a joiner between marks is no new base
            marks = 0
        if category[0] != "M" or marks <= MARKS_PER_BASE:
            kept.append(character)
    return "".join(kept)


def _vowels_first(found: re.Match[str]) -> str:
    return "".join(sorted(found.group(), key=lambda mark: "\u0e48" <= mark <= "\u0e4b"))


def _raw_tokens(text: str) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "thai":
            yield found.group()
            continue
        for chunk in _THAI_CHUNK.findall(found.group()):
            yield from newmm.segment(chunk, safe_mode=True)


def _clings(token: str, previous: str) -> bool:
    first = token[0]
    if first in _SKIN_TONES or first == _JOINER or is_mark(first):
        return True
    return previous.endswith(_JOINER) and not token.isspace()


def _lower_heading(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _may_keep(tag: str, name: str, value: str) -> bool:
    if name not in _ATTRIBUTES.get(tag, ()):
        return False
    return name != "href" or _is_safe_link(value)


def _is_safe_link(address: str) -> bool:
    """Whether a link is a mail address, a place on this site, or a web page without a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and "@" not in parts.netloc
    return parts.scheme == "mailto" or (not parts.scheme and not parts.netloc)
