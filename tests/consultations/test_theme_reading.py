"""People read comments one at a time; how far they and the machine agree is told with care."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import reader_agreement, theme_places
from consultations.models import (
    Comment,
    ReadingOutcome,
    Stage,
    ThemePlacement,
    ThemeReading,
    Visibility,
)
from consultations.queries import theme_quality, theme_reading, workbench
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.workbench import FERRY, PARKING, Desk, adopted, held, make_desk, read

PLACED, UNSURE, SKIPPED = ReadingOutcome.PLACED, ReadingOutcome.UNSURE, ReadingOutcome.SKIPPED


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    return make_desk(session, keyring)


def following(session: Session, desk: Desk) -> Comment | None:
    name = theme_reading.next_reference(session, desk.id, desk.staff.officer.account_id)
    if name is None:
        return None
    return session.scalars(select(Comment).where(Comment.reference == name)).one()


def test_a_persons_word_stands_above_the_machines(session: Session, desk: Desk) -> None:
    ferry, parking = adopted(session, desk, FERRY), adopted(session, desk, PARKING)
    comment = desk.ferry[0]
    read(session, desk, comment, parking)
    assert comment.id not in held(session, ferry)
    assert comment.id in held(session, parking)
    read(session, desk, comment, ferry, parking, seen=1)
    said = {
        row.theme_id: (row.by_machine, row.by_person)
        for row in session.scalars(
            select(ThemePlacement)
            .where(ThemePlacement.comment_id == comment.id)
            .execution_options(populate_existing=True)
        )
    }
    assert said == {ferry.id: (True, True), parking.id: (False, True)}
    # Who is unsure after all leaves what the machine says, marked as such.
    read(session, desk, comment, outcome=UNSURE, seen=2)
    assert theme_places.read(session, [ferry.id, parking.id], [comment.id]) == {
        (ferry.id, comment.id): theme_places.code(True, None)
    }


def test_all_comments_come_once_and_skipped_ones_last(session: Session, desk: Desk) -> None:
    adopted(session, desk, FERRY)
    hidden = desk.parking[0]
    hidden.visibility = Visibility.HIDDEN
    session.flush()
    first = following(session, desk)
    assert first is not None
    read(session, desk, first, outcome=SKIPPED)
    seen = []
    while (comment := following(session, desk)) is not None and comment.id != first.id:
        read(session, desk, comment)
        seen.append(comment.id)
    assert comment is not None
    assert len(seen) == len(set(seen)) == 8
    assert hidden.id not in seen
    read(session, desk, comment, outcome=UNSURE, seen=1)
    assert following(session, desk) is None
    progress = workbench.progress(session, desk.id)
    assert (progress.read, progress.unsure, progress.skipped, progress.total) == (9, 1, 0, 9)


def test_two_officers_at_one_comment_lose_nothing(session: Session, desk: Desk) -> None:
    ferry, comment = adopted(session, desk, FERRY), desk.ferry[0]
    read(session, desk, comment, ferry, by=desk.second)
    with pytest.raises(ConflictError, match="read_meanwhile"):
        read(session, desk, comment)
    with pytest.raises(ConflictError, match="read_meanwhile"):
        read(session, desk, comment, outcome=SKIPPED, seen=1)
    kept = session.scalars(select(ThemeReading)).one()
    assert (kept.themes, kept.reader_id) == ([ferry.id], desk.second.account_id)


def test_a_choice_that_does_not_hold_is_refused(session: Session, desk: Desk) -> None:
    with pytest.raises(ConflictError, match="none_chosen"):
        read(session, desk, desk.ferry[0])
    ferry, parking = adopted(session, desk, FERRY), adopted(session, desk, PARKING)
    with pytest.raises(InvalidError, match="choose_read"):
        read(session, desk, desk.ferry[0], ferry, outcome=UNSURE)
    parking.state = "dropped"  # type: ignore[assignment]
    session.flush()
    with pytest.raises(ConflictError, match="gone"):
        read(session, desk, desk.ferry[0], parking)
    desk.ferry[1].visibility = Visibility.HIDDEN
    session.flush()
    with pytest.raises(NotFoundError):
        read(session, desk, desk.ferry[1], ferry)
    desk.consultation.stage = Stage.ANSWERING
    with pytest.raises(ConflictError, match="wrong_stage"):
        read(session, desk, desk.ferry[0], ferry)


def test_the_second_reader_is_another_person_and_changes_nothing(
    session: Session, desk: Desk
) -> None:
    ferry, comment = adopted(session, desk, FERRY), desk.ferry[0]
    officer, second = desk.staff.officer, desk.second
    assert theme_reading.next_second(session, desk.id, second.account_id) is None
    read(session, desk, comment, ferry)
    assert theme_reading.next_second(session, desk.id, officer.account_id) is None
    assert theme_reading.next_second(session, desk.id, second.account_id) == comment.reference
    blind = theme_reading.to_read(session, desk.id, comment.reference, [ferry.id], second=True)
    assert (blind.seen, blind.chosen, blind.suggested) == (0, frozenset(), frozenset())
    with pytest.raises(NotAllowedError):
        read(session, desk, comment, is_second=True)
    before = theme_places.read(session, [ferry.id])
    read(session, desk, comment, by=second, is_second=True)
    assert theme_places.read(session, [ferry.id]) == before
    found = theme_quality.quality(session, desk.id)
    assert (found.second_read, found.agreement.same, found.agreement.value) == (1, 0, None)


def test_the_machine_is_measured_on_a_random_sample_only(session: Session, desk: Desk) -> None:
    ferry = adopted(session, desk, FERRY)
    ordered = sorted([*desk.ferry, *desk.parking], key=lambda comment: comment.salt)
    for comment in [*ordered[:4], ordered[5]]:
        read(session, desk, comment, *([ferry] if comment in desk.ferry else []))
    found = theme_quality.quality(session, desk.id)
    assert found.sample == 4
    assert found.confirmed.both == sum(comment in desk.ferry for comment in ordered[:4])
    assert found.confirmed.precision is None, "too few to say"


def choice(*themes: int) -> frozenset[int]:
    return frozenset(themes)


def test_agreement_is_the_published_one() -> None:
    """Two nominal readers: alpha by hand from Krippendorff's coincidences."""
    pairs = [(choice(1), choice(1))] * 10 + [(choice(2), choice(2))] * 8
    pairs += [(choice(1), choice(2))] * 2
    found = reader_agreement.alpha(pairs)
    ones, twos, n = 22, 18, 40
    expected = 2 * ones * twos / (n * (n - 1))
    assert found.value == pytest.approx(1 - (2 / 20) / expected)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high <= 1


