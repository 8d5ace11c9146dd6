"""The sample's papers: forms from a meeting, entered by one person and checked by another."""

import io
from datetime import date

from PIL import Image, ImageDraw

from app.sample import texts
from app.sample.opening import Play
from consultations.offline import entering, forms
from consultations.offline.offer import offer_of
from consultations.offline.said import Provenance, Said, SaidComment
from consultations.offline.scans import Page, checked
from core.clock import BANGKOK, now
from moderation import rules


def enter(play: Play) -> None:
    """Enter the papers of a meeting; the last one waits for whoever tries the approver's part."""
    forms.number_new(play.session, play.cast["officer"], play.consultation.id, 10)
    entries = texts.read(play.slug, "papers")
    numbers = list(offer_of(play.session, play.consultation.id).statements)
    today = now().astimezone(BANGKOK).date()
    for place, each in enumerate(entries, start=1):
        votes = dict(zip(numbers, each["votes"], strict=False))
        comment = SaidComment(play.keys[each["clause"]], each["body"], each["stance"])
        entry = entering.enter(
            play.session,
            play.cast["officer"],
            play.consultation.id,
            provenance=_from_meeting(each["channel"], today, place),
            said=Said((comment,), votes, {}, each.get("profile", {})),
            pages=[_page()],
        )
        if place < len(entries):
            entering.confirm(
                play.session,
                play.cast["approver"],
                play.consultation.id,
                entry.reference,
                entry.revision,
                screen=rules.screen,
            )


def _from_meeting(channel: str, day: date, place: int) -> Provenance:
    number = place if channel == "paper" else None
    return Provenance(channel, day, "เวทีชุมชนตลาดเก่า", number, consented=True)


def _page() -> Page:
    """Draw a form as a scanner would see it, filled in by nobody."""
    picture = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(picture)
    for line in range(6):
        pen.rectangle((60, 120 + 50 * line, 80, 140 + 50 * line), outline="black", width=2)
        pen.line((100, 138 + 50 * line, 540, 138 + 50 * line), fill="gray")
    for line in range(8):
        pen.line((60, 480 + 40 * line, 560, 480 + 40 * line), fill="gray")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return checked(written.getvalue())
