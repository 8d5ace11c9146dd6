"""The registry of what can be written: every field of every form is in it, and is attacked."""

import importlib
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, PasswordField, StringField, TextAreaField

import app as shell
from app.forms import BaseForm
from tests.security.conftest import Record
from tests.security.test_scripts import columns_of_words
from tests.security.web_forms import WebForm

TABLE = Path(__file__).with_name("fields.toml")
#: Kinds of field that take what somebody types or uploads.
WRITABLE = (StringField, TextAreaField, HiddenField, PasswordField, FileField)


def form_classes() -> Iterator[type[BaseForm]]:
    """Yield every form class of the site."""
    for module in pkgutil.walk_packages(shell.__path__, "app."):
        importlib.import_module(module.name)
    ahead = list(BaseForm.__subclasses__())
    for form in ahead:
        ahead += form.__subclasses__()
        if form.__module__.startswith("app."):
            yield form


def writable_fields() -> set[str]:
    """Return every field that takes text, as ``Form.field``."""
    found = set()
    for form in form_classes():
        for name, field in vars(form).items():
            made = getattr(field, "field_class", None)
            if made and issubclass(made, WRITABLE) and not issubclass(made, DateField):
                found.add(f"{form.__name__}.{name}")
    return found


def lines_to_add(found: set[str], known: dict[str, str]) -> list[str]:
    """Return the lines that the registry lacks."""
    return [f'"{name}" = "sent"' for name in sorted(found - set(known))]


def test_every_field_that_can_be_written_is_in_the_registry(record: Record) -> None:
    known = tomllib.loads(TABLE.read_text("utf-8"))
    found = writable_fields()
    record("writable fields", found=len(found), registered=len(found & set(known)))
    missing = "\n".join(lines_to_add(found, known))
    assert not missing, f"{TABLE.name} needs these lines:\n{missing}"
    assert set(known) <= found, sorted(set(known) - found)


def test_every_registered_field_is_attacked(
    attacked: Flask, shown_forms: dict[str, list[WebForm]], record: Record
) -> None:
    """A field stands in a form that the attacks fill in, or its column is filled directly."""
    known = tomllib.loads(TABLE.read_text("utf-8"))
    forms = [form for shown in shown_forms.values() for form in shown]
    names = {name for form in forms for name in (*form.values, *form.texts, *form.files)}
    columns = {str(column) for _table, column in columns_of_words()}
    unsent = {
        name
        for name, how in known.items()
        if (how == "sent" and name.partition(".")[2] not in names)
        or (how != "sent" and how not in columns)
    }
    record("attacked fields", wanted=len(known), attacked=len(known) - len(unsent))
    assert unsent == set()


def test_the_control_a_new_field_is_noticed() -> None:
    assert lines_to_add({"NewForm.words"}, {}) == ['"NewForm.words" = "sent"']
