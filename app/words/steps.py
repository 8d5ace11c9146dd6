"""What each step of a consultation's life brings about, said before someone takes it."""

from flask_babel import lazy_gettext as _l

STEP_NAMES: dict[str, dict[str, object]] = {
    "step_effect": {
        "submit": _l(
            "An approver of your agency, someone other than you, decides on publication. Until "
            "then nothing in it can be changed."
        ),
        "send_back": _l(
            "The consultation goes back to preparation. Only your agency sees the reason."
        ),
        "approve": _l(
            "The page and the draft become public at once. Comments and votes are taken from the "
            "announced opening."
        ),
        "open": _l("The consultation opens by itself at the announced time."),
        "extend": _l("People have more time. Everyone sees the new closing date and the reason."),
        "close": _l("Comments and votes stop at once. Everyone sees the reason."),
        "summarise": _l("You run the analysis and prepare the summary from it."),
        "ratify": _l(
            "Everyone who voted or wrote can say, for the announced days, whether the published "
            "summary reflects them. Those who follow the consultation are told."
        ),
        "answer": _l(
            "The agency answers item by item. What participants said to the summary is counted "
            "and shown to everyone."
        ),
        "next_round": _l(
            "People can comment and vote again, on the new draft, from the opening that you name."
        ),
        "conclude": _l("The consultation ends. The page, the answers and the data stay public."),
        "monitor": _l("The page shows that the agency follows up on what it promised."),
        "archive": _l("The consultation moves to the archive. Everything stays readable."),
    },
}
