"""What people read about results: sections, states of runs and answers, limits of the method."""

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

#: What a reader must know before trusting the figures, by the codes of the picture.
LIMITS: dict[str, object] = {
    "self_selected": _l(
        "People chose for themselves to take part. The figures speak of them, not of everyone who "
        "lives here."
    ),
    "few_voters": _l(
        "Fewer than 30 people have voted. A few more votes can change every figure on this page."
    ),
    "no_groups": _l("Too few people have voted on enough statements to look for opinion groups."),
    "one_group": _l("The votes show no separate opinion groups: people answer much alike."),
    "unstable_groups": _l(
        "The groups are not stable: with slightly different voters they would look different. Read "
        "them with care."
    ),
    "map_flat": _l(
        "The map squeezes many answers into two directions. People who stand near each other voted "
        "alike on the whole, not on every statement."
    ),
    "map_density": _l(
        "So many people voted that the map shows how dense they stand: a larger mark stands for "
        "more people."
    ),
    "themes_by_words": _l(
        "Themes are found by the words that comments use. Comments for and against the same thing "
        "can stand in one theme, and the machine can be wrong about single comments."
    ),
    "languages_apart": _l(
        "Comments in different languages are grouped separately, even where they say the same."
    ),
    "comments_not_people": _l(
        "The number of comments on a subject does not tell how many people hold an opinion: one "
        "person can write several comments, and most people write none."
    ),
}

