"""Names and sentences of the theme workbench."""

from flask_babel import lazy_gettext as _l

THEME_NAMES: dict[str, dict[str, object]] = {
    "theme_origin": {
        "machine": _l("Machine suggestion"),
        "person": _l("Placed by a person"),
        "both": _l("Confirmed by a person"),
    },
    "theme_drift": {
        "new": _l("New in this analysis"),
        "kept": _l("As in the analysis before"),
        "split": _l("Split off from an earlier one"),
        "merged": _l("Merged from earlier ones"),
    },
    "theme_change": {
        "adopted": _l("Chosen from the machine's themes"),
        "created": _l("Made by hand"),
        "worded": _l("Worded anew"),
        "pinned": _l("Held together in later analyses"),
        "unpinned": _l("No longer held together"),
        "merged": _l("Merged into another theme"),
        "split": _l("Comments split off into a new theme"),
        "moved": _l("Comments moved to another theme"),
        "taken_out": _l("Comments taken out"),
        "taken_in": _l("New comments taken in"),
        "dropped": _l("Chosen no longer"),
        "set_aside": _l("Machine theme set aside"),
        "shown": _l("Chosen themes shown to everyone"),
        "unshown": _l("The machine's themes shown again"),
        "undone": _l("Undone"),
    },
    "theme_sort": {
        "move": _l("Move them to another theme"),
        "split": _l("Split them off into a new theme"),
        "take_out": _l("Take them out: they do not belong here"),
    },
}

THEME_PROBLEMS: dict[str, object] = {
    "theme.change_unknown": _l("There is no such entry in the history."),
    "theme.changed_meanwhile": _l(
        "Somebody changed this theme while you had the page open. It is shown as it is now; what "
        "you typed is kept. Check it and send it again."
    ),
    "theme.changed_since": _l(
        "The themes were changed again since then. Undo the newer change first."
    ),
    "theme.choose_comments": _l("Choose at least one comment that stands in this theme."),
    "theme.choose_other": _l("Choose another theme."),
    "theme.choose_read": _l("Save the themes that you chose, say that you are unsure, or skip it."),
    "theme.chosen_already": _l("Somebody has already decided on this theme."),
    "theme.gone": _l("This theme is not there any more: it was merged or is no longer chosen."),
    "theme.made_by_hand": _l("Only a theme that the machine found can be held together."),
    "theme.none_chosen": _l("No theme is chosen yet. Choose or make one first."),
    "theme.nothing_new": _l("The machine has found nothing new for this theme."),
    "theme.read_meanwhile": _l(
        "Somebody else read this comment while you had the page open. Your choice is kept below. "
        "Send it again if it should stand in place of theirs, or go on to the next comment."
    ),
    "theme.shown_already": _l("That is how it is shown already."),
    "theme.undone_already": _l("This is undone already, or cannot be undone."),
    "theme.word_on_workbench": _l(
        "This theme was chosen on the workbench. Word it there, then prepare the summary again."
    ),
}
