"""What the comment analysis found, as a report that travels as JSON (``sarn.themes/1``)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis.errors import MalformedCommentsError
from analysis.themes.quotes import Quote

SCHEMA = "sarn.themes/1"


@dataclass(frozen=True)
class SubTheme:
    """A narrower subject inside a theme; always listed, however small."""

    id: str
    label_terms: list[str]
    comments: list[str]
    people: int


@dataclass(frozen=True)
class SecondTheme:
    """A comment that fits another theme nearly as well; ``theme`` names that other theme."""

    comment: str
    theme: str


@dataclass(frozen=True)
class Reason:
    """What two themes of different languages share, and in how many comments of each it stands.

    ``kind`` is ``clause``, ``passage``, ``number``, ``term`` or ``people``; ``value`` is what is
    shared, empty for people.
    """

    kind: str
    value: str
    here: int
    there: int


@dataclass(frozen=True)
class Link:
    """A theme of another language that may be the same subject: a suggestion, with its reasons."""

    theme: str
    reasons: list[Reason]
    suggestion: bool = True


@dataclass(frozen=True)
class Span:
    """A stretch ``text[start:end]`` of an original comment."""

    comment: str
    start: int
    end: int


@dataclass(frozen=True)
class Theme:
    """A subject that comments share.

    ``kind`` is ``theme``, or ``listed`` where a language has too few comments to group: then
    the entry holds all of them and claims nothing. ``stance`` is the answer to the closed
    question under which the theme was found, empty when there was none. ``change`` tells what
    became of the themes of the previous run: ``new``, ``kept``, ``split`` or ``merged``, and
    ``before`` names them. ``additions`` are personal words that senders added to a campaign
    and that speak of this theme. ``pinned`` holds the comments that an official has fixed here,
    and ``name`` what they call it; both last from run to run. ``links`` are themes of other
    languages that may be the same.
    """

    id: str
    kind: str
    language: str
    stance: str
    label_terms: list[str]
    size: int
    people: int
    distinct_texts: int
    stances: dict[str, int]
    clauses: dict[str, int]
    comments: list[str]
    sub_themes: list[SubTheme]
    quotes: list[Quote]
    weak: list[str]
    second: list[SecondTheme] = field(default_factory=list)
    siblings: list[str] = field(default_factory=list)
    additions: list[Span] = field(default_factory=list)
    change: str = "new"
    before: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    name: str = ""


@dataclass(frozen=True)
class Variant:
    """One wording of a campaign: a comment that holds it and how many are equal to it."""

    comment: str
    count: int


@dataclass(frozen=True)
class Campaign:
    """Comments made from one template: counted and shown, never hidden, never votes.

    ``template`` is the comment with the most frequent wording. ``additions`` are the words that
    senders added themselves.
    """

    id: str
    template: str
    theme: str
    size: int
    people: int
    comments: list[str]
    variants: list[Variant]
    additions: list[Span]


@dataclass(frozen=True)
class Minority:
    """A sub-theme that is small but distinct from the theme around it."""

    theme: str
    sub_theme: str
    label_terms: list[str]
    comments: list[str]
    people: int
    quotes: list[Quote]


@dataclass(frozen=True)
class ThemeReport:
    """Every comment is in exactly one theme's ``comments`` or in ``not_substantive``.

    ``numbering`` holds the last number given to a theme and to a sub-theme, so that a later
    run never gives a retired id to something else.
    """

    input: dict[str, Any]
    parameters: dict[str, Any]
    engine: dict[str, Any]
    themes: list[Theme]
    campaigns: list[Campaign]
    not_substantive: list[str]
    minority: list[Minority]
    numbering: dict[str, int]
    schema: str = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain lists and dictionaries, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "ThemeReport":
        """Read a report back.

        Raises
        ------
        MalformedCommentsError
            If the schema is another or a part is missing.
        """
        require_schema(data)
        try:
            return cls(
                input=dict(data["input"]),
                parameters=dict(data["parameters"]),
                engine=dict(data["engine"]),
                themes=[_theme(entry) for entry in data["themes"]],
                campaigns=[_campaign(entry) for entry in data["campaigns"]],
                not_substantive=list(data["not_substantive"]),
                minority=[_minority(entry) for entry in data["minority"]],
                numbering={str(k): int(v) for k, v in dict(data["numbering"]).items()},
            )
        except KeyError as error:
            raise MalformedCommentsError(
                f"theme report: the part {error} is missing; use a report as it was written"
            ) from error
        except (TypeError, ValueError) as error:
            raise MalformedCommentsError(
                "theme report: a part has another form; use a report as it was written"
            ) from error


def require_schema(data: Mapping[str, Any]) -> None:
    """Refuse anything that is not a theme report of this schema.

    Raises
    ------
    MalformedCommentsError
        If the schema is another.
    """
    found = data.get("schema") if isinstance(data, Mapping) else None
    if found != SCHEMA:
        raise MalformedCommentsError(
            f"theme report: the schema is {found!r}; use a report with the schema {SCHEMA!r}"
        )


def _theme(entry: Mapping[str, Any]) -> Theme:
    parts = dict(entry)
    parts["comments"] = [str(comment) for comment in entry["comments"]]
    parts["sub_themes"] = [SubTheme(**sub) for sub in entry["sub_themes"]]
    parts["quotes"] = [Quote(**quote) for quote in entry["quotes"]]
    parts["second"] = [SecondTheme(**second) for second in entry["second"]]
    parts["additions"] = [Span(**span) for span in entry["additions"]]
    parts["links"] = [
        Link(link["theme"], [Reason(**reason) for reason in link["reasons"]], link["suggestion"])
        for link in entry.get("links", ())
    ]
    return Theme(**parts)


def _campaign(entry: Mapping[str, Any]) -> Campaign:
    parts = dict(entry)
    parts["variants"] = [Variant(**variant) for variant in entry["variants"]]
    parts["additions"] = [Span(**span) for span in entry["additions"]]
    return Campaign(**parts)


def _minority(entry: Mapping[str, Any]) -> Minority:
    parts = dict(entry)
    parts["quotes"] = [Quote(**quote) for quote in entry["quotes"]]
    return Minority(**parts)
