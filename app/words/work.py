"""Names of the preparation's steps, of imports, and of work that takes its time."""

from flask_babel import lazy_gettext as _l

WORK_NAMES: dict[str, dict[str, object]] = {
    "prepare_step": {
        "kind": _l("Kind of consultation"),
        "basics": _l("What people should know"),
        "dates": _l("Dates"),
        "draft": _l("The draft"),
        "participation": _l("Taking part"),
        "hearing": _l("Law-hearing form"),
        "stakeholders": _l("Those affected and their notices"),
        "check": _l("Check and send for review"),
    },
    "prepare_hint": {
        "kind": _l("It decides the rules and the first words."),
        "basics": _l("Titles, summary, what can change, and who is affected."),
        "dates": _l("Opening, closing, and when the agency answers."),
        "draft": _l("Import the text and check how it is split."),
        "participation": _l("Moderation, and statements to vote on."),
        "hearing": _l("Problem, principles, impacts and questions, as the kind asks for."),
        "stakeholders": _l("Groups and organisations, and how each is told."),
        "check": _l("Everything on one page, before an approver sees it."),
    },
    "work_title": {
        "analysis.run": _l("Analysis"),
        "draft.read": _l("Reading a document"),
        "data.export": _l("Packing the data"),
        "report.make": _l("Writing the results report"),
        "offline.import": _l("Taking in a file of responses"),
    },
    "work_next": {
        "analysis.run": _l("When it is done, the results page shows it and the summary can begin."),
        "draft.read": _l(
            "When it is done, you check how the document is split. Nothing is saved before."
        ),
        "data.export": _l("When it is done, you download one file. It is kept for 7 days."),
        "report.make": _l(
            "When it is done, you read the report. A second person publishes it after that."
        ),
        "offline.import": _l("When it is done, the responses count and get their receipts."),
    },
    "work_result": {
        "analysis.run": _l("See the analysis"),
        "draft.read": _l("Check the split"),
        "data.export": _l("Download the file"),
        "report.make": _l("Read the report"),
        "offline.import": _l("See the file"),
    },
    "work_state": {
        "queued": _l("Waiting for its turn"),
        "running": _l("Under way"),
        "done": _l("Done"),
        "dead": _l("Failed"),
        "cancelled": _l("Cancelled"),
    },
    "work_step": {
        "": _l("Starting"),
        "opinions": _l("Looking for opinion groups"),
        "themes": _l("Looking for themes"),
        "summary": _l("Writing the summary"),
        "picture": _l("Drawing the picture"),
        "reading": _l("Reading the document"),
        "splitting": _l("Splitting it into clauses"),
        "recording": _l("Making responses count"),
        "collecting": _l("Collecting what is published"),
        "writing": _l("Writing the files"),
        "wording": _l("Putting it into words"),
        "docx": _l("Writing the Word document"),
        "pdf": _l("Drawing the PDF"),
    },
    "import_loss": {
        "tables": _l("Tables"),
        "footnotes": _l("Footnotes"),
        "images": _l("Pictures"),
        "deletions": _l("Tracked deletions"),
        "insertions": _l("Tracked insertions"),
        "remarks": _l("Remarks in the margin"),
    },
    "import_loss_meaning": {
        "tables": _l(
            "Each row became one line, its cells divided by “|”. Read these lines again: a wide "
            "table is better attached as a document."
        ),
        "footnotes": _l(
            "Their words were left out. If they matter, write them into the clause that they "
            "belong to."
        ),
        "images": _l("They were left out. Describe in words what people need to know from them."),
        "deletions": _l("What was marked as deleted is left out."),
        "insertions": _l("What was marked as inserted is taken as text."),
        "remarks": _l("They were left out; nobody sees them."),
    },
    "phase": {
        "preparing": _l("Being prepared"),
        "taking": _l("Announced and open"),
        "working": _l("Closed, being answered"),
        "ended": _l("Ended"),
    },
    "agenda": {
        "answers_overdue": _l("Answers are overdue"),
        "answers_due": _l("Answers are due"),
        "approve_publication": _l("Decide on publication"),
        "approve_answers": _l("Answers wait for your approval"),
        "approve_summary": _l("A summary waits for your approval"),
        "approve_draft": _l("The next draft waits for your approval"),
        "closing_soon": _l("Closes soon"),
        "check_over": _l("The check of the summary is over: begin the answers"),
        "dissents_to_answer": _l("Dissents from the summary have no answer"),
        "analysis_done": _l("The analysis is done: prepare the summary"),
        "analysis_needed": _l("Closed: run the analysis"),
        "answers_to_write": _l("Items wait for an answer"),
        "check_import": _l("An import waits for your check"),
        "finish_preparing": _l("Finish the preparation"),
        "decide_motion": _l("A proposal waits for your decision"),
        "waiting_for_second": _l("Waits for a second person"),
    },
}

#: Sentences for the error codes of long work, to be merged into all.
WORK_PROBLEMS: dict[str, object] = {
    "work.to_the_end": _l(
        "Two people have confirmed these responses: they are taken in to the end."
    ),
    "work.not_yours": _l("Only the person who imports this document can do that."),
    "work.unexpected": _l(
        "Something failed on our side, several times. Try again; if it fails again, tell the "
        "people who run the site."
    ),
    "work.unknown": _l("There is no such work, or it is no longer kept."),
    "work.worker_lost": _l(
        "The program that did the work stopped each time, so it is not tried again by itself. "
        "Often the document or the data is too large. Try again, or tell the people who run the "
        "site."
    ),
}
