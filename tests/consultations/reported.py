"""A planted conversation with published answers and a changed draft, ready to be reported on."""

from sqlalchemy.orm import Session

from consultations import responding
from consultations.models import ChangeCause, Draft
from consultations.queries import answer_desk
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, published_summary
from tests.consultations.two_people import publish_answers
from tests.factories import make_draft

GIVEN = responding.Answer("partly", "budget", "มีงบประมาณบางส่วน ทำได้ทีละขั้น", "Partly paid for.", "s1")
REFUSED = responding.Answer("not_accepted", "law", "กฎหมายแม่ไม่ให้ทำ น้ำท่วมเป็นเรื่องอื่น")


def reported(
    session: Session, keyring: Keyring, *, comments: int = 40
) -> tuple[Planted, Staff, Draft]:
    """Make the conversation; its second draft changed because of the first answer."""
    planted, staff, _summary = published_summary(session, keyring, comments=comments)
    number = planted.consultation.id
    made = []
    for place, row in enumerate(answer_desk.required_rows(session, number)):
        given = REFUSED if place == 1 else GIVEN
        answer = responding.answer(session, staff.officer, number, item=row.item, given=given)
        responding.approve(session, staff.approver, answer.id)
        made.append(answer)
    publish_answers(session, staff.approver, number)
    draft = make_draft(session, planted.consultation, number=2)
    session.add_all(
        [
            ChangeCause(draft_id=draft.id, clause_key="s1", response_id=made[0].id),
            ChangeCause(draft_id=draft.id, clause_key="s2", note_th="แก้คำผิด"),
        ]
    )
    session.flush()
    return planted, staff, draft
