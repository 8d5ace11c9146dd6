"""Sentences for the errors of building and checking a summary, by their codes."""

from flask_babel import lazy_gettext as _l

#: Why a wording of a sentence is refused: what the evidence has there, and what the wording has.
_WORDINGS: dict[str, object] = {
    "wording.side": _l(
        "The wording turns a side round or moves it: the evidence has “%(expected)s” there, the "
        "wording has “%(found)s”."
    ),
    "wording.number": _l(
        "A number is not that of the evidence, or not in its place: the evidence has "
        "“%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.group": _l(
        "A group is not that of the evidence, or not in its place: the evidence has "
        "“%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.negation": _l(
        "A negation is added or taken away: the evidence has “%(expected)s” there, the wording has "
        "“%(found)s”."
    ),
    "wording.amount": _l(
        "The wording says how many in another way than the evidence: the evidence has "
        "“%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.hedge": _l(
        "The wording makes it more or less certain than the evidence: the evidence has "
        "“%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.claim": _l(
        "The wording claims a cause or casts a doubt that the evidence does not have: the evidence "
        "has “%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.unit": _l(
        "People, comments, votes and statements must stay what they are: the evidence has "
        "“%(expected)s” there, the wording has “%(found)s”."
    ),
    "wording.quote": _l("Quoted words must stay exactly as they are, each as often as before."),
    "wording.language": _l("Write the wording in the language of this box."),
    "wording.marks": _l(
        "There are letters or marks that do not belong there, such as hidden characters or single "
        "quotation marks. Type the wording anew."
    ),
    "wording.length": _l("The wording is much shorter or longer than the sentence."),
}

CHECK_PROBLEMS: dict[str, object] = {
    **_WORDINGS,
    "check.not_open_yet": _l("The summary cannot be checked yet."),
    "check.over": _l(
        "The time to check the summary is over. What you sent was not saved; copy it if you want "
        "to keep it."
    ),
    "check.take_part_first": _l(
        "Only those who voted or wrote in this consultation can check its summary."
    ),
    "consultation.check_days": _l("Give people between %(least)s and %(most)s full days."),
    "dissent.no_answer": _l("There is no answer to publish yet."),
    "dissent.settled": _l("A moderator has hidden what you wrote, so it can no longer be changed."),
    "dissent.too_many_edits": _l(
        "It can be changed %(maximum)s times. Withdraw it and write anew."
    ),
    "dissent.unknown_group": _l("There are no such dissents."),
    "finding.at_the_end": _l("The sentence stands at that end of its section already."),
    "finding.not_contested": _l("Only a contested sentence can be put to a second vote."),
    "second_vote.begun": _l("The second vote on this sentence has begun already."),
    "second_vote.days": _l("Choose between %(least)s and %(most)s full days."),
    "second_vote.over": _l("This vote is over."),
    "second_vote.same": _l("This is the wording that people have contested. Write another."),
    "second_vote.unknown": _l("There is no new wording to vote on."),
    "verdict.unknown": _l("Choose one of the answers."),
}
