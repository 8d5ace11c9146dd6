"""Every form of the sample: who is shown which, with a draft and a promise to make more of them."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.security.web_forms import Kinds, WebForm, forms_of, walk

WHO = ("", "citizen", "officer", "approver", "moderator", "senior-moderator", "administrator")
STARTS = (
    "/",
    "/help",
    "/accounts/",
    "/accounts/sign-in",
    "/accounts/register",
    "/accounts/confirm",
    "/accounts/organisations",
    "/accounts/second-factor/app",
    "/accounts/second-factor/passkey",
    # Before the workspace, so that an answer that can still be written comes first.
    "/workspace/consultations/sample-waste/answers?show=offered",
    "/workspace/",
    "/moderation/",
    "/consultations/sample-pavements",
    "/consultations/sample-waste",
)
LEFT_OUT = frozenset({"static", "site.choose_language"})
As = Callable[[str], FlaskClient]


def show_more_forms(client_as: As) -> None:
    """Begin a consultation, a promise and a panel, so that their forms are shown."""
    officer = client_as("officer")
    form = {"kind": "bill", "title_th": "ร่างที่กำลังเตรียม", "title_en": "Being prepared"}
    made = officer.post("/workspace/new", data={**form, "slug": "attacked", "copy_from": ""})
    assert made.status_code == 303, made.text
    base = "/workspace/consultations/attacked/drafts/import"
    officer.post(base, data={"text": "มาตรา ๑ ให้มีคณะกรรมการ\nมาตรา ๒ ให้ประชุมทุกเดือน"})
    confirmed = officer.post(f"{base}/check/confirm", data={"revision": "1"})
    assert confirmed.status_code == 303, confirmed.text
    base = "/workspace/consultations/sample-waste/commitments"
    form = {"text_th": "จะทำ", "owner": "กองงาน", "due_on": "2030-01-01", "response_id": ""}
    assert officer.post(f"{base}/new", data=form).status_code == 303
    number = max(
        map(int, re.findall(rf"{base}/(\d+)/publish", client_as("approver").get(base).text))
    )
    assert client_as("approver").post(f"{base}/{number}/publish").status_code == 303
    form = {"title_th": "ทดลองอ่าน", "clauses": "ข้อ ๑ ก", "closes_on": "2030-01-01"}
    panels = "/workspace/consultations/sample-waste/panels/new"
    assert officer.post(panels, data=form).status_code == 303


def forms_shown(app: Flask, client_as: As) -> dict[str, list[WebForm]]:
    """Return every form that each kind of person is shown, one of each kind and page."""
    show_more_forms(client_as)
    kinds = Kinds(app.url_map, LEFT_OUT)
    found: dict[str, list[WebForm]] = {}
    for who in WHO:
        seen = set()
        for address, page in walk(client_as(who), STARTS, kinds):
            for form in forms_of(address, page):
                key = (kinds(form.action), form.method, tuple(sorted(form.values)))
                if key not in seen:
                    seen.add(key)
                    found.setdefault(who, []).append(form)
    return found
