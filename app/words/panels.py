"""Names and errors of panels that read prototype clauses."""

from flask_babel import lazy_gettext as _l

#: To be merged into the names of all enumerations.
PANEL_NAMES: dict[str, dict[str, object]] = {
    "degree": {"yes": _l("Yes"), "partly": _l("Partly"), "no": _l("No")},
}

#: Sentences for the error codes of panels, to be merged into all.
PANEL_PROBLEMS: dict[str, object] = {
    "panel.clauses": _l("Enter between 1 and %(maximum)s clauses, with an empty line between two."),
    "panel.degree_unknown": _l("Answer both questions about each clause that you answer."),
    "panel.invitation_unknown": _l(
        "This invitation is not complete, or was answered already. Ask the agency for another one."
    ),
    "panel.one_seat": _l("You have a place in this panel already."),
    "panel.over": _l("The last day of this panel is over."),
    "panel.published": _l("The results are public already."),
    "panel.running": _l("The results can be published once the last day is over."),
    "panel.seats": _l("Enter at least one e-mail address; a panel has at most %(maximum)s places."),
    "panel.unknown": _l("There is no such panel."),
}
