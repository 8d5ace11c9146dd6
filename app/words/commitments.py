"""Names and errors of commitments and of the stages of a law."""

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

#: Sentences for the error codes of commitments and of the law, to be merged into all.
COMMITMENT_PROBLEMS: dict[str, object] = {
    "commitment.due_past": _l("Choose a day that has not passed."),
    "commitment.evidence_needed": _l("Give an address where anyone can see that it is done."),
    "commitment.not_public": _l("A second person has to make the commitment public first."),
    "commitment.open": _l(
        "%(count)s commitments are neither kept nor given up. Report on them before archiving."
    ),
    "commitment.public": _l("The commitment is public already."),
    "commitment.settled": _l("The commitment is settled: nothing more is reported on it."),
    "commitment.state_unknown": _l("Choose how far it is."),
    "commitment.unknown": _l("There is no such commitment."),
    "law.future": _l("Choose the day on which it happened, not one to come."),
    "law.noted": _l("This stage of the law is noted already."),
    "law.source_needed": _l("Give an address where it can be looked up."),
    "law.stage_unknown": _l("Choose where the law is."),
}
