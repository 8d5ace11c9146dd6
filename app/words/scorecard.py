"""What the figures of the scorecard ask, and what exactly each counts."""

from flask_babel import lazy_gettext as _l

#: By principle: its name, what it asks, and what the figure counts.
SCORECARD: dict[str, tuple[object, object, object]] = {
    "serve_citizens": (
        _l("Serve citizens, not customers"),
        _l("Officials answer in the open; everyone sees what became of what they wrote."),
        _l("Published comments that an official reply or answer reaches, of all published ones."),
    ),
    "public_interest": (
        _l("Seek the public interest"),
        _l("The analysis looks for what all opinion groups share, not for the loudest majority."),
        _l("Sentences on common ground, of all sentences on common ground and differences."),
    ),
    "citizenship": (
        _l("Value citizenship over entrepreneurship"),
        _l("Citizens propose what is voted on, not only react to it."),
        _l("Statements to vote on that citizens proposed, of all published statements."),
    ),
    "strategic_democratic": (
        _l("Think strategically, act democratically"),
        _l("What was announced is kept: closing days, answers, and commitments."),
        _l("Days that were kept, of the closing days, answer days and commitments that are due."),
    ),
    "accountability_not_simple": (
        _l("Accountability is not simple"),
        _l("Each answer says what it rests on, and stays as it was published."),
        _l("Published answers with a ground whose words match the ledger, of all published ones."),
    ),
    "serve_not_steer": (
        _l("Serve rather than steer"),
        _l("Nobody takes a contribution away because it does not suit them."),
        _l("Decisions to hold, cover or hide that name a broken rule, of all such decisions."),
    ),
    "value_people": (
        _l("Value people, not just productivity"),
        _l("Who is refused is told why, with respect."),
        _l("Refusals by moderators and by the agency that give a reason, of all refusals."),
    ),
    "efficiency": (
        _l("Efficiency"),
        _l("People do not wait longer than needed for the agency's answers."),
        _l("Days from the closing of a consultation to its first published answers."),
    ),
    "effectiveness": (
        _l("Effectiveness"),
        _l("What people said is answered, all of it."),
        _l("Findings and themes with a published answer, of all that ask for one."),
    ),
    "responsiveness": (
        _l("Responsiveness"),
        _l("What people write is looked at soon."),
        _l("Days from the arrival, edit or flag of a contribution to a moderator's decision."),
    ),
    "accountability": (
        _l("Accountability"),
        _l("Every deed stands on a record that nobody can change unseen."),
        _l("Ledger entries that are sealed into the chain, of all that are older than an hour."),
    ),
    "transparency": (
        _l("Transparency"),
        _l("No analysis is made and kept back."),
        _l("Analyses whose end is on record, failed ones included, of all that were asked for."),
    ),
    "rule_of_law": (
        _l("Rule of law"),
        _l("People get the advised time, or read why not."),
        _l("Closed consultations that were open for 15 days or gave a reason, of all closed ones."),
    ),
    "equity": (
        _l("Equity"),
        _l("Those who take part are like those who live here."),
        _l(
            "Parts of the people that took part at 80% or more of their share in the population, "
            "of all parts for which both are known."
        ),
    ),
    "decentralization": (
        _l("Decentralisation"),
        _l("Matters are heard where they are at home."),
        _l("Consultations about one province, of all."),
    ),
    "consensus": (
        _l("Participation and striving for consensus"),
        _l("Agreement that reaches across groups is looked for and found."),
        _l("Statements on which all opinion groups lean the same way, of all that were voted on."),
    ),
    "ethics": (
        _l("Morality and ethics"),
        _l("Nobody decides alone what binds the public."),
        _l("Publications on the ledger by an approver besides the author, of all publications."),
    ),
}

#: Names of the principles, to be merged into the names of all enumerations.
SCORECARD_NAMES: dict[str, dict[str, object]] = {
    "principle": {code: words[0] for code, words in SCORECARD.items()}
}
