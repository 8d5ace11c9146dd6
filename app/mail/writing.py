"""From a letter's numbers to its words, in the language of the account."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from flask import current_app, g, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.i18n import date_long
from app.identity import keyring
from app.mail.message import Words
from app.mail.office import mail_office
from app.mail.wording import Link, link, sentence, subject, title
from core.mailing.kinds import FOLLOWED, NewsKind
from core.mailing.outbox import Letter, LetterKind

if TYPE_CHECKING:
    from consultations.models import News

#: Purpose of the sealed notes in links that stop letters.
UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True)
class Group:
    """What happened to one consultation."""

    title: str
    language: str
    items: list[tuple[str, Link]]


@dataclass(frozen=True)
class Page:
    """What the templates of a letter draw."""

    subject: str
    #: What a mail program shows beside the subject.
    preheader: str
    paragraphs: Sequence[str]
    action: Link | None = None
    groups: Sequence[Group] = field(default_factory=tuple)
    #: Why the person gets the letter.
    reason: str = ""
    #: Page that stops such letters; None for those that an account cannot do without.
    unsubscribe: str | None = None


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write in a language, with links to the site's public address."""
    with current_app.test_request_context(base_url=mail_office().site_url):
        # The catalogue of the letter before is kept with the application, not with this request.
        before = g.get("language")
        g.language = language
        try:
            with force_locale(language):
                yield
        finally:
            g.language = before
            if before is None:
                g.pop("language")


def write(letter: Letter, news: Sequence["News"], language: str) -> tuple[Words, str | None]:
    """Return the words of a letter, and the address that stops such letters."""
    with in_language(language):
        page = _PAGES[letter.kind](letter, news)
        context = {"page": page, "locale": language, "site_name": _("Sarn")}
        text, html = (
            current_app.jinja_env.get_template(f"mail/letter.{kind}").render(context)
            for kind in ("txt", "html")
        )
    return Words(page.subject, text.strip() + "\n", html, language), page.unsubscribe


def _news_page(letter: Letter, news: Sequence["News"]) -> Page:
    [item] = news
    return Page(
        subject=subject(item),
        preheader=sentence(item),
        paragraphs=[sentence(item)],
        action=link(item, external=True),
        reason=_reason(item.told_as),
        unsubscribe=_unsubscribe(letter.account_id, item.told_as.value),
    )


def _digest_page(letter: Letter, news: Sequence["News"]) -> Page:
    has_own = bool(letter.details.get("own"))
    groups = _groups(news)
    return Page(
        subject=_("News of the consultations that you follow")
        if all(item.told_as in FOLLOWED for item in news)
        else _("Your tasks and news"),
        preheader=", ".join(group.title for group in groups),
        paragraphs=[_own_sentence()] if has_own else [],
        action=_trail_link() if has_own else None,
        groups=groups,
        reason=_("You get this e-mail because you asked for a summary of the news."),
        unsubscribe=_unsubscribe(letter.account_id, "digest"),
    )


def _own_page(letter: Letter, _news: Sequence["News"]) -> Page:
    return Page(
        subject=_("There is news on your trail"),
        preheader=_("Sign in to read it."),
        paragraphs=[
            _own_sentence(),
            _("To protect you, this e-mail does not say what it is about. Sign in to read it."),
        ],
        action=_trail_link(),
        reason=_("You get this e-mail because you asked to hear of your own contributions."),
        unsubscribe=_unsubscribe(letter.account_id, "own"),
    )


def _confirm_page(letter: Letter, _news: Sequence["News"]) -> Page:
    href = _address("settings.confirm_address", token=letter.details["token"])
    return Page(
        subject=_("Confirm your e-mail address"),
        preheader=_("The link can be used for 24 hours."),
        paragraphs=[
            _("Somebody asked to use this address for an account of this site."),
            _("If it was you, confirm it within 24 hours. If not, you need not do anything."),
        ],
        action=Link(href, _("Confirm the address")),
    )


def _recover_page(letter: Letter, _news: Sequence["News"]) -> Page:
    href = _address("recovery.choose", token=letter.details["token"])
    return Page(
        subject=_("Choose a new password"),
        preheader=_("The link can be used for 30 minutes."),
        paragraphs=[
            _("Somebody asked for a new password for your account."),
            _("If it was you, choose one within 30 minutes. If not, you need not do anything: "
              "your password stays as it is."),
        ],
        action=Link(href, _("Choose a new password")),
    )  # fmt: skip


