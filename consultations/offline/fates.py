"""What becomes of each response in a file, said before anything of it is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, OfflineEntry
from consultations.offline import said as words
from consultations.offline.offer import Offer, offer_of
from consultations.offline.said import Provenance, Said, SaidComment
from consultations.offline.sheets import FORMULA, VOTE, SheetRow
from consultations.strata import STRATA
from core import text
from core.errors import InvalidError
from core.keyring import Keyring
from core.ledger import canonical_json

#: What people write for the codes, in the folded form of ``text.matching_key``.
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "channel": {
        "paper": "paper",
        "กระดาษ": "paper",
        "แบบกระดาษ": "paper",
        "ไปรษณีย์": "paper",
        "phone": "phone",
        "telephone": "phone",
        "โทรศัพท์": "phone",
        "meeting": "meeting",
        "ประชุม": "meeting",
        "ที่ประชุม": "meeting",
        "เวที": "meeting",
    },
    "stance": {
        "support": "support",
        "agree": "support",
        "สนับสนุน": "support",
        "เห็นด้วย": "support",
        "oppose": "oppose",
        "disagree": "oppose",
        "คัดค้าน": "oppose",
        "ไม่เห็นด้วย": "oppose",
        "unsure": "unsure",
        "ไม่แน่ใจ": "unsure",
    },
    "choice": {
        "agree": "agree",
        "เห็นด้วย": "agree",
        "1": "agree",
        "+1": "agree",
        "disagree": "disagree",
        "ไม่เห็นด้วย": "disagree",
        "-1": "disagree",
        "pass": "pass",
        "unsure": "pass",
        "ไม่แน่ใจ": "pass",
        "0": "pass",
    },
    "consent": dict.fromkeys(("yes", "y", "x", "1", "true", "ใช่", "ยินยอม", "✓"), "yes"),
}
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
#: Years from here on are counted in the Buddhist era, which is ahead by so many.
_BUDDHIST_FROM: Final = 2400
_BUDDHIST_AHEAD: Final = 543


@dataclass(frozen=True)
class Fate:
    """What becomes of one response.

    Attributes
    ----------
    rows : tuple of int
        Of the file, as spreadsheets number them.
    said, provenance
        What would be kept; None when it is not.
    problem : str
        Code of what is wrong; empty when it is taken.
    column : str
        Where it is wrong; may be empty.
    repeat : bytes
        Keyed hash by which the response is known again.
    """

    rows: tuple[int, ...]
    said: Said | None = None
    provenance: Provenance | None = None
    problem: str = ""
    column: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    repeat: bytes = b""

    @property
    def is_taken(self) -> bool:
        """Whether it goes on to the second person."""
        return not self.problem


def fates_of(
    session: Session, keyring: Keyring, consultation: Consultation, rows: Sequence[SheetRow]
) -> list[Fate]:
    """Return the fate of each response in a file, in its order; five queries. Keeps nothing."""
    offer = offer_of(session, consultation.id)
    known = session.execute(
        select(OfflineEntry.form_number, OfflineEntry.repeat_index).where(
            OfflineEntry.consultation_id == consultation.id
        )
    ).all()
    forms = {number for number, _index in known if number is not None}
    repeats = {index for _number, index in known if index is not None}
    found: list[Fate] = []
    for group in _responses(rows):
        fate = _fate(keyring, consultation, offer, group, forms, repeats)
        if fate.is_taken and fate.provenance:
            forms.add(fate.provenance.form_number or 0)
            repeats.add(fate.repeat)
        found.append(fate)
    return found


def _responses(rows: Sequence[SheetRow]) -> list[list[SheetRow]]:
    """Put rows with the same number of response together; a row without one stands alone."""
    groups: dict[str, list[SheetRow]] = {}
    for row in rows:
        name = row.cells.get("response", "")
        groups.setdefault(name or f"\x00{row.number}", []).append(row)
    return list(groups.values())


def _fate(
    keyring: Keyring,
    consultation: Consultation,
    offer: Offer,
    group: Sequence[SheetRow],
    forms: set[int],
    repeats: set[bytes],
) -> Fate:
    rows = tuple(row.number for row in group)
    try:
        for row in group:
            _require_words(row)
        given = words.clean_provenance(_provenance(group), consultation)
        cleaned = words.clean(_said(group, offer), offer)
        repeat = _repeat_index(keyring, consultation, group, given, cleaned)
        _require_new(given, forms, repeat, repeats)
    except InvalidError as error:
        column = _column(error.field or "")
        return Fate(rows, problem=error.code, column=column, details=error.details)
    return Fate(rows, cleaned, given, repeat=repeat)


def _require_new(given: Provenance, forms: set[int], repeat: bytes, repeats: set[bytes]) -> None:
    if repeat in repeats:
        raise InvalidError("offline.already")
    if given.form_number is not None and given.form_number in forms:
        raise InvalidError("offline.form_used", field="form_number")


def _require_words(row: SheetRow) -> None:
    for name, cell in row.cells.items():
        if cell == FORMULA:
            raise InvalidError("sheet.formula", field=name)


def _provenance(group: Sequence[SheetRow]) -> Provenance:
    first = {**group[-1].cells, **group[0].cells}
    number = first.get("form", "").strip().removeprefix("#")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise InvalidError("offline.form_unknown", field="form_number")
    return Provenance(
        channel=_code("channel", first.get("channel", ""), "offline.channel"),
        said_on=read_day(first.get("date", "")),
        place=first.get("place", ""),
        form_number=int(number) if number else None,
        consented=bool(_code("consent", first.get("consent", ""), "offline.consent")),
    )


def _said(group: Sequence[SheetRow], offer: Offer) -> Said:
    votes: dict[int, str] = {}
    profile: dict[str, str] = {}
    for row in group:
        for name, cell in row.cells.items():
            if name.startswith(VOTE):
                votes[int(name.removeprefix(VOTE))] = _choice(cell, name)
        profile |= {name: row.cells[name] for name in STRATA if name in row.cells}
    return Said(
        comments=[_comment(row.cells, offer) for row in group],
        votes=votes,
        profile=profile,
    )


def _comment(cells: Mapping[str, str], offer: Offer) -> SaidComment:
    stance = cells.get("stance", "")
    return SaidComment(
        clause_key=_clause_key(cells.get("clause", ""), offer),
        body=cells.get("comment", ""),
        stance=_code("stance", stance, "stance.unknown") if stance else "",
        proposed_wording=cells.get("proposed_wording", ""),
        reason=cells.get("reason", ""),
    )


def _clause_key(written: str, offer: Offer) -> str:
    """Return the key of a clause that is named by its key or by its printed number."""
    wanted = text.matching_key(written)
    if not wanted:
        return ""
    for key, clause in offer.clauses.items():
        if wanted in {text.matching_key(key), text.matching_key(clause.number or "")}:
            return key
    raise InvalidError("clause.unknown_here", field="clause")


def _choice(cell: str, name: str) -> str:
    return _code("choice", cell, "vote.choice_unknown", name)


def _code(kind: str, written: str, problem: str, field_name: str = "") -> str:
    found = _CODES[kind].get(text.matching_key(written))
    if found is None:
        raise InvalidError(problem, field=field_name or kind)
    return found


def read_day(written: str) -> date | None:
    """Return a day written as 2026-11-21, 21/11/2026 or 21/11/2569; None for anything else."""
    plain = text.thai_digits_to_arabic(written.strip())
    if iso := _ISO.fullmatch(plain):
        year, month, day = map(int, iso.groups())
    elif european := _WRITTEN.fullmatch(plain):
        day, month, year = map(int, european.groups())
    else:
        return None
    try:
        return date(year - _BUDDHIST_AHEAD if year >= _BUDDHIST_FROM else year, month, day)
    except ValueError:
        return None


def _repeat_index(
    keyring: Keyring,
    consultation: Consultation,
    group: Sequence[SheetRow],
    given: Provenance,
    cleaned: Said,
) -> bytes:
    content = {
        "response": group[0].cells.get("response", ""),
        "channel": given.channel,
        "day": given.said_on.isoformat() if given.said_on else "",
        "place": given.place,
        "form": given.form_number,
        "said": cleaned.note(),
    }
    return keyring.index(f"offline-row:{consultation.id}", canonical_json(content))


def _column(field_name: str) -> str:
    """Return the column of the file that a field of the form stands in."""
    plain = re.sub(r"^comments-\d+-", "", field_name)
    plain = re.sub(r"^vote-", VOTE, plain)
    return {
        "said_on": "date",
        "form_number": "form",
        "consented": "consent",
        "body": "comment",
        "clause_key": "clause",
    }.get(plain, plain)
