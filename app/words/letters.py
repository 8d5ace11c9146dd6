"""What letters say about each kind of news, and the names of kinds and channels in the settings."""

from flask_babel import lazy_gettext as _l

from core.mailing.kinds import NewsKind

#: Subject of a letter about one piece of news; %(title)s is the consultation's.
SUBJECTS: dict[NewsKind, object] = {
    NewsKind.OPENED: _l("Open for comments: %(title)s"),
    NewsKind.CLOSING: _l("Closes soon: %(title)s"),
    NewsKind.DEADLINE: _l("More time: %(title)s"),
    NewsKind.SUMMARY: _l("A summary to check: %(title)s"),
    NewsKind.ANSWERS: _l("The agency has answered: %(title)s"),
    NewsKind.DRAFT: _l("New draft: %(title)s"),
    NewsKind.RESULTS: _l("Results are out: %(title)s"),
    NewsKind.REPORT: _l("Results report published: %(title)s"),
    NewsKind.COMMITMENT: _l("News of a commitment: %(title)s"),
    NewsKind.GROUP: _l("News of a working group: %(title)s"),
    NewsKind.REVIEW: _l("Waits for approval: %(title)s"),
    NewsKind.QUEUE: _l("Contributions wait for a moderator"),
    NewsKind.OVERDUE: _l("Answers are due: %(title)s"),
    NewsKind.PROMISE: _l("A commitment is due: %(title)s"),
}

#: What happened, in a sentence; %(day)s is the day that matters for it.
SENTENCES: dict[NewsKind, object] = {
    NewsKind.OPENED: _l("You can comment and vote until %(day)s."),
    NewsKind.CLOSING: _l("The last day to comment and vote is %(day)s."),
    NewsKind.DEADLINE: _l("The closing day was moved; you can now comment and vote until %(day)s."),
    NewsKind.SUMMARY: _l(
        "The summary of what people said is published. If you voted or wrote, you can say until "
        "%(day)s whether it reflects you."
    ),
    NewsKind.ANSWERS: _l("The agency has published its answers, each with its reason."),
    NewsKind.DRAFT: _l("A new draft is published. See what changed, why, and because of whom."),
    NewsKind.RESULTS: _l("The consultation is concluded. See what changed, what did not, and why."),
    NewsKind.REPORT: _l(
        "What was said, what was used and what was not, with reasons, in one document."
    ),
    NewsKind.COMMITMENT: _l(
        "The agency has made a commitment, or reports on one or on what became of the law."
    ),
    NewsKind.GROUP: _l("A working group was founded, met, or decided on a proposal."),
    NewsKind.REVIEW: _l("An officer of your agency has sent it for review."),
    NewsKind.QUEUE: _l("Some contributions have waited for more than a day."),
    NewsKind.OVERDUE: _l("Your agency has promised its answers by %(day)s."),
    NewsKind.PROMISE: _l("A commitment of your agency is due soon or late. Report how far it is."),
}

#: Words of the link to where it can be seen.
ACTIONS: dict[NewsKind, object] = {
    NewsKind.OPENED: _l("Take part"),
    NewsKind.CLOSING: _l("Take part"),
    NewsKind.DEADLINE: _l("Take part"),
    NewsKind.SUMMARY: _l("Read and check the summary"),
    NewsKind.ANSWERS: _l("Read the answers"),
    NewsKind.DRAFT: _l("Read the new draft"),
    NewsKind.RESULTS: _l("See the results"),
    NewsKind.REPORT: _l("Read the report"),
    NewsKind.COMMITMENT: _l("See the commitments"),
    NewsKind.GROUP: _l("See the working groups"),
    NewsKind.REVIEW: _l("Review it"),
    NewsKind.QUEUE: _l("Open the queue"),
    NewsKind.OVERDUE: _l("Open the workspace"),
    NewsKind.PROMISE: _l("Report on it"),
}

NEWS_NAMES: dict[str, dict[str, object]] = {
    "news": {
        "own.decided": _l("A moderator decides on my contribution"),
        "own.answered": _l("The agency answers what I said"),
        "own.quoted": _l("A summary quotes me"),
        "own.changed": _l("The draft changes because of what I said"),
        "followed.opened": _l("It opens for comments"),
        "followed.closing": _l("It closes in three days"),
        "followed.deadline": _l("The closing day is moved"),
        "followed.summary": _l("A summary is ready to be checked"),
        "followed.answers": _l("The agency has answered"),
        "followed.draft": _l("A new draft is published"),
        "followed.results": _l("The results are out"),
        "followed.report": _l("The results report is published"),
        "followed.commitment": _l("The agency reports on a commitment or on the law"),
        "followed.group": _l("A working group meets or decides"),
        "staff.review": _l("A consultation of my agency waits for approval"),
        "staff.queue": _l("Contributions have waited for a moderator for more than a day"),
        "staff.overdue": _l("Promised answers are due or late"),
        "staff.promise": _l("A commitment to the public is due or late"),
    },
    "channel": {
        "site": _l("On this site only"),
        "at_once": _l("E-mail soon after it happens"),
        "daily": _l("E-mail once a day"),
        "weekly": _l("E-mail once a week"),
        "none": _l("Not at all"),
    },
}
