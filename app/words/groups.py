"""Names and errors of working groups."""

from flask_babel import lazy_gettext as _l

from app.words.panels import PANEL_PROBLEMS

#: To be merged into the names of all enumerations.
GROUP_NAMES: dict[str, dict[str, object]] = {
    "sector": {
        "agency": _l("Public agency"),
        "business": _l("Business"),
        "civil_society": _l("Civil society"),
        "academia": _l("Academia"),
        "citizens": _l("Citizens"),
    },
    "member_state": {
        "invited": _l("Invited"),
        "active": _l("Member"),
        "declined": _l("Declined"),
        "left": _l("Has left"),
        "withdrawn": _l("Invitation taken back"),
    },
    "decision_rule": {
        "consensus": _l("Consensus: everybody who takes a side consents without reservation"),
        "consent": _l("Consent: nobody has a reasoned objection"),
        "two_thirds": _l("Two thirds of those who take a side agree"),
        "majority": _l("More than half of those who take a side agree"),
    },
    "position": {
        "consent": _l("I consent"),
        "reservation": _l("I consent with a reservation"),
        "objection": _l("I object"),
        "abstain": _l("I abstain"),
    },
    "position_taken": {
        "consent": _l("Consents"),
        "reservation": _l("Consents with a reservation"),
        "objection": _l("Objects"),
        "abstain": _l("Abstains"),
    },
    "round_outcome": {
        "adopted": _l("Adopted"),
        "not_adopted": _l("Not adopted"),
        "no_quorum": _l("Too few answered"),
        "amended": _l("Replaced by an amended text"),
        "withdrawn": _l("Taken back"),
    },
}

OUTCOME_COLOURS = {
    "adopted": "green",
    "not_adopted": "red",
    "no_quorum": "amber",
    "amended": "grey",
    "withdrawn": "grey",
}
POSITION_COLOURS = {
    "consent": "green",
    "reservation": "amber",
    "objection": "red",
    "abstain": "grey",
}

#: Sentences for the error codes of working groups, to be merged into all.
GROUP_PROBLEMS: dict[str, object] = {
    **PANEL_PROBLEMS,
    "questions.has_draft": _l(
        "There is a draft of clauses already, so open questions can no longer come before it."
    ),
    "questions.none": _l("Write at least one question."),
    "questions.too_many": _l("Ask at most %(maximum)s questions."),
    "group.agency_seat": _l(
        "You work for the agency that holds this consultation, so you can only sit in the group "
        "for the agency."
    ),
    "group.authors_only": _l("Only the member who proposed it can change it or take it back."),
    "group.charter_overtaken": _l("There is a newer version of the charter. Read it and agree."),
    "group.charter_unknown": _l("There is no charter to agree to yet."),
    "group.conveners_only": _l("Only the agency and the group's facilitator can do this."),
    "group.facilitator_decides_not": _l("A facilitator leads the work and never decides."),
    "group.facilitator_role": _l(
        "This seat is for a facilitator whom the site has appointed. Ask the people who run it."
    ),
    "group.invitation_answered": _l("The invitation has been answered already."),
    "group.invitation_unknown": _l(
        "This invitation is not complete, was answered, or is no longer valid. Ask whoever invited "
        "you for another one."
    ),
    "group.joined_later": _l(
        "This round began before you joined, so only those who were members then can answer it."
    ),
    "group.meeting_to_come": _l("The meeting has not been held yet."),
    "group.meeting_unknown": _l("There is no such meeting."),
    "group.members_only": _l("Only members of the group can do this."),
    "group.no_charter": _l("The members have to agree to a charter with a decision rule first."),
    "group.one_seat": _l("You sit in this group already; one person has one seat."),
    "group.position_unknown": _l("Choose what you say to the proposal."),
    "group.proposal_unknown": _l("There is no such proposal."),
    "group.quorum": _l("Enter a number from %(least)s to 100."),
    "group.round_changed": _l("The text was amended meanwhile. Read the new one and answer again."),
    "group.round_days": _l("Enter a number of days from 1 to %(most)s."),
    "group.round_over": _l("This round is over, so nothing more can be answered or changed."),
    "group.rule_unknown": _l("Choose how the group decides."),
    "group.sector_unknown": _l("Choose for which sector the seat is."),
    "group.settled": _l("The proposal is settled and can no longer be amended."),
    "group.too_few": _l(
        "A group decides with at least %(members)s members from at least %(sectors)s sectors."
    ),
    "group.unknown": _l("There is no such working group."),
}
