"""What a finished run changes where people take part: what is shown next, and what comes first.

All of it is plain data computed with the run, so that it can be stored in the run's transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from consultations import bridging
from consultations.models import Contribution, DiscussionTheme, Statement

_STATEMENT = Statement.metadata.tables["statement"]
_PLACE = Statement.metadata.tables["discussion_place"]
#: Words that name a theme until a person words it.
_TERMS = 4

Report = Mapping[str, Any]


def effects_of(
    opinions: Report, themes: Report, supports: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Return what a run changes, by the references of contributions.

    Returns
    -------
    dict
        ``extremity`` of statements, ``bridging`` of comments, and ``themes`` with their comments.
    """
    pairs = ((row["comment"], row["participant"]) for row in supports)
    return {
        "extremity": {
            entry["id"]: float(entry.get("extremity") or 0.0) for entry in opinions["statements"]
        },
        "bridging": bridging.scores(opinions, pairs),
        "themes": [
            {
                "key": str(theme["id"]),
                "terms": " · ".join(theme["label_terms"][:_TERMS]),
                "language": theme["language"],
                "comments": theme["comments"],
                "weak": theme["weak"],
                "change": theme["change"],
            }
            for theme in themes["themes"]
            if theme["kind"] == "theme"
        ],
    }


def apply(session: Session, consultation_id: int, effects: Report) -> tuple[int, int]:
    """Put the effects of the newest run in the place of those of the run before.

    Returns
    -------
    compared, kept : int
        Comments that had a theme in both runs, and those of them that stayed in theirs.
    """
    session.flush()
    written: Sequence[Any] = session.execute(
        select(Contribution.reference, Contribution.id).where(
            Contribution.consultation_id == consultation_id
        )
    ).all()
    ids: dict[str, int] = dict(map(tuple, written))
    _apply_extremity(session, consultation_id, ids, effects["extremity"])
    compared = _apply_places(session, consultation_id, ids, effects)
    session.execute(
        delete(DiscussionTheme).where(DiscussionTheme.consultation_id == consultation_id)
    )
    rows = [
        {
            "consultation_id": consultation_id,
            "key": theme["key"],
            "position": position,
            "terms": theme["terms"],
            "language": theme["language"],
            "change": theme["change"],
        }
        for position, theme in enumerate(effects["themes"])
    ]
    if rows:
        session.execute(insert(DiscussionTheme), rows)
    return compared


def _apply_extremity(
    session: Session, consultation_id: int, ids: Mapping[str, int], values: Mapping[str, float]
) -> None:
    own = _STATEMENT.c.number_in_id == consultation_id
    session.execute(update(_STATEMENT).where(own).values(extremity=0.0))
    rows = [{"at": ids[name], "to": value} for name, value in values.items() if name in ids]
    if rows:
        session.connection().execute(
            update(_STATEMENT)
            .where(_STATEMENT.c.id == bindparam("at"))
            .values(extremity=bindparam("to")),
            rows,
        )


def _apply_places(
    session: Session, consultation_id: int, ids: Mapping[str, int], effects: Report
) -> tuple[int, int]:
    own = _PLACE.c.consultation_id == consultation_id
    stood = session.execute(select(_PLACE.c.comment_id, _PLACE.c.theme_key).where(own)).all()
    session.execute(update(_PLACE).where(own).values(bridging=0, theme_key="", is_weak=False))
    theme_of = {name: theme["key"] for theme in effects["themes"] for name in theme["comments"]}
    weak = {name for theme in effects["themes"] for name in theme["weak"]}
    scored: Mapping[str, int] = effects["bridging"]
    rows = [
        {
            "at": ids[name],
            "score": scored.get(name, 0),
            "theme": theme_of.get(name, ""),
            "weak": name in weak,
        }
        for name in sorted(scored.keys() | theme_of.keys())
        if name in ids
    ]
    if rows:
        session.connection().execute(
            update(_PLACE)
            .where(_PLACE.c.comment_id == bindparam("at"))
            .values(
                bridging=bindparam("score"), theme_key=bindparam("theme"), is_weak=bindparam("weak")
            ),
            rows,
        )
    stands = {row["at"]: row["theme"] for row in rows}
    both = [(key, stands[number]) for number, key in stood if key and stands.get(number)]
    return len(both), sum(before == after for before, after in both)
