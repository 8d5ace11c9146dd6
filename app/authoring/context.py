"""What every page of a consultation in the workspace needs."""

from typing import TYPE_CHECKING

from flask import g, url_for
from flask_babel import gettext as _

from app.i18n import date_long, datetime_long
from app.identity import current_actor
from app.rendering import Words
from app.transactions import session
from app.words import name, problem
from consultations import policy, seconding
from consultations.announcement import last_moment
from consultations.queries import catalogue
from consultations.queries.preparation import STEP_OF, Step
from core.actor import Actor
from core.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consultations.models import Consultation

_STEP_PAGES = {
    Step.DRAFT: "authoring_preparing.draft",
    Step.CHECK: "authoring_preparing.check",
    Step.HEARING: "authoring_hearing.fill",
    Step.STAKEHOLDERS: "authoring_stakeholders.register",
}


def own_consultation(slug: str) -> "Consultation":
    """Return a consultation of the agency that the actor works for.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``: there is none, or another agency is still preparing it.
    NotAllowedError
        ``consultation.other_agency``.
    """
    consultation = catalogue.consultation_at(session(), slug)
    policy.require_visible(current_actor(), consultation)
    policy.require_agency_staff(current_actor(), consultation)
    g.sample_notice = consultation.is_sample
    return consultation


def why_not_approve(
    actor: Actor, consultation: "Consultation", author_id: int | None, hands: "Sequence[int]" = ()
) -> str:
    """Return in words why the actor cannot approve what somebody prepared; empty if they can."""
    try:
        policy.require_approver(actor, consultation, author_id)
        seconding.require_other(session(), actor, author_id)
        seconding.require_no_hand(session(), actor, hands)
    except NotAllowedError as error:
        return problem(error.code)
    return ""


def why_not_second(author_id: int | None) -> str:
    """Return in words why the actor is not the second person; empty if they can be."""
    actor = current_actor()
    if author_id is None or actor.account_id is None:
        return problem("approval.own_work")
    try:
        seconding.require_other(session(), actor, author_id)
    except NotAllowedError as error:
        return problem(error.code)
    return ""


def workspace_nav(consultation: "Consultation", current: str) -> list[dict[str, object]]:
    """Return the links between the workspace's pages of a consultation, for ``subnav``.

    Parameters
    ----------
    consultation : Consultation
    current : str
        The page that is shown: overview, monitor, checklist, hearing, stakeholders, offline,
        statements, population, runs, themes, summary, check, answers, report, commitments,
        groups or panels.
    """
    pages = (
        ("overview", "authoring_consultations.overview", _("Overview")),
        ("monitor", "authoring_monitoring.monitor", _("Monitor")),
        ("checklist", "authoring_hearing.check", _("Publication checklist")),
        ("hearing", "authoring_hearing.fill", _("Law-hearing form")),
        ("stakeholders", "authoring_stakeholders.register", _("Those affected")),
        ("offline", "authoring_offline.desk", _("Paper, telephone, meetings")),
        ("statements", "authoring_consultations.statements", _("Statements")),
        ("population", "authoring_population.population", _("Population")),
        ("runs", "authoring_summaries.runs", _("Analysis")),
        ("themes", "authoring_themes.desk", _("Themes")),
        ("summary", "authoring_summaries.build", _("Summary")),
        ("check", "authoring_checks.desk", _("Check by participants")),
        ("answers", "authoring_responses.desk", _("Answers")),
        ("report", "authoring_report.desk", _("Results report")),
        ("commitments", "authoring_commitments.desk", _("Commitments")),
        ("groups", "authoring_groups.desk", _("Working groups")),
        ("panels", "authoring_panels.desk", _("Panels")),
    )
    slug = consultation.slug
    return [
        {"text": text, "href": url_for(endpoint, slug=slug), "current": page == current}
        for page, endpoint, text in pages
    ]


def step_address(slug: str, step: Step) -> str:
    """Return the page of a step of the preparation."""
    if step in _STEP_PAGES:
        return url_for(_STEP_PAGES[step], slug=slug)
    return url_for("authoring_preparing.edit", slug=slug, step=step.value)


def mending_address(slug: str, code: str) -> str:
    """Return where an open point is mended."""
    return step_address(slug, STEP_OF.get(code, Step.BASICS))


def announcement_rows(
    consultation: "Consultation", *, editable: bool = False
) -> list[tuple[str, str | Words, str | None, None]]:
    """Return what is announced, for the ``summary_list`` component; with links when editable."""
    slug = consultation.slug
    found: list[tuple[str, str | Words, str]] = [
        (_("Address"), f"/consultations/{slug}", ""),
        (_("Kind"), name("kind", consultation.kind), "kind"),
        *_words(consultation, "title", _("Title in Thai"), _("Title in English")),
    ]
    if editable:
        found += [
            *_words(consultation, "summary", _("Summary in Thai"), _("Summary in English")),
            *_words(consultation, "scope", _("What can change, in Thai"), _("in English")),
            *_words(consultation, "affected", _("Who is affected, in Thai"), _("in English")),
        ]
    found += _dates(consultation)
    policy_name = name("moderation_policy", consultation.moderation_policy)
    found.append((_("Moderation"), policy_name, "participation"))
    admission = name("admission", consultation.admission)
    found.append((_("Who can take part"), admission, "participation"))
    return [
        (key, value, _change(slug, step) if editable and step else None, None)
        for key, value, step in found
        if value
    ]


def _words(
    consultation: "Consultation", field: str, thai: str, english: str
) -> list[tuple[str, str | Words, str]]:
    """Return the rows of a text that is kept in Thai and English."""
    found: list[tuple[str, str | Words, str]] = []
    for code, key in (("th", thai), ("en", english)):
        text = getattr(consultation, f"{field}_{code}")
        if text or field == "title" or code == "th":
            found.append((key, Words(text, code) if text else _("Missing"), "basics"))
    return found


def _dates(consultation: "Consultation") -> list[tuple[str, str | Words, str]]:
    missing = _("Missing")
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    due = consultation.answers_due_on
    return [
        (_("Opens on"), datetime_long(opens_at) if opens_at else missing, "dates"),
        (_("Closes on"), datetime_long(last_moment(closes_at)) if closes_at else missing, "dates"),
        (_("Why the time is short"), consultation.short_reason, "dates"),
        (_("Days to check the summary"), str(consultation.check_days), "dates"),
        (_("The agency answers by"), date_long(due) if due else missing, "dates"),
    ]


def _change(slug: str, step: str) -> str:
    return url_for("authoring_preparing.edit", slug=slug, step=step)
