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
    "map_sample": _l("The map draws an even sample of the people, so that it stays readable."),
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
