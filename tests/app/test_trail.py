"""My trail and the page of one contribution: every step from the words to the changed clause."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations.models import (
    ChangeCause,
    Comment,
    Consultation,
    Draft,
    DraftState,
    Participant,
    ResponseState,
    SummaryState,
    Visibility,
)
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from core.notices import notify
from moderation import deciding
from tests.app.outcomes import (
    add_evidence,
    add_theme,
    make_finding,
    make_response,
    make_summary,
)
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
    make_vote,
)
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
TRAIL = "/consultations/water/trail"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that holds no transaction, and with it no lock, once it is committed."""
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring, slug="water")


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    return make_draft(session, consultation)


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def me(session: Session, citizen: Actor, consultation: Consultation) -> Participant:
    return joined(session, citizen, consultation)


@pytest.fixture
def comment(session: Session, draft: Draft, me: Participant) -> Comment:
    return make_comment(session, draft, body="ความเห็นของฉัน", participant_id=me.id)


@pytest.fixture
def trail_of(
    session: Session, citizen: Actor, client_of: Callable[[Actor], FlaskClient]
) -> Callable[[str], str]:
    """Read a page in English as the citizen, after what was made is committed."""

    def read(path: str = TRAIL) -> str:
        session.commit()
        answer = client_of(citizen).get(path, headers=ENGLISH)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    return read


