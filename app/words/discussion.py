"""What people read in the discussion: orders with their explanation, and filters."""

from flask_babel import lazy_gettext as _l

#: One sentence for each order: what comes first, and why.
ORDER_EXPLANATIONS: dict[str, object] = {
    "bridging": _l(
        "First come comments that people from every opinion group support, by the latest analysis; "
        "support from one group alone counts for little."
    ),
    "recent": _l("The newest comments come first."),
    "oldest": _l("The oldest comments come first."),
    "supported": _l("Comments that most people support come first."),
    "unanswered": _l(
        "Comments that the agency has not answered come first, the longest waiting in front."
    ),
    "random": _l("A random order of your own: every comment has the same chance to come first."),
}

#: To be merged into the names of all enumerations.
DISCUSSION_NAMES: dict[str, dict[str, object]] = {
    "order": {
        "recent": _l("Newest first"),
        "bridging": _l("Shared across groups"),
        "supported": _l("Most supported"),
        "unanswered": _l("Not answered yet"),
        "random": _l("Random"),
        "oldest": _l("Oldest first"),
    },
    "answered": {
        "yes": _l("Answered by the agency"),
        "no": _l("Not answered yet"),
    },
    "stub": {
        "hidden": _l("A moderator has hidden what stood here."),
        "held": _l("A moderator holds back what stood here until it is decided."),
        "withdrawn": _l("Its author has withdrawn what stood here."),
        "pending": _l("Only you see this. A moderator reads it before it appears."),
    },
}
