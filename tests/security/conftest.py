"""The sample site under attack, and the report of what was tried."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app, sample
from app.sample.people import sample_accounts
from tests.databases import sqlite_copy
from tests.security.corpora import ROOT
from tests.security.sample_forms import LEFT_OUT, STARTS, WHO, As, forms_shown
from tests.security.web_forms import WebForm
from tests.sites import SeparateClient, make_config

#: Where the attacks look these up.
__all__ = ["LEFT_OUT", "STARTS", "WHO", "As"]
Record = Callable[..., None]


@pytest.fixture(scope="session")
def with_sample(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds the sample, and the file of its accounts."""
    folder = tmp_path_factory.mktemp("sample")
    with sqlite_copy(sqlite_template, folder) as url:
        app = create_app(make_config(url, folder))
        with app.app_context():
            sample.load_once(folder)
            app.extensions["sqlalchemy"].session.remove()
            app.extensions["sqlalchemy"].engine.dispose()
    return folder


@contextmanager
def opened_site(with_sample: Path, folder: Path) -> Iterator[Flask]:
    """The site on a copy of the sample."""
    shutil.copytree(with_sample, folder, dirs_exist_ok=True)
    app = create_app(make_config(f"sqlite:///{folder / 'site.db'}", folder))
    app.test_client_class = SeparateClient
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def lift_limits(app: Flask) -> None:
    """Set back the counters that slow down guessing and flooding."""
    with app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))


def clients_of(app: Flask) -> As:
    """Return what makes a client signed in as one of the sample's people, or as nobody."""
    clients: dict[str, FlaskClient] = {}

    def signed_in(name: str) -> FlaskClient:
        if name not in clients:
            clients[name] = client = app.test_client()
            if name:
                found = sample_accounts(Path(app.instance_path))
                entry = next(account for account in found if account.name == name)
                form = {"email": entry.email, "password": entry.password}
                assert client.post("/accounts/sign-in", data=form).status_code == 303
        return clients[name]

    return signed_in


@pytest.fixture(scope="session")
def attacked(with_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site with its sample; attacks may change it, so nothing here relies on its state."""
    with opened_site(with_sample, tmp_path_factory.mktemp("attacked")) as app:
        yield app


@pytest.fixture(scope="session")
def client_as(attacked: Flask) -> As:
    return clients_of(attacked)


@pytest.fixture(scope="session")
def shown_forms(attacked: Flask, client_as: As) -> dict[str, list[WebForm]]:
    return forms_shown(attacked, client_as)


@pytest.fixture(scope="session")
def record() -> Iterator[Record]:
    """Note what an attack came to; written to reports/security.json at the end of the run."""
    figures: dict[str, dict[str, object]] = {}

    def note(attack: str, **figure: object) -> None:
        figures.setdefault(attack, {}).update(figure)

    yield note
    path = ROOT / "reports" / "security.json"
    path.parent.mkdir(exist_ok=True)
    before = json.loads(path.read_text()) if path.is_file() else {}
    path.write_text(json.dumps({**before, **figures}, indent=2, sort_keys=True) + "\n")