def test_every_step_of_a_comment_is_shown(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    summary = make_summary(session, consultation)
    theme = add_theme(session, summary, comment, "Number of committees")
    finding = make_finding(session, summary, "People want two committees")
    add_evidence(session, finding, theme_id=theme.id)
    response = make_response(session, consultation, finding_id=finding.id)
    newer = make_draft(session, consultation, ["ให้มีคณะกรรมการสองคณะ"], number=2)
    session.add(ChangeCause(draft_id=newer.id, clause_key="s1", response_id=response.id))
    page = trail_of()
    for words in (
        "ความเห็นของฉัน",
        comment.reference,
        "Number of committees",
        "People want two committees",
        f"/summary#finding-{finding.position}",
        "Accepted",
        "เห็นด้วยกับข้อเสนอ",
        f"/responses/{response.id}",
        "Draft 2: มาตรา 1",
        "The words that the comment is about were changed in draft 2.",
    ):
        assert words in page, words


def test_what_officials_are_still_writing_is_not_shown(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    unpublished = make_summary(session, consultation, state=SummaryState.WORKING)
    add_theme(session, unpublished, comment, "Secret theme")
    add_evidence(
        session,
        make_finding(session, unpublished, "Secret finding"),
        contribution_id=comment.id,
    )
    published = make_summary(session, consultation, number=2)
    left_out = make_finding(session, published, "Secret finding left out")
    left_out.left_out_reason = "not needed"
    add_evidence(session, left_out, contribution_id=comment.id)
    response = make_response(
        session,
        consultation,
        comment_id=comment.id,
        state=ResponseState.APPROVED,
        reason_th="Secret answer",
    )
    working = make_draft(session, consultation, number=2, state=DraftState.WORKING)
    session.add(ChangeCause(draft_id=working.id, clause_key="s1", response_id=response.id))
    page = trail_of()
    assert "Secret" not in page
    assert "Not answered yet" in page
    assert "Draft 2" not in page


def test_the_steps_of_others_are_not_mixed_in(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    other = make_comment(session, draft, body="ความเห็นของผู้อื่น")
    summary = make_summary(session, consultation)
    add_theme(session, summary, other, "Theme of others")
    add_evidence(
        session, make_finding(session, summary, "Finding of others"), contribution_id=other.id
    )
    make_response(session, consultation, comment_id=other.id, reason_th="ตอบผู้อื่น")
    page = trail_of()
    for words in ("ความเห็นของผู้อื่น", "Theme of others", "Finding of others", "ตอบผู้อื่น"):
        assert words not in page


def test_the_author_is_told_rule_and_reason(
    session: Session,
    keyring: Keyring,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    moderator = make_actor(session, keyring, Role.MODERATOR)
    deciding.decide(
        session,
        moderator,
        comment.reference,
        kind="hide",
        rule="threat",
        reason="มีถ้อยคำข่มขู่",
        expected_revision=comment.revision,
    )
    page = trail_of()
    for words in ("Hidden by a moderator", "Rule: Threats", "มีถ้อยคำข่มขู่"):
        assert words in page


@pytest.mark.parametrize(
    ("new_body", "words"),
    [
        ("ให้มีคณะกรรมการหนึ่งคณะ", "stand unchanged in draft 2"),
        ("ในแต่ละจังหวัดให้มีคณะกรรมการหนึ่งคณะ", "stand elsewhere in the clause in draft 2"),
        ("ให้มีอนุกรรมการหนึ่งคณะ", "were changed in draft 2"),
        ("", "The clause is no longer in draft 2"),
    ],
)
def test_what_became_of_the_quoted_words_is_said(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    trail_of: Callable[..., str],
    new_body: str,
    words: str,
) -> None:
    comment.quote_exact, comment.quote_start = "คณะกรรมการ", 5
    comment.quote_prefix, comment.quote_suffix = "ให้มี", "หนึ่งคณะ"
    newer = make_draft(session, consultation, [new_body], number=2)
    if not new_body:
        newer.clauses[0].key = "another"
    assert words in trail_of()


def test_messages_stand_newest_first(
    session: Session, me: Participant, comment: Comment, trail_of: Callable[..., str]
) -> None:
    notify(session, me.id, "decision.held", reference="AAA", rule="threat", reason="รอแก้ไข")
    notify(session, me.id, "decision.published", reference="AAA", rule="", reason="")
    notify(session, me.id, "a.code.of.tomorrow")
    notify(session, "0" * 32, "decision.published", reference="ZZZ", rule="", reason="")
    page = trail_of()
    newest = page.index("There is news about this consultation.")
    assert newest < page.index("A moderator has published") < page.index("A moderator has held")
    assert "Rule: Threats. Reason: รอแก้ไข" in page
    assert "ZZZ" not in page


def test_ones_votes_are_listed_and_can_be_changed_until_closing(
    session: Session,
    consultation: Consultation,
    me: Participant,
    trail_of: Callable[..., str],
) -> None:
    statement = make_statement(session, consultation, body="ประโยคที่ฉันลงคะแนน")
    hidden = make_statement(session, consultation, visibility=Visibility.HIDDEN, body="ซ่อนแล้ว")
    for each in (statement, hidden):
        make_vote(session, each, me, -1)
    page = trail_of()
    assert "ประโยคที่ฉันลงคะแนน" in page
    assert "ซ่อนแล้ว" not in page
    change = f"/consultations/water/vote?statement={statement.reference}"
    assert change in page
    consultation.closes_at = now()
    page = trail_of()
    assert "ประโยคที่ฉันลงคะแนน" in page
    assert change not in page


def test_an_empty_trail_says_where_to_begin(
    consultation: Consultation, trail_of: Callable[..., str]
) -> None:
    assert "You have not taken part yet" in trail_of()


def test_a_visitor_is_led_to_sign_in(
    session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    session.commit()
    answer = client.get(TRAIL)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/accounts/sign-in?next=")


def test_the_public_page_has_the_trace_without_the_person(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    client: FlaskClient,
) -> None:
    make_response(session, consultation, comment_id=comment.id)
    session.commit()
    page = client.get(f"/consultations/water/contributions/{comment.reference}", headers=ENGLISH)
    assert "เห็นด้วยกับข้อเสนอ" in page.text
    assert "This is yours" not in page.text
    assert "/withdraw" not in page.text
    assert str(comment.participant_id) not in page.text


def test_a_statement_leads_to_its_findings(
    session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    statement = make_statement(session, consultation)
    finding = make_finding(session, make_summary(session, consultation), "Agreed by all groups")
    add_evidence(session, finding, contribution_id=statement.id)
    session.commit()
    page = client.get(f"/consultations/water/contributions/{statement.reference}", headers=ENGLISH)
    assert "Agreed by all groups" in page.text
    assert "From the agency" in page.text


def test_the_number_of_queries_does_not_grow(
    app: Flask,
    session: Session,
    consultation: Consultation,
    draft: Draft,
    me: Participant,
    trail_of: Callable[..., str],
) -> None:
    counts = []
    for number in (1, 2):
        summary = make_summary(session, consultation, number=number)
        for place in range(6):
            comment = make_comment(session, draft, participant_id=me.id)
            add_theme(session, summary, comment, f"Theme {place}")
            finding = make_finding(session, summary, "Finding", place)
            add_evidence(session, finding, contribution_id=comment.id)
            make_response(session, consultation, finding_id=finding.id)
            make_vote(session, make_statement(session, consultation), me, 1)
            notify(session, me.id, "decision.published", reference=comment.reference, rule="")
        session.commit()
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            trail_of()
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 25


def test_a_removed_clause_keeps_its_name_and_leads_to_the_comparison(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    response = make_response(session, consultation, comment_id=comment.id)
    newer = make_draft(session, consultation, number=2)
    newer.clauses[0].key = "another"
    session.add(ChangeCause(draft_id=newer.id, clause_key="s1", response_id=response.id))
    address = "/consultations/water/compare/1/2#clause-s1"
    for path in (TRAIL, "/consultations/water/responses"):
        page = trail_of(path)
        link = page.partition(f'href="{address}">')[2].partition("</a>")[0]
        assert link == "Draft 2: removed มาตรา 1 of draft 1"
    assert 'id="clause-s1"' in trail_of(address.partition("#")[0])


def test_a_clause_that_several_answers_changed_stands_once(
    session: Session,
    consultation: Consultation,
    comment: Comment,
    trail_of: Callable[..., str],
) -> None:
    summary = make_summary(session, consultation)
    theme = add_theme(session, summary, comment, "Number of committees")
    newer = make_draft(session, consultation, number=2)
    for item in ({"comment_id": comment.id}, {"theme_id": theme.id}):
        response = make_response(session, consultation, **item)
        session.add_all(
            ChangeCause(draft_id=newer.id, clause_key=key, response_id=response.id)
            for key in ("s1", "s2")
        )
    page = trail_of()
    assert page.count("Draft 2: มาตรา 1") == page.count("Draft 2: มาตรา 2") == 1
