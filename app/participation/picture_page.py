"""What the parts of the results show, ready to be drawn: map, days, clauses, people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.charts import bars, opinion_map
from app.i18n import date_short, number, percent
from app.participation.cards import clause_name
from app.words import name
from app.words.results import group_name
from consultations import policy
from consultations.queries import channels, live

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from consultations.models import Consultation
    from consultations.queries.results import Picture
    from consultations.standing import Standing

#: Strengths of the heat map below the strongest.
_LEVELS = 4
#: Stances in the order of the heat map's columns.
_STANCES = ("support", "oppose", "unsure")

#: What a reader must know before trusting a part, by the codes of the picture. The overview and
#: the method have them all.
_LIMITS = {
    "agreement": ("self_selected", "few_voters"),
    "groups": ("no_groups", "one_group", "unstable_groups", "map_flat", "map_density"),
    "themes": ("themes_by_words", "languages_apart", "comments_not_people"),
    "clauses": ("comments_not_people",),
    "people": ("self_selected",),
}

Context = dict[str, Any]


def picture_context(
    session: "Session",
    consultation: "Consultation",
    picture: "Picture",
    part: str,
    moment: datetime,
) -> Context:
    """Return what a part of the results is drawn from; at most five queries."""
    data = picture.data
    shared = {
        "parts": _parts(consultation.slug, picture, part),
        "limits": [code for code in data["limits"] if code in _LIMITS.get(part, (code,))],
    }
    if part == "overview":
        freshness = _freshness(session, consultation, picture, moment)
        return {**shared, "freshness": freshness, "contents": _contents(picture)}
    if part == "groups":
        return {**shared, **map_context(picture)}
    if part == "clauses":
        return {**shared, "clauses": _clauses(session, consultation, data["clauses"])}
    if part == "people":
        return {
            **shared,
            "channels": channels.by_channel(session, consultation.id),
            "days": _days(data["days"]),
            "questions": [_question(stratum) for stratum in data["strata"]],
            "weighted": _weighted(picture),
            "missing_cells": [_cell_name(*cell) for cell in data["weighting"]["cells"]],
        }
    return shared


def map_context(picture: "Picture", own: "Standing | None" = None) -> Context:
    """Return the map with the names of its groups, and the reader's own place where given."""
    groups = picture.data["groups"]
    labels = {
        group["id"]: ngettext(
            "%(group)s: %(count)s person",
            "%(group)s: %(count)s people",
            group["size"],
            group=group_name(group["id"]),
            count=number(group["size"]),
        )
        for group in groups
    }
    place = (own.x, own.y, own.spread) if own else None
    return {
        "opinion_map": opinion_map(picture.data["map"], place),
        "map_names": {group["id"]: group_name(group["id"]) for group in groups},
        "map_labels": labels,
    }


def _parts(slug: str, picture: "Picture", current: str) -> list[Context]:
    """Return the links between the parts, for the ``subnav`` component."""
    names = {
        "overview": _("Overview"),
        "agreement": name("section", "common_ground"),
        "groups": _("Opinion groups"),
        "themes": name("section", "themes"),
        "clauses": _("Clause by clause"),
        "people": name("section", "participation"),
        "method": _("How this was made"),
    }
    if not picture.data["clauses"]:
        del names["clauses"]
    overview = url_for("results.picture", slug=slug)
    return [
        {
            "text": words,
            "href": overview
            if part == "overview"
            else url_for("results.part", slug=slug, part=part),
            "current": part == current,
        }
        for part, words in names.items()
    ]


def _contents(picture: "Picture") -> list[tuple[str, str, str]]:
    """Return the sections that the overview itself does not show: part, anchor and words."""
    data = picture.data
    sections = (
        ("agreement", "passed", _("Where many are unsure"), bool(picture.passed)),
        ("agreement", "too-few", name("section", "too_few"), bool(picture.too_few)),
        ("themes", "minority", name("section", "minority"), bool(picture.minority)),
        ("themes", "campaigns", name("section", "campaigns"), bool(picture.campaigns)),
        ("clauses", "clauses", _("Clause by clause"), bool(data["clauses"])),
        ("people", "days", _("When people took part"), bool(data["days"]["rows"])),
        ("people", "population", _("Who took part, and who lives here"), True),
        ("method", "method", _("How this was made"), True),
    )
    return [(part, anchor, words) for part, anchor, words, is_there in sections if is_there]


