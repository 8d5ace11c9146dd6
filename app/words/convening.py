"""Names of where a consultation stands, what happened to it, and what its agency does next."""

from flask_babel import lazy_gettext as _l

CONVENING_NAMES: dict[str, dict[str, object]] = {
    "standing": {
        "closing_soon": _l("Closing soon"),
        "open_now": _l("Open now"),
        "opens_soon": _l("Opens soon"),
        "results_out": _l("Results out"),
        "in_summary": _l("Being summarised"),
        "concluded": _l("Concluded"),
    },
    "happened": {
        "submit": _l("Sent for review"),
        "send_back": _l("Sent back to be reworked"),
        "approve": _l("Publication approved"),
        "open": _l("Opened for comments and votes"),
        "extend": _l("Closing date moved back"),
        "close": _l("Closed"),
        "summarise": _l("Work on the summary began"),
        "ratify": _l("Summary published for checking"),
        "answer": _l("Work on the answers began"),
        "next_round": _l("Another round announced"),
        "conclude": _l("Concluded"),
        "monitor": _l("Follow-up began"),
        "archive": _l("Archived"),
    },
    "next": {
        "prepare": _l("Finish preparing it and send it for review"),
        "review": _l("An approver has to decide on publication"),
        "wait_for_opening": _l("Nothing to do: it opens by itself"),
        "wait_for_closing": _l("Read what comes in; it closes by itself"),
        "summarise": _l("Run the analysis and begin the summary"),
        "publish_summary": _l("Finish the summary and publish it"),
        "open_checking": _l("Open the published summary for checking"),
        "answer": _l("Begin the answers once people have checked the summary"),
        "respond": _l("Answer the items that wait"),
        "conclude": _l(
            "Everything is answered: finish the next draft where the text changes, then "
            "conclude or open another round"
        ),
        "follow_up": _l("Follow up on what was promised"),
        "nothing": _l("Nothing to do"),
    },
}
