"""The tree of a draft's units: how they are stored, nested and named by keys that last."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from consultations.outline_numbering import LEAVES, NUMBERED, RANK, Kind, number_parts, number_slug

_KEY_WORDS = {
    Kind.BOOK: "b",
    Kind.TITLE: "t",
    Kind.CHAPTER: "ch",
    Kind.PART: "p",
    Kind.SECTION: "s",
    Kind.CLAUSE: "c",
    Kind.PARAGRAPH: "para",
    Kind.HEADING: "h",
    Kind.TRANSITORY: "transitory",
}


@dataclass(frozen=True)
class Provision:
    """One unit of a draft, as it is stored.

    Parameters
    ----------
    key : str
        Unique in the outline, ASCII, at most 64 characters.
    parent_key : str or None
        The unit that holds this one.
    kind : Kind
    number : str
        As printed, with its word: "มาตรา ๕"; empty for an unnumbered unit.
    heading, body : str
        Lines of the body end in a line feed. A container has no body of its own.
    """

    key: str
    parent_key: str | None
    kind: Kind
    number: str
    heading: str
    body: str

    @property
    def own_text(self) -> str:
        """Number, heading and body as lines, for search and comparison."""
        return "\n".join(part for part in (self.number, self.heading, self.body) if part)


@dataclass(frozen=True)
class Outline:
    """Provisions in reading order, each after the one that holds it."""

    provisions: tuple[Provision, ...]

    def __iter__(self) -> Iterator[Provision]:
        return iter(self.provisions)

    def __len__(self) -> int:
        return len(self.provisions)


def nest(provisions: Sequence[Provision], levels: Sequence[int | None]) -> Outline:
    """Give each provision its parent by the order of kinds, and a key to those without one.

    Parameters
    ----------
    provisions : sequence of Provision
        In reading order; their ``parent_key`` is ignored.
    levels : sequence of int or None
        Level of each among headings, from 1, where it has one.
    """
    keys = KeyChooser({provision.key for provision in provisions if provision.key})
    placed: list[Provision] = []
    stack: list[int] = []
    for index, provision in enumerate(provisions):
        for depth, holder in enumerate(stack):
            if _closes(provision, levels[index], placed[holder], levels[holder]):
                del stack[depth:]
                break
        parent = placed[stack[-1]].key if stack else None
        key = provision.key or keys.choose(provision, parent)
        placed.append(replace(provision, key=key, parent_key=parent))
        if provision.kind not in LEAVES:
            stack.append(index)
    return Outline(tuple(placed))


class KeyChooser:
    """Chooses readable keys that are not in use: "s5", "ch1", "s3-1", "ch2-p1", "s5x2".

    Parameters
    ----------
    used : collection of str
        Keys that may not be given again.
    """

    def __init__(self, used: Collection[str]) -> None:
        self._used = set(used)
        self._counts: Counter[str] = Counter()

    def choose(self, provision: Provision, parent_key: str | None) -> str:
        """Return a new key for a unit; it is in use from now on."""
        slug = number_slug(provision.number)
        joint = "-" if slug[:1].isalpha() else ""
        base = _KEY_WORDS.get(provision.kind, provision.kind.value) + joint + slug
        if provision.kind is Kind.PART and parent_key:
            base = f"{parent_key[:30]}-{base}"
        if not provision.number and provision.kind in {Kind.PARAGRAPH, Kind.HEADING}:
            return self._counted(base)
        return self._counted(f"{base}x") if base in self._used else self._taken(base)

    def _counted(self, base: str) -> str:
        first = 2 if base.endswith("x") else 1
        while True:
            self._counts[base] += 1
            key = f"{base}{self._counts[base] + first - 1}"
            if key not in self._used:
                return self._taken(key)

    def _taken(self, key: str) -> str:
        self._used.add(key)
        return key


def _closes(new: Provision, new_level: int | None, old: Provision, old_level: int | None) -> bool:
    """Whether the old unit, which is still open, ends where the new one begins."""
    if Kind.HEADING in {new.kind, old.kind}:
        if new_level and old_level:
            return new_level <= old_level
        return new.kind is Kind.HEADING and old.kind in NUMBERED
    if RANK[new.kind] != RANK[old.kind]:
        return RANK[new.kind] < RANK[old.kind]
    parts, held = number_parts(old.number), number_parts(new.number)
    return not (len(held) > len(parts) and held[: len(parts)] == parts)
