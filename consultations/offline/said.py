"""What one person said, as it is typed in: cleaned, kept sealed, and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from consultations import comment_words, strata
from consultations.announcement import last_day
from consultations.comment_words import Words
from consultations.models import OFFLINE, Clause, Consultation, Origin
from consultations.offline.offer import CHOICES, Offer
from core import text
from core.clock import BANGKOK, now
from core.errors import InvalidError

PLACE_LENGTH: Final = 200
#: Most comments of one response.
MOST_COMMENTS: Final = 60


@dataclass(frozen=True)
class SaidComment:
    """A comment; an empty key means the draft as a whole."""

    clause_key: str = ""
    body: str = ""
    stance: str = ""
    proposed_wording: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.body.strip() or self.proposed_wording.strip() or self.reason.strip())


@dataclass(frozen=True)
class Said:
    """Everything that one person said.

    Parameters
    ----------
    comments : sequence of SaidComment
    votes : mapping of int to str
        Choice by the number of the statement; left out where there is no tick.
    clause_votes : mapping of str to str
        Choice by the key of the clause.
    profile : mapping of str to str
        Answers about the person, each of their own will.
    """

    comments: Sequence[SaidComment] = ()
    votes: Mapping[int, str] = field(default_factory=dict)
    clause_votes: Mapping[str, str] = field(default_factory=dict)
    profile: Mapping[str, str] = field(default_factory=dict)

    def note(self) -> dict[str, Any]:
        """Return what is sealed."""
        return asdict(self)


@dataclass(frozen=True)
class Provenance:
    """Where a response comes from.

    Parameters
    ----------
    channel : str
        ``paper``, ``phone`` or ``meeting``.
    said_on : date or None
        The day on the paper, or on which it was received or said.
    form_number : int or None
        Of the printed form.
    consented : bool
        Whether the person agreed, to the words in force.
    """

    channel: str
    said_on: date | None
    place: str = ""
    form_number: int | None = None
    consented: bool = False


def from_note(note: Mapping[str, Any]) -> Said:
    """Return what ``Said.note`` gave."""
    return Said(
        comments=tuple(SaidComment(**each) for each in note["comments"]),
        votes={int(number): choice for number, choice in note["votes"].items()},
        clause_votes=note["clause_votes"],
        profile=note["profile"],
    )


def clean(said: Said, offer: Offer) -> Said:
    """Return what is kept of the words.

    Raises
    ------
    InvalidError
        As ``comment_words.clean``, with the place of the comment in the field's name;
        ``clause.unknown_here``, ``statement.unknown_here``, ``vote.choice_unknown``,
        ``profile.answer_unknown``, ``offline.too_many`` or ``offline.nothing``.
    """
    written = [
        (place, each)
        for place, each in enumerate(said.comments)
        if not each.is_empty or each.stance
    ]
    if len(written) > MOST_COMMENTS:
        raise InvalidError("offline.too_many", field="comments", maximum=MOST_COMMENTS)
    comments = tuple(_comment(place, each, offer) for place, each in written)
    votes = {number: choice for number, choice in said.votes.items() if choice}
    for number, choice in votes.items():
        if number not in offer.statements:
            raise InvalidError("statement.unknown_here", field="votes", number=number)
        _require_choice(choice, f"vote-{number}")
    clause_votes = {key: choice for key, choice in said.clause_votes.items() if choice}
    for key, choice in clause_votes.items():
        _clause(offer, key, "clause_votes")
        _require_choice(choice, f"clause-{key}")
    if not (comments or votes or clause_votes):
        raise InvalidError("offline.nothing", field="comments-0-body")
    return Said(comments, votes, clause_votes, _profile(said.profile))


def clean_provenance(given: Provenance, consultation: Consultation) -> Provenance:
    """Return where a response comes from, once that can be right.

    Raises
    ------
    InvalidError
        ``offline.channel``, ``offline.consent``, ``offline.date``, ``offline.form_unknown`` or
        ``text.too_long``.
    """
    if given.channel not in [origin.value for origin in OFFLINE]:
        raise InvalidError("offline.channel", field="channel")
    _require_day(given.said_on, consultation)
    number = given.form_number
    if number is not None and not 1 <= number <= consultation.forms_printed:
        raise InvalidError("offline.form_unknown", field="form_number")
    if not given.consented:
        raise InvalidError("offline.consent", field="consented")
    place = given.place.strip() and text.single_line(
        given.place, max_length=PLACE_LENGTH, field="place"
    )
    return replace(given, place=place)


def origin_of(given: Provenance) -> Origin:
    """Return the channel of a cleaned provenance."""
    return Origin(given.channel)


def _require_day(day: date | None, consultation: Consultation) -> None:
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    if day is None or opens_at is None or closes_at is None:
        raise InvalidError("offline.date", field="said_on")
    last = min(now().astimezone(BANGKOK).date(), last_day(closes_at))
    if not opens_at.astimezone(BANGKOK).date() <= day <= last:
        raise InvalidError("offline.date", field="said_on")


def _comment(place: int, each: SaidComment, offer: Offer) -> SaidComment:
    clause = _clause(offer, each.clause_key, f"comments-{place}-clause_key")
    words = Words(each.body, each.stance, each.reason, each.proposed_wording)
    try:
        cleaned = comment_words.clean(words, clause)
    except InvalidError as error:
        raise InvalidError(
            error.code, field=f"comments-{place}-{error.field}", **error.details
        ) from None
    return SaidComment(
        each.clause_key, cleaned.body, cleaned.stance, cleaned.proposed_wording, cleaned.reason
    )


def _clause(offer: Offer, key: str, field_name: str) -> Clause | None:
    """Return the clause with a key; None for the draft as a whole."""
    clause = offer.clauses.get(key)
    if offer.draft is None or (key and clause is None):
        raise InvalidError("clause.unknown_here", field=field_name)
    return clause


def _require_choice(choice: str, field_name: str) -> None:
    if choice not in CHOICES:
        raise InvalidError("vote.choice_unknown", field=field_name)


def _profile(answers: Mapping[str, str]) -> dict[str, str]:
    told = {question: value for question, value in answers.items() if value}
    for question, value in told.items():
        if value not in strata.STRATA.get(question, ()):
            raise InvalidError("profile.answer_unknown", field=question)
    return told