#: To be merged into the names of all enumerations.
RESULT_NAMES: dict[str, dict[str, object]] = {
    "limit": LIMITS,
    "section": {
        "participation": _l("Who took part"),
        "common_ground": _l("Common ground"),
        "differences": _l("Where opinions differ"),
        "themes": _l("What people wrote about"),
        "minority": _l("Small but distinct voices"),
        "campaigns": _l("Comments made from one template"),
        "too_few": _l("Too few to say"),
    },
    "run_state": {
        "queued": _l("Waiting to start"),
        "running": _l("Running"),
        "done": _l("Finished"),
        "failed": _l("Failed"),
    },
    "run_step": {
        "": _l("Waiting to start"),
        "opinions": _l("Looking for opinion groups in the votes"),
        "themes": _l("Looking for themes in the comments"),
        "summary": _l("Writing sentences and checking each against its evidence"),
        "picture": _l("Drawing the results"),
    },
    "response_state": {
        "working": _l("Waits for approval"),
        "approved": _l("Approved"),
        "published": _l("Published"),
    },
    "item_kind": {
        "finding": _l("Finding"),
        "theme": _l("Theme"),
        "comment": _l("Comment with proposed wording"),
    },
    "quote_role": {
        "typical": _l("Typical"),
        "different": _l("Another view"),
        "bridging": _l("Found agreement in all groups"),
    },
    "link_reason": {
        "clause": _l("both are about the same clause"),
        "passage": _l("both quote the same passage"),
        "number": _l("both name the same numbers"),
        "term": _l("both use the same terms"),
        "people": _l("some people wrote in both"),
    },
    "question": {
        "age": _l("Age"),
        "region": _l("Where you live"),
        "gender": _l("Gender"),
    },
    "age": {
        "under_18": _l("Under 18"),
        "18_29": _l("18 to 29"),
        "30_44": _l("30 to 44"),
        "45_59": _l("45 to 59"),
        "60_up": _l("60 and over"),
    },
    "region": {
        "bangkok": _l("Bangkok"),
        "central": _l("Central region"),
        "north": _l("North"),
        "northeast": _l("Northeast"),
        "south": _l("South"),
        "abroad": _l("Abroad"),
    },
    "gender": {
        "woman": _l("Woman"),
        "man": _l("Man"),
        "another": _l("Another gender, or in other words"),
    },
    "weighting": {
        "no_population": _l(
            "No figures on who lives here have been given for this consultation, so nothing is "
            "weighted."
        ),
        "few_answers": _l(
            "Fewer than 30 voters have told something about themselves. Weighted figures from so "
            "few would mislead, so none are shown."
        ),
        "small_cells": _l(
            "Too few people took part from some part of the population. No weight can speak for "
            "people who are not there, so no weighted figures are shown. Too few took part from:"
        ),
        "weights": _l(
            "To match the population some people would have to count for more than five, or less "
            "than a fifth, of a person. That would mislead, so no weighted figures are shown."
        ),
    },
    "report_file": {
        "report-th.pdf": _l("PDF in Thai"),
        "report-en.pdf": _l("PDF in English"),
        "report-th.docx": _l("Word document in Thai"),
        "report-en.docx": _l("Word document in English"),
        "report.json": _l("The whole report for machines (JSON)"),
        "dispositions.csv": _l("All answers with their reasons (CSV)"),
        "counts.csv": _l("All counts (CSV)"),
        "contributions.csv": _l("What became of each published contribution (CSV)"),
    },
    "file": {
        "votes.csv": _l("Every vote, without names"),
        "statements.csv": _l("Statements that were put to the vote"),
        "statement-votes.csv": _l("Counts of votes by statement and opinion group"),
        "comments.csv": _l("Published comments"),
        "ratification.csv": _l("What participants say to the summary, by sentence and group"),
        "days.csv": _l("People, comments and votes by day"),
        "opinions.json": _l("Report of the vote analysis"),
        "themes.json": _l("Report of the comment analysis"),
        "manifest.json": _l("List of all files with their SHA-256, engine and parameters"),
    },
    "column": {
        "participant": _l("Label made for this file; it leads back to nobody"),
        "statement": _l("Code of the statement"),
        "choice": _l("1 agree, -1 disagree, 0 unsure; no row: not seen"),
        "text": _l("The words as they are published"),
        "language": _l("Language code; und: not known"),
        "origin": _l("participant, agency or imported"),
        "group": _l("all, or the number of the opinion group (0 is group A)"),
        "sentence": _l("Place of the sentence in the summary, from 0; whole: all of it"),
        "reflects": _l("People who say that it reflects them"),
        "misses": _l("People who say that it misses them"),
        "wrong": _l("People who say that it is wrong"),
        "answered": _l("People who answered; empty: fewer than five, or needed to keep them back"),
        "contested": _l("1 if the sentence is contested, else 0"),
        "agree": _l("Number of votes for agree"),
        "disagree": _l("Number of votes for disagree"),
        "pass": _l("Number of votes for unsure"),
        "seen": _l("All votes on the statement"),
        "share": _l("Estimated share that agrees, from 0 to 1"),
        "low": _l("Lower end of the range of the share"),
        "high": _l("Upper end of the range of the share"),
        "comment": _l("Code of the comment"),
        "stance": _l("support, oppose, unsure or empty"),
        "channel": _l("How it came: on the site, on paper, by telephone or at a meeting"),
        "author": _l("Label of the author, another one than for votes"),
        "clause": _l("Key of the clause in the draft; empty: the draft as a whole"),
        "day": _l("Day in Bangkok"),
        "participants": _l("People who joined on this day"),
        "comments": _l("Published comments of this day"),
        "votes": _l("Votes cast, or last changed, on this day"),
    },
    "verdict": {
        "reflects": _l("Reflects me"),
        "misses": _l("Misses me"),
        "wrong": _l("Is wrong"),
    },
    "side": {"agree": _l("Agree"), "disagree": _l("Disagree")},
}

#: Colours of the tags of dispositions; they repeat what the words say.
DISPOSITION_COLOURS = {
    "accepted": "green",
    "partly": "blue",
    "not_accepted": "red",
    "already_covered": "purple",
    "out_of_scope": "grey",
}


def group_name(group: int | str) -> str:
    """Return what an opinion group is called: its letter, in the order of the report."""
    return _("Group %(letter)s", letter=chr(ord("A") + int(group)))


def answerers_name(group: str) -> str:
    """Return what those are called who answered the check of a summary: all, or of a group."""
    names = {"all": _("Everyone who answered"), "none": _("Without a clear group")}
    return names.get(group) or group_name(group)


def listed_name(language: str) -> str:
    """Return what the comments in a language are called in which too few wrote to find themes."""
    locale = get_locale()
    known = locale.languages.get(language) if locale and language != "und" else None
    if known is None:
        return _("Comments in other languages, listed without themes")
    return _("Comments in %(language)s, listed without themes", language=known)


def stability_words(stability: float | None) -> str:
    """Return how far a group can be trusted to look the same with slightly different voters."""
    if stability is None:
        return _("Stability not measured")
    if stability >= 0.8:
        return _("Stable")
    if stability >= 0.6:
        return _("Fairly stable")
    return _("Not stable: read with care")
