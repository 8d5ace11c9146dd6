"""What followers and readers of feeds are told, by code: a headline and a sentence."""

from flask_babel import lazy_gettext as _l

#: The headline names the consultation; the sentence stands for itself.
NEWS: dict[str, tuple[object, object]] = {
    "consultation.announced": (
        _l("Announced: %(title)s"),
        _l("The draft is public. Comments and votes are taken from the announced day."),
    ),
    "consultation.opened": (
        _l("Open now: %(title)s"),
        _l("You can comment and vote."),
    ),
    "consultation.extended": (
        _l("More time: %(title)s"),
        _l("The closing day was moved back; the reason stands on the page."),
    ),
    "consultation.closing_soon": (
        _l("Closing soon: %(title)s"),
        _l("These are the last days to comment and vote."),
    ),
    "consultation.closed": (
        _l("Closed: %(title)s"),
        _l("Comments and votes are no longer taken. The summary comes next."),
    ),
    "consultation.results_out": (
        _l("Summary published: %(title)s"),
        _l("Read what people share and where they differ, and check it."),
    ),
    "summary.second_vote": (
        _l("A second vote: %(title)s"),
        _l("A contested sentence has a new wording. Those who took part vote on it."),
    ),
    "response.published": (
        _l("Answered: %(title)s"),
        _l("The agency has answered point by point, each with its reason."),
    ),
    "draft.published": (
        _l("New draft: %(title)s"),
        _l("A new draft is published. See what changed, why, and because of whom."),
    ),
    "consultation.next_round": (
        _l("Another round: %(title)s"),
        _l("You can soon comment and vote again, on the new draft."),
    ),
    "consultation.concluded": (
        _l("Concluded: %(title)s"),
        _l("The page, the answers and the data stay public."),
    ),
    "report.published": (
        _l("Results report published: %(title)s"),
        _l("What was said, what was used and what was not, with reasons, in one document."),
    ),
    "group.changed": (
        _l("News of a working group: %(title)s"),
        _l("A working group was founded, met, or decided on a proposal."),
    ),
    "commitment.changed": (
        _l("News of a commitment: %(title)s"),
        _l("The agency reports on what it has promised."),
    ),
}


def headline(code: str, title: str) -> str:
    """Return the headline of a piece of news; just the title for a code that is not known."""
    return str(NEWS[code][0]) % {"title": title} if code in NEWS else title


def sentence(code: str) -> str:
    """Return what a piece of news says; nothing for a code that is not known."""
    return str(NEWS[code][1]) if code in NEWS else ""
