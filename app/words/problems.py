"""Sentences for the domain's error codes: what is wrong and how to mend it."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.words.answering import ANSWERING_PROBLEMS
from app.words.checking import CHECK_PROBLEMS
from app.words.commitments import COMMITMENT_PROBLEMS
from app.words.groups import GROUP_PROBLEMS
from app.words.hearing import HEARING_PROBLEMS
from app.words.identity import IDENTITY_PROBLEMS
from app.words.moderation_problems import MODERATION_PROBLEMS
from app.words.motions import MOTION_PROBLEMS
from app.words.offline import OFFLINE_PROBLEMS
from app.words.themes import THEME_PROBLEMS
from app.words.work import WORK_PROBLEMS

PROBLEMS: dict[str, object] = {
    **COMMITMENT_PROBLEMS,
    **GROUP_PROBLEMS,
    **CHECK_PROBLEMS,
    **HEARING_PROBLEMS,
    **IDENTITY_PROBLEMS,
    **OFFLINE_PROBLEMS,
    "account.email_invalid": _l("Enter an e-mail address in the form name@example.com."),
    "account.email_same": _l("This is the address that the account has already."),
    "account.has_roles": _l(
        "Your account works for this site. Ask the administrator to take its roles away first."
    ),
    "account.link_old": _l(
        "This link does not work any more: it was used, is older than 24 hours, or the account has "
        "changed. Ask for a new one in your settings."
    ),
    "account.exists": _l("This e-mail address cannot be registered. If it is yours, sign in."),
    "agency.exists": _l("An agency with this short name exists already."),
    "agency.unknown": _l("There is no such agency."),
    "analysis.none_done": _l("No analysis has finished yet."),
    "analysis.cancelled": _l("Somebody in your agency stopped it."),
    "analysis.crashed": _l(
        "The analysis failed several times on our side. The people who run the site can see why."
    ),
    "analysis.refused": _l("The engine could not use the input."),
    "analysis.running": _l("An analysis is running already. Wait until it has ended."),
    "analysis.unknown": _l("There is no such analysis."),
    "audience.unknown": _l("Choose whether everyone may read it."),
    "approval.approver_needed": _l("Only an approver of the agency can approve this."),
    "approval.second_needed": _l(
        "This takes two people: one proposes it with a reason, an approver decides."
    ),
    "approval.own_work": _l("Someone other than the person who prepared this must approve it."),
    "change.note_required": _l("Choose a response, or explain the agency's own initiative."),
    "challenge.used": _l("This solution has counted already. Solve the new one, or wait."),
    "clause.at_the_end": _l("The clause is at the end already."),
    "clause.empty": _l("Write a heading or a text."),
    "clause.newer_draft": _l(
        "There is a newer draft since. Read the clause there and vote on its present words."
    ),
    "clause.unknown": _l("There is no such clause in the published draft."),
    "comment.repeated": _l("You have already sent exactly this about the clause. It has arrived."),
    "comment.settled": _l("This comment is hidden or withdrawn and can no longer be changed."),
    "comment.too_many_edits": _l(
        "A comment can be changed %(maximum)s times. Withdraw it and write a new one."
    ),
    "consultation.answers_due_too_early": _l(
        "The answers cannot be due before the consultation closes."
    ),
    "consultation.blank_left": _l(
        "Replace every […] that the template left for your own words, or delete it."
    ),
    "consultation.by_clock": _l("A consultation opens by itself at the announced time."),
    "consultation.closed": _l(
        "This consultation is closed. What you wrote was not sent; copy it if you want to keep it."
    ),
    "consultation.closes_not_later": _l("Choose a day later than the present closing date."),
    "consultation.closes_too_early": _l("The closing day must come after the opening."),
    "consultation.closing_needed": _l("Choose the new closing day."),
    "consultation.dates_past": _l(
        "The opening must lie in the future, and the closing after it. Choose new dates."
    ),
    "consultation.exists": _l("A consultation with this short name exists already."),
    "consultation.needs_dates": _l("Say when it opens and when it closes."),
    "consultation.needs_draft": _l(
        "Add a draft with at least one clause that people can comment on."
    ),
    "consultation.needs_new_draft": _l("Publish the next draft before you open another round."),
    "consultation.needs_published_summary": _l("Publish the summary of this round first."),
    "consultation.needs_scope": _l("Say in Thai what can still change and what cannot."),
    "consultation.needs_summary": _l("Write a plain summary in Thai."),
    "consultation.not_open_yet": _l("This consultation is not open yet."),
    "consultation.officer_needed": _l("Only an officer of an agency can create a consultation."),
    "consultation.opens_in_past": _l("Choose an opening in the future."),
    "consultation.other_agency": _l("Only staff of the agency that holds it can do this."),
    "consultation.topic_unknown": _l("Choose a topic from the list."),
    "consultation.province_unknown": _l("Choose a province from the list."),
    "consultation.short_reason_needed": _l(
        "It is open for fewer than %(days)s days. Say why; everyone will see the reason."
    ),
    "consultation.unanswered": _l(
        "Items that must be answered but have no published answer: %(count)s. Answer them, "
        "or give a reason, which everyone will see."
    ),
    "consultation.unknown": _l("There is no such consultation."),
    "consultation.wrong_stage": _l("This cannot be done at the consultation's present stage."),
    "contribution.decided_meanwhile": _l(
        "This contribution changed after you opened it. Look at it again before you decide."
    ),
    "contribution.unknown": _l("There is no such contribution, or it is not shown."),
    "contribution.erased": _l("The words of this contribution are erased already."),
    "contribution.withdrawn": _l("Its author has withdrawn this contribution."),
    "decision.kind_unknown": _l("Choose one of the decisions."),
    "decision.moderators_only": _l("Only moderators can decide on contributions."),
    "decision.no_change": _l("This decision would change nothing. Choose another."),
    "decision.own_agency": _l(
        "You work for the agency that holds this consultation, so you can never moderate it."
    ),
    "decision.own_contribution": _l(
        "You wrote this yourself. Another moderator has to decide on it."
    ),
    "decision.own_flag": _l("You reported this yourself. Another moderator has to decide on it."),
    "document.damaged": _l(
        "The file is damaged. Open it in your word processor and save it again."
    ),
    "document.empty": _l("There is no text in the document."),
    "document.encoding": _l("The text is in an unknown encoding. Save it as UTF-8 and try again."),
    "document.encrypted": _l(
        "The file is protected by a password. Remove the password and try again."
    ),
    "document.kind": _l("Choose a Word document (.docx), Markdown (.md) or plain text (.txt)."),
    "document.macros": _l("The file contains macros. Save it as .docx without macros."),
    "document.missing": _l("Choose a document or paste its text."),
    "document.old_or_protected": _l(
        "The file is in an old Word format or protected. Save it as .docx without a password."
    ),
    "document.overtaken": _l(
        "Someone changed the draft while your document was being read. Check it and import again."
    ),
    "document.too_large": _l("The file is too large. Use at most %(megabytes)s MB."),
    "document.too_long": _l("The document is too long. Import it in parts."),
    "document.unsafe": _l("The file is built in an unsafe way. Save it again as .docx."),
    "draft.change_unexplained": _l("%(count)s changed clauses do not say why they changed."),
    "draft.none_published": _l("No draft is published yet."),
    "draft.published": _l("This draft is published and never changes. Write the next one."),
    "draft.response_unpublished": _l("A response that is named as a reason is not published yet."),
    "draft.unchanged": _l("The draft has the same text as the one before."),
    "draft.unknown": _l("No such draft is published."),
    "export.unknown": _l("There is no such file, or its time is over. Ask for a new one."),
    "finding.unknown": _l("There is no such sentence in the summary."),
    "flag.exists": _l("You have reported this already. A moderator will look at it."),
    "flag.own_contribution": _l("You wrote this yourself. You can withdraw it instead."),
    "form.expired": _l("The form was open for too long. Send it again; nothing is lost."),
    "import.changed": _l(
        "This import was changed in another window. Here is how it stands now; do it again."
    ),
    "import.gone": _l("This import was finished or dropped. Import the document again."),
    "import.malformed": _l("Nothing was imported. %(detail)s"),
    "open_data.being_made": _l(
        "Words were changed or hidden since this file was made. It is being made anew; try again "
        "in a few minutes."
    ),
    "open_data.unknown": _l("There is no such file."),
    "open_votes.too_late": _l(
        "This can be announced only before the consultation opens, because people vote on what was "
        "announced."
    ),
    "import.not_read": _l("The document is still being read. Wait until it is done."),
    "import.nothing_to_undo": _l("There is no mend to take back."),
    "import.unit_unknown": _l("This part is no longer there. Look at the split again."),
    "outline.nothing_before": _l("There is nothing before the first clause."),
    "outline.split_outside": _l("The clause has no such line."),
    "letters.link_unknown": _l(
        "This link is not complete. Copy all of it from the e-mail, or sign in and choose in your "
        "settings what you hear of."
    ),
    "mail.channel_unknown": _l("Choose one of the ways that are offered."),
    "mail.hour_unknown": _l("Choose full hours."),
    "mail.off": _l("This site sends no e-mail at present."),
    "page.bad_request": _l("The request could not be understood."),
    "page.busy": _l("The site is busy. Please try again in a moment."),
    "page.failed": _l("Something failed on our side. What you typed is still in your browser."),
    "page.method": _l("This address cannot be used in that way."),
    **MOTION_PROBLEMS,
    "page.not_allowed": _l("Your account does not have access to this page."),
    "page.too_large": _l("What you sent is too large."),
    "page.unknown": _l("There is no page at this address. It may have moved."),
    "participation.erased": _l(
        "You erased all that you did in this consultation, so you cannot take part in it again: "
        "nobody votes twice."
    ),
    "participation.ended": _l("The link between people and this consultation has been deleted."),
    "participation.own_agency": _l(
        "You work for the agency that holds this consultation, so you take part through its "
        "answers, not by commenting or voting."
    ),
    "following.sign_in": _l("Sign in to follow a consultation."),
    "participation.sign_in": _l("Sign in to take part."),
    "password.too_long": _l("Use a password of at most %(maximum)s characters."),
    "password.too_short": _l("Use a password of at least %(minimum)s characters."),
    "population.malformed": _l("Nothing was changed. %(detail)s"),
    "population.source_required": _l("Say who counted, when, and under which licence."),
    "profile.agree": _l("Nothing is kept unless you agree. Tick the box, or leave the page."),
    "profile.answer_unknown": _l("Choose one of the answers."),
    "profile.take_part_first": _l("These questions are asked after you have voted or commented."),
    "password.wrong": _l("This is not your present password."),
    "quote.empty": _l("Select at least one word."),
    "quote.not_found": _l(
        "The selected words are not in the clause. Select them again, or comment on the whole."
    ),
    "quote.outside": _l(
        "The selected words are not in the clause. Select them again, or comment on the whole."
    ),
    "quote.too_long": _l("Select at most %(maximum)s characters."),
    "receipt.unknown": _l(
        "No receipt has this number. It has 12 letters and digits; check them against your copy."
    ),
    "reason.needed": _l("Give the reason."),
    "reply.repeated": _l("You have already sent exactly this reply. It has arrived."),
    "link.invalid": _l("Enter a full web address, such as https://www.example.go.th/page."),
    "report.being_made": _l(
        "Something changed since the files were made, so they are being made anew. Try again in "
        "a few minutes."
    ),
    "report.file_unknown": _l("There is no such file of this report."),
    "report.no_pdf": _l(
        "This site cannot make PDF files at the moment. Open the report as a page and print it, "
        "or take the Word document."
    ),
    "report.none": _l("There is no edition that waits for publication."),
    "report.not_public": _l("Publish the answers first: the report gives the reasons in them."),
    "report.unknown": _l("There is no such report."),
    "role.agency_needed": _l("Name the agency for this role."),
    "role.agency_not_allowed": _l("This role belongs to no agency."),
    "role.conflict": _l("Moderation and work for an agency cannot be done by the same account."),
    "role.one_agency": _l("An account can work for one agency only."),
    "rule.holds_only": _l("This rule is only for holding. To hide, choose another rule."),
    "rule.needed": _l("Choose the rule that it breaks."),
    "rule.unknown": _l("Choose one of the published rules."),
    "sign_in.wrong": _l("The e-mail address or the password is wrong."),
    "slug.invalid": _l("Use small letters a to z, digits and hyphens only."),
    "slug.taken": _l("Another consultation has this address. Choose another one."),
    "stance.unknown": _l("Choose support, oppose or unsure."),
    "statement.exists": _l("People are voting on this statement already. Vote on it below."),
    "statement.unknown": _l("There is no such statement, or it is not published."),
    "statement.waiting": _l("Someone has proposed this already. It waits for a moderator."),
    "summary.published": _l("The summary is published and can no longer be changed."),
    "summary.reason_required": _l(
        "Say why the sentence is left out. Everyone will see the reason."
    ),
    "summary.run_not_done": _l("Only a finished analysis can be summarised."),
    "summary.run_too_early": _l(
        "This analysis was made before the consultation closed. Run it again."
    ),
    "summary.unknown": _l("There is no such summary."),
    "support.own": _l("You wrote this yourself, so your support is in it already."),
    "scorecard.unknown": _l("There is no such figure on the scorecard."),
    "text.empty": _l("Write something first."),
    "text.too_long": _l("Use at most %(maximum)s characters."),
    "theme.label_th_required": _l("Give the theme a name in Thai too."),
    "theme.unknown": _l("There is no such theme."),
    "throttle.address": _l(
        "Very many attempts came from your internet connection, which others may share with you."
    ),
    "throttle.same_words": _l(
        "You sent exactly these words a moment ago, and they have arrived. To say them in another "
        "place too, change them or wait %(minutes)s minutes."
    ),
    "throttle.too_many": _l("That was too fast, or too often. Try again in %(wait)s."),
    "vote.choice_unknown": _l("Choose agree, disagree or unsure."),
    "wording.needs_clause": _l("Propose wording on the clause that it would change."),
    **MODERATION_PROBLEMS,
    **THEME_PROBLEMS,
    **WORK_PROBLEMS,
    **ANSWERING_PROBLEMS,
}


def problem(code: str, details: dict[str, object] | None = None) -> str:
    """Return the sentence for an error code, with its named values filled in."""
    values = dict(details or {})
    seconds = values.get("seconds")
    if isinstance(seconds, int):
        values["minutes"] = minutes = max(1, -(-seconds // 60))
        values["wait"] = (
            ngettext("%(num)s second", "%(num)s seconds", max(seconds, 1))
            if seconds < 60
            else ngettext("%(num)s minute", "%(num)s minutes", minutes)
        )
    sentence = str(PROBLEMS[code])
    return sentence % values if values else sentence
