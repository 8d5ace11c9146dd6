"""Names of the states of promises and of the stages of a law."""

from flask_babel import lazy_gettext as _l

#: To be merged into the names of all enumerations.
COMMITMENT_NAMES: dict[str, dict[str, object]] = {
    "commitment_state": {
        "planned": _l("Planned"),
        "under_way": _l("Under way"),
        "done": _l("Done"),
        "dropped": _l("Given up"),
    },
    "law_stage": {
        "cabinet": _l("Before the cabinet"),
        "council_of_state": _l("Before the Council of State"),
        "parliament": _l("Before parliament"),
        "promulgated": _l("Published in the Government Gazette"),
        "in_force": _l("In force"),
        "evaluated": _l("Effects evaluated"),
        "not_pursued": _l("Not pursued further"),
    },
}

COMMITMENT_COLOURS = {"planned": "grey", "under_way": "blue", "done": "green", "dropped": "amber"}
