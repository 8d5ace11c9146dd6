"""Page on which an administrator says whom an account speaks for."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField

from app.forms import BaseForm, at_most, required
from app.identity import access, current_actor, keyring
from app.rendering import render
from app.transactions import session
from core.accounts import organisations
from core.actor import Role
from core.errors import InvalidError

blueprint = Blueprint("organisations", __name__, url_prefix="/accounts")


class OrganisationForm(BaseForm):
    """An account's address, and the organisation that it speaks for."""

    email = StringField(
        _l("E-mail address of the account"),
        [required(_l("Enter your e-mail address.")), at_most(254)],
    )
    name = StringField(_l("Name of the organisation"), [at_most(organisations.LONGEST)])


@blueprint.route("/organisations", methods=["GET", "POST"])
@access(frozenset({Role.ADMINISTRATOR}), fresh=True)
def name_organisation() -> tuple[str, int] | Response:
    """Say whom an account speaks for."""
    form = OrganisationForm()
    if form.submitted():
        try:
            organisations.name_organisation(
                session(),
                current_actor(),
                keyring(),
                email=form.email.data or "",
                name=form.name.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("It is saved. What the account says from now on is labelled so."), "success")
            return redirect(url_for("organisations.name_organisation"), 303)
    return render("accounts/organisation.html", form=form), form.status