def _freshness(
    session: "Session", consultation: "Consultation", picture: "Picture", moment: datetime
) -> Context | None:
    """Return how many votes came since, while people vote; None afterwards."""
    if not policy.is_taking_contributions(consultation, moment):
        return None
    last = picture.snapshot.activity.get("last_vote")
    votes = None if last is None else live.votes_since(session, consultation.id, last)
    return {"votes": votes, "most": live.MOST_COUNTED}


def _days(days: Mapping[str, Any]) -> Context | None:
    """Return the series with their bars and the table's rows; None before anything happened."""
    rows = days["rows"]
    if not rows:
        return None
    starts = [date_short(date.fromisoformat(row[0])) for row in rows]
    titles = (_("People who joined"), _("Comments"), _("Votes"))
    series = []
    for place, title in enumerate(titles, start=1):
        values = [row[place] for row in rows]
        top = max(values)
        peak = _("most: %(count)s, on %(day)s", count=number(top), day=starts[values.index(top)])
        total = _("%(count)s in all", count=number(sum(values)))
        series.append(
            {
                "title": title,
                "path": bars(values),
                "peak": f"{total}; {peak}" if top else total,
            }
        )
    return {
        "by_week": days["unit"] == "week",
        "series": series,
        "first": starts[0],
        "last": starts[-1],
        "number": len(rows),
        "rows": [(start, *map(number, row[1:])) for start, row in zip(starts, rows, strict=True)],
        "head": [_("Week from") if days["unit"] == "week" else _("Day"), *titles],
    }


def _clauses(
    session: "Session", consultation: "Consultation", clauses: Sequence[Mapping[str, Any]]
) -> list[Context]:
    """Return the clauses of the draft in their order, with their counts; none without comments."""
    if not clauses:
        return []
    counted = {entry["clause"]: entry for entry in clauses}
    slug, names = consultation.slug, live.clause_names(session, consultation.id)
    keys = [key for key in names if key in counted]
    keys += [""] if "" in counted else []
    found = [
        (key, [counted[key]["comments"], *map(counted[key]["stances"].get, _STANCES)])
        for key in keys
    ]
    highest = max((count or 0 for _key, counts in found for count in counts), default=0)
    return [
        {
            "name": clause_name(key, *names[key]) if key else clause_name("", "", ""),
            "href": url_for("drafts.read", slug=slug, _anchor=f"clause-{key}" if key else "whole"),
            "cells": [(count or 0, _level(count or 0, highest)) for count in counts],
        }
        for key, counts in found
    ]


def _level(count: int, highest: int) -> int:
    """Return how strong a cell is, from 0 (nothing) to 4."""
    return -(-_LEVELS * count // highest) if highest else 0


def _question(stratum: Mapping[str, Any]) -> Context:
    """Return one question with its answers, hidden ones named."""
    question = stratum["name"]
    rows, hidden = [], []
    for cell in stratum["cells"]:
        label = name(question, cell["value"])
        if cell["people"] is None:
            hidden.append(label)
            continue
        words = _(
            "%(share)s here (%(count)s or more people)",
            share=percent(cell["share"]),
            count=number(cell["people"]),
        )
        if cell["population"] is not None:
            words = _(
                "%(words)s, %(share)s of those who live here",
                words=words,
                share=percent(cell["population"]),
            )
        rows.append({**cell, "label": label, "words": words})
    return {
        "name": name("question", question),
        "rows": rows,
        "hidden": hidden,
        "not_said": stratum["not_said"],
    }


def _weighted(picture: "Picture") -> list[tuple[Any, ...]]:
    """Return the statements of the page with their agreement as voted and as weighted."""
    weighted = picture.data["weighting"]["rows"]
    shown = (*picture.common_ground, *picture.differences)
    rows = {row.words.reference: row.words for row in shown}
    return [
        (words, *map(percent, weighted[reference]))
        for reference, words in rows.items()
        if reference in weighted
    ]


def _cell_name(question: str, value: str) -> str:
    return f"{name('question', question)}: {name(question, value)}"
