"""Names and errors of the law hearing: templates, checklist, those affected and their notices."""

from flask_babel import lazy_gettext as _l

#: To be merged into the names of all enumerations.
HEARING_NAMES: dict[str, dict[str, object]] = {
    "need": {
        "required": _l("Required"),
        "advised": _l("Advised"),
        "optional": _l("Optional"),
    },
    "check_point": {
        "announced": _l("Announced early enough"),
        "affected": _l("The announcement says who is affected"),
        "contact": _l("The announcement says whom to ask"),
        "form": _l("Required parts of the law-hearing form are filled in"),
        "analysis": _l("Impacts are analysed"),
        "stakeholders": _l("Those affected are registered"),
        "notices": _l("A notice to every group is planned or given"),
        "answers_due": _l("A day is promised for the answers"),
        "answers_in_time": _l("The answers are due in time"),
        "approver": _l("A second person can approve"),
        "offline": _l("People can take part without the internet"),
        "english": _l("Title and summary are there in English"),
    },
    "stakeholder_kind": {
        "public": _l("General public"),
        "community": _l("Community"),
        "business": _l("Business"),
        "association": _l("Association or civil society"),
        "academia": _l("Academia"),
        "agency": _l("Government agency"),
        "local_government": _l("Local government"),
    },
    "notice_channel": {
        "email": _l("E-mail from this site"),
        "letter": _l("Official letter"),
        "phone": _l("Telephone"),
        "meeting": _l("Meeting"),
        "poster": _l("Posted notice"),
        "media": _l("Radio, television or newspaper"),
    },
    "notice_state": {
        "planned": _l("Planned"),
        "sending": _l("Being sent"),
        "delivered": _l("Delivered"),
        "refused": _l("Not delivered"),
        "given": _l("Given"),
    },
}

NOTICE_COLOURS = {
    "planned": "grey",
    "sending": "blue",
    "delivered": "green",
    "refused": "red",
    "given": "green",
}

#: Sentences for the error codes of the law hearing, to be merged into all.
HEARING_PROBLEMS: dict[str, object] = {
    "hearing.announced": _l(
        "Move the opening: the template of this kind asks for more days after publication."
    ),
    "hearing.affected": _l("Say in the announcement who is affected."),
    "hearing.contact": _l("Say in the announcement whom to ask."),
    "hearing.form": _l("Fill in the required parts of the law-hearing form."),
    "hearing.analysis": _l("Fill in the analysis of impacts in the law-hearing form."),
    "hearing.stakeholders": _l("Register at least one group that is affected."),
    "hearing.notices": _l("Plan or note a notice to every group that is registered."),
    "hearing.answers_due": _l("Promise a day by which the agency answers."),
    "hearing.answers_in_time": _l(
        "Promise an earlier day for the answers: the template of this kind sets the latest one."
    ),
    "hearing.approver": _l("Ask the administrator for a second person who can approve."),
    "hearing.offline": _l("Say how people can take part without the internet."),
    "hearing.english": _l("Add title and summary in English."),
    "hearing.unconfirmed": _l("Confirm the points of the checklist on the law-hearing form."),
    "stakeholder.by_mail": _l("The site sends this itself and notes whether it was delivered."),
    "stakeholder.channel_unknown": _l("Choose a channel from the list."),
    "stakeholder.kind_unknown": _l("Choose a kind of group from the list."),
    "stakeholder.name_needed": _l("Write the name of the group."),
    "stakeholder.no_address": _l("There is no e-mail address for this group. Add one first."),
    "stakeholder.not_yet": _l("This day lies ahead. Enter the day on which the notice was given."),
    "stakeholder.notice_unknown": _l("There is no such notice."),
    "stakeholder.personal": _l(
        "This is public. Put telephone numbers, addresses and numbers of persons into the contact."
    ),
    "stakeholder.proof_large": _l("The file is too large. At most 5 MB are taken."),
    "stakeholder.proof_unknown": _l("Only PDF, PNG and JPEG files are taken as proof."),
    "stakeholder.repeated": _l("This group stands in the table twice."),
    "stakeholder.unknown": _l("There is no such group in the register."),
    "stakeholders.columns": _l("The row has too many cells."),
    "stakeholders.file": _l("Save the table as CSV in UTF-8, with the columns %(columns)s."),
    "stakeholders.preview_old": _l("The preview is too old. Choose the file again."),
    "stakeholders.too_many": _l("At most %(maximum)s groups can be registered."),
    "template.administrator_needed": _l("Only administrators can change templates."),
    "template.code": _l(
        "Use a code of small letters, digits and underscores that begins with a letter."
    ),
    "template.code_taken": _l("This code is taken already: %(given)s."),
    "template.malformed": _l("This part of the template does not hold: %(part)s."),
    "template.number": _l("Enter a whole number from %(least)s to %(most)s."),
    "template.same": _l("Nothing has changed, so there is nothing to keep."),
    "template.stale": _l(
        "Somebody else has changed the template meanwhile. Open it again and repeat your change."
    ),
    "template.too_many": _l("A template takes at most %(maximum)s of these."),
    "template.unknown": _l("There is no such part of the template."),
}
