"""What a comment form shows while someone writes: similar comments, differences, a warning."""

from typing import TYPE_CHECKING

from flask import Blueprint, request

from app.identity import ANYONE, access
from app.participation.cards import comment_card
from app.participation.context import load_consultation
from app.participation.forms import CommentForm
from app.rendering import render
from app.transactions import session
from consultations import personal_data, word_difference
from consultations.comment_words import BODY_LENGTH, WORDING_LENGTH
from consultations.queries import discussion as discussions
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("writing", __name__, url_prefix="/consultations/<slug>/writing")


@blueprint.post("/similar", defaults={"key": ""})
@blueprint.post("/clauses/<key>/similar")
@access(ANYONE, limit="preview")
def similar(slug: str, key: str) -> str:
    """Show comments that say much the same as what is being written; nothing is stored."""
    consultation = load_consultation(slug)
    cards = similar_cards(consultation, key, request.form.get("body", "")[:BODY_LENGTH])
    return render("participation/_similar_comments.html", similar=cards, slug=slug, key=key)


@blueprint.post("/clauses/<key>/difference")
@access(ANYONE, limit="preview")
def difference(slug: str, key: str) -> str:
    """Show what a wording that is being written changes in its clause; nothing is stored."""
    consultation = load_consultation(slug)
    target = discussions.comment_target(session(), consultation.id, key)
    wording = request.form.get("proposed_wording", "")[:WORDING_LENGTH]
    return render(
        "participation/_difference.html",
        difference=wording_difference(target, wording),
        body_language=language_of(target.body),
    )


def similar_cards(
    consultation: "Consultation", key: str, text: str, own: str = ""
) -> list[dict[str, object]]:
    """Return cards of comments like a text, without the writer's own; the newest where none is."""
    found = discussions.similar_comments(session(), consultation.id, key, text)
    return [comment_card(consultation.slug, each) for each in found if each.reference != own]


def wording_difference(target: discussions.Target, wording: str) -> list[word_difference.Piece]:
    """Return what a proposed wording changes; nothing when it is empty or the clause itself."""
    if not wording.strip() or wording.split() == target.body.split():
        return []
    return word_difference.difference(target.body, wording.replace("\r\n", "\n"))


def offer_wording(form: CommentForm, target: discussions.Target) -> None:
    """Put the clause's own words into the box for a proposed wording, to be changed there."""
    if request.method == "GET" and not form.proposed_wording.data:
        form.proposed_wording.data = target.body[:WORDING_LENGTH]


def to_warn_about(
    form: CommentForm, target: discussions.Target
) -> list[personal_data.PersonalDetail]:
    """Return personal details in what was sent, once: whoever was told decides for themselves.

    What stands in the clause itself is the agency's doing, not the writer's.
    """
    if request.method != "POST" or form.warned.data:
        return []
    details = personal_data.personal_details(form.words.everything)
    found = [detail for detail in details if detail.words not in target.body]
    form.warned.data = "1" if found else ""
    return found
