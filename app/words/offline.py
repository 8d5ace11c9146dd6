"""Names and sentences of what is said on paper, by telephone or at a meeting."""

from flask_babel import lazy_gettext as _l

OFFLINE_NAMES: dict[str, dict[str, object]] = {
    "channel_of": {
        "participant": _l("On this site"),
        "paper": _l("On paper"),
        "phone": _l("By telephone"),
        "meeting": _l("At a meeting"),
    },
    "offline_state": {
        "waiting": _l("Waits for a second person"),
        "returned": _l("Given back"),
        "confirmed": _l("Counts"),
        "rejected": _l("Rejected"),
    },
    "batch_state": {
        "preview": _l("Preview"),
        "waiting": _l("Waits for a second person"),
        "importing": _l("Being taken in"),
        "done": _l("Counts"),
        "rejected": _l("Rejected"),
    },
}

OFFLINE_PROBLEMS: dict[str, object] = {
    "clause.unknown_here": _l(
        "The draft has no such clause. Write its number as printed, or its key from the table; "
        "leave it empty for the draft as a whole."
    ),
    "statement.unknown_here": _l("There is no statement %(number)s to vote on any more."),
    "offline.already": _l("This response has been entered before. It is left out."),
    "offline.changed": _l("Somebody has changed this response since. Look at it again."),
    "offline.channel": _l("Say how it came: paper, phone or meeting."),
    "offline.consent": _l(
        "Without the person's consent nothing can be entered. Write “yes” if it is on the form."
    ),
    "offline.copies": _l("Print between 1 and %(maximum)s forms at a time."),
    "offline.date": _l(
        "Give the day on the paper, such as 2026-11-21 or 21/11/2569. It lies in the time in which "
        "the consultation takes comments, and not in the future."
    ),
    "offline.declare_earlier": _l("The last day of entering is declared before the closing."),
    "offline.form_unknown": _l("No form with this number has been printed."),
    "offline.form_used": _l("The form with this number is entered already."),
    "offline.handed_on": _l("This file has been handed on already."),
    "offline.in_batch": _l("This response is part of a file, which is checked as a whole."),
    "offline.none_taken": _l("No response of the file can be taken. Mend it and upload it again."),
    "offline.nothing": _l("Enter a comment, or at least one vote."),
    "offline.returned": _l("It was given back and has to be corrected first."),
    "offline.same_file": _l("This very file is here already. Open it in the list."),
    "offline.scan_missing": _l("Add a scan or a photo of the paper: the second person compares."),
    "offline.settled": _l("This is decided already."),
    "offline.too_late": _l(
        "The time for entering is over: the declared day has passed, or the analysis is made."
    ),
    "offline.too_many": _l("A response has at most %(maximum)s comments."),
    "offline.two_only": _l("Scan and slip are only for the two people who entered and checked it."),
    "offline.unknown": _l("There is no such response."),
    "offline.until": _l(
        "Choose a day between the closing and %(maximum)s days after it, or leave it empty."
    ),
    "scan.damaged": _l("The file is damaged. Scan the page again."),
    "scan.kind": _l("Take a PNG, JPEG or WebP picture, or a PDF file."),
    "scan.too_large": _l("A page may have at most %(megabytes)s MB."),
    "scan.too_many": _l("A response has at most %(maximum)s pages."),
    "scan.unsafe": _l(
        "This file holds more than a page: scripts, links, a password or far too many dots. "
        "Save it as a plain picture."
    ),
    "sheet.cell_too_long": _l("Row %(row)s has a cell of more than %(maximum)s characters."),
    "sheet.columns": _l(
        "The first row must name the columns of the table to fill in, each once. Missing: "
        "%(missing)s. Not known: %(unknown)s."
    ),
    "sheet.empty": _l("The file has no rows below the names of the columns."),
    "sheet.formula": _l("The cell holds a formula. Put its value there instead."),
    "sheet.kind": _l("Take a file that ends in .csv or .xlsx."),
    "sheet.too_large": _l("The file may have at most %(megabytes)s MB."),
    "sheet.too_many_rows": _l("A file has at most %(maximum)s rows. Divide it into several."),
    "slip.matched": _l("This code has been used for that already. Your votes count once."),
    "slip.not_counted": _l(
        "There is nothing here yet, or no more: the office has not finished entering it, or it was "
        "erased."
    ),
    "slip.take_part_first": _l(
        "You have not taken part on the site in this consultation, so nothing counts twice."
    ),
    "slip.unknown": _l(
        "No response that has been entered has this code. Check each character; if you handed your "
        "form in a short while ago, the office may not have entered it yet."
    ),
}