def test_agreement_never_claims_certainty() -> None:
    same = [(choice(1), choice(1)), (choice(2), choice(2))]
    assert reader_agreement.alpha(same * 5).value is None
    assert reader_agreement.alpha([(choice(1), choice(1))] * 30).value is None
    found = reader_agreement.alpha(same * 15)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low is not None
    assert found.low < 0.9


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (choice(), choice(), 0.0),
        (choice(), choice(1), 1.0),
        (choice(1), choice(2), 1.0),
        (choice(1), choice(1, 2), 1 - 2 / 3 * 1 / 2),
        (choice(1, 2), choice(2, 3), 1 - 1 / 3 * 1 / 3),
    ],
)
def test_choices_that_share_themes_are_nearer(
    first: frozenset[int], second: frozenset[int], expected: float
) -> None:
    assert reader_agreement.distance(first, second) == pytest.approx(expected)
    assert reader_agreement.distance(second, first) == pytest.approx(expected)


def test_precision_and_recall_have_intervals_or_are_not_said() -> None:
    found = reader_agreement.fit(18, 2, 20)
    assert found.precision is not None
    assert found.recall is not None
    assert found.precision[0] == 0.9
    assert found.precision[1] < 0.9 < found.precision[2]
    assert found.recall[0] == pytest.approx(18 / 38)
    assert reader_agreement.fit(5, 4, 0).precision is None