def _panel_page(letter: Letter) -> Page:
    href = _address("panels.invitation", token=letter.details["token"])
    return Page(
        subject=_("You are invited to a panel"),
        preheader=_("Read prototype clauses and say what you think of them."),
        paragraphs=[
            _("A public agency asks you to read prototype clauses before they are public."),
            _("You need an account of this site. If you do not want to, you need not do anything."),
        ],
        action=Link(href, _("Read the invitation")),
        reason=_("You get this one e-mail because somebody named your address; it is not kept."),
    )


def _invitation_page(letter: Letter, _news: Sequence["News"]) -> Page:
    if letter.details.get("what") == "panel":
        return _panel_page(letter)
    href = _address("group_seats.answer", token=letter.details["token"])
    return Page(
        subject=_("You are invited to a working group"),
        preheader=_("The invitation can be accepted for 60 days."),
        paragraphs=[
            _("A public agency invites you to take a seat in a working group and to decide in it."),
            _("Read what it is about, and choose under which name people see you. You need an "
              "account of this site. If you do not want to, you need not do anything."),
        ],
        action=Link(href, _("Read the invitation")),
        reason=_("You get this one e-mail because somebody named your address; it is not kept."),
    )  # fmt: skip


def _idle_page() -> Page:
    return Page(
        subject=_("Your account will be closed in 30 days"),
        preheader=_("Sign in if you want to keep it."),
        paragraphs=[
            _("Nobody has used your account for 24 months. We keep data no longer than needed."),
            _("If you sign in within 30 days, the account stays. Otherwise it is deleted. What you "
              "wrote in consultations stays under its pseudonym, and nothing leads to you."),
        ],
        action=Link(_address("accounts.sign_in"), _("Sign in")),
    )  # fmt: skip


def _security_page(letter: Letter, _news: Sequence["News"]) -> Page:
    if letter.details.get("what") == "idle":
        return _idle_page()
    subjects = {
        "password": _("The password of your account was changed"),
        "address": _("The e-mail address of your account was changed"),
        "identity": _("Your account was verified by an identity provider"),
        "factors": _("The second step of your sign-in was changed"),
    }
    subject = subjects[letter.details.get("what", "address")]
    return Page(
        subject=subject,
        preheader=_("If it was not you, act now."),
        paragraphs=[
            _("If it was you, you need not do anything."),
            _("If it was not you, somebody else can use your account. Write to the people who "
              "run this site; the help page says how."),
        ],
        action=Link(_address("site.help"), _("Help")),
    )  # fmt: skip


def _hearing_page(letter: Letter, _news: Sequence["News"]) -> Page:
    given = letter.details
    told = _("%(agency)s holds a hearing that affects you: %(title)s", **given)
    closes = date.fromisoformat(given["closes"]) if given["closes"] else None
    until = [_("You can take part until %(day)s.", day=date_long(closes))] if closes else []
    return Page(
        subject=_("Notice of a hearing: %(title)s", title=given["title"]),
        preheader=told,
        paragraphs=[told, *filter(None, given["words"].split("\n")), *until],
        action=Link(_address("consultations.home", slug=given["slug"]), _("Read and take part")),
        reason=_(
            "You get this e-mail because the agency has named you among those affected. It goes "
            "to no list; write to the agency if you are the wrong person."
        ),
    )


_PAGES = {
    LetterKind.NEWS: _news_page,
    LetterKind.DIGEST: _digest_page,
    LetterKind.OWN: _own_page,
    LetterKind.CONFIRM: _confirm_page,
    LetterKind.RECOVER: _recover_page,
    LetterKind.SECURITY: _security_page,
    LetterKind.HEARING: _hearing_page,
    LetterKind.INVITATION: _invitation_page,
}


def _groups(news: Sequence["News"]) -> list[Group]:
    """Put news of one consultation together, in the order in which each first has news."""
    groups: dict[int | None, Group] = {}
    for item in news:
        if item.consultation_id not in groups:
            words = title(item.consultation)
            groups[item.consultation_id] = Group(words.text, words.lang, [])
        groups[item.consultation_id].items.append((sentence(item), link(item, external=True)))
    return list(groups.values())


def _reason(kind: NewsKind) -> str:
    if kind in FOLLOWED:
        return _("You get this e-mail because you follow the consultation.")
    return _("You get this e-mail because of your work on this site.")


def _own_sentence() -> str:
    return _("Something has happened to what you wrote in a consultation.")


def _trail_link() -> Link:
    return Link(_address("trails.mine"), _("Open my trail"))


def _unsubscribe(account_id: int, what: str) -> str:
    token = keyring().seal_note(UNSUBSCRIBE, {"account": account_id, "what": what})
    return _address("letters.unsubscribe", token=token)


def _address(endpoint: str, **values: str) -> str:
    return url_for(endpoint, _external=True, **values)
