"""Open data: what is published and nothing else, made again when words are hidden."""

import csv
import io
import json
from operator import attrgetter, itemgetter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import exporting, open_tables
from consultations.models import OpenFile, Visibility
from consultations.queries import open_data
from core.errors import ConflictError, NotFoundError
from core.jobs import Job
from core.keyring import Keyring
from tests.consultations.planted import PEOPLE, Planted, analyse, plant


def made(session: Session, keyring: Keyring, *, open_votes: bool = False) -> Planted:
    planted = plant(session, keyring, comments=12)
    planted.consultation.open_votes = open_votes
    analyse(session, planted.consultation)
    make(session, planted.consultation.id)
    return planted


def make(session: Session, number: int) -> None:
    material = exporting.open_material(session, number)
    assert material is not None
    exporting.store_open_files(session, material, open_tables.build(material))


def table(session: Session, number: int, name: str) -> list[dict[str, str]]:
    _file, content = open_data.file_content(session, number, name)
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def report(session: Session, number: int, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(open_data.file_content(session, number, name)[1])
    return found


def test_every_table_has_the_columns_of_the_dictionary(session: Session, keyring: Keyring) -> None:
    number = made(session, keyring, open_votes=True).consultation.id
    after_a_check = {"ratification.csv"}
    for name, columns in open_tables.TABLES.items():
        if name in after_a_check:
            continue
        assert tuple(table(session, number, name)[0]) == columns


def test_votes_go_out_row_by_row_only_where_that_was_announced(
    session: Session, keyring: Keyring
) -> None:
    closed = made(session, keyring).consultation.id
    with pytest.raises(NotFoundError):
        open_data.file_content(session, closed, "votes.csv")
    assert "participants" not in report(session, closed, "opinions.json")
    assert "participants" not in json.dumps(report(session, closed, "opinions.json")["model"])


def test_announced_votes_have_labels_that_are_nobodys_number(
    session: Session, keyring: Keyring
) -> None:
    planted = made(session, keyring, open_votes=True)
    rows = table(session, planted.consultation.id, "votes.csv")
    assert {row["participant"] for row in rows} == {f"p{n}" for n in range(1, PEOPLE + 1)}
    numbers = {person.id for person in planted.people}
    for file in session.scalars(select(OpenFile.name)).all():
        content = open_data.file_content(session, planted.consultation.id, file)[1].decode()
        assert not [number for number in numbers if number in content]


def test_a_group_of_few_voters_is_left_out_of_the_counts() -> None:
    entry = {"agree": 9, "disagree": 0, "pass": 0, "seen": 9}
    groups = [{**entry, "group": n, "p_agree": 1, "low": 0, "high": 1} for n in (0, 1)]
    groups[1]["seen"] = 4
    rows = open_tables._counts([{"id": "S", **entry, "by_group": groups}], {"S"})
    assert [row[1] for row in rows] == ["all"]


def test_the_manifest_holds_the_digest_of_every_file(session: Session, keyring: Keyring) -> None:
    number = made(session, keyring).consultation.id
    files = session.scalars(select(OpenFile).where(OpenFile.name != "manifest.json")).all()
    listed = report(session, number, "manifest.json")["files"]
    assert sorted(listed, key=itemgetter("name")) == [
        {"name": file.name, "sha256": file.digest, "bytes": file.size, "rows": file.rows}
        for file in sorted(files, key=attrgetter("name"))
    ]


def test_hidden_words_stop_the_files_at_once_and_are_gone_from_the_next_ones(
    session: Session, keyring: Keyring
) -> None:
    planted = made(session, keyring)
    number, comment = planted.consultation.id, planted.comments[0]
    comment.visibility, comment.revision = Visibility.HIDDEN, comment.revision + 1
    session.flush()
    with pytest.raises(ConflictError, match=r"open_data.being_made"):
        open_data.file_content(session, number, "comments.csv")
    assert open_data.open_data(session, number).is_stale
    before = len(session.scalars(select(Job.id)).all())
    assert exporting.remake_stale(session) == exporting.remake_stale(session) == 1
    assert len(session.scalars(select(Job.id)).all()) == before + 1
    make(session, number)
    references = {row["comment"] for row in table(session, number, "comments.csv")}
    assert references == {c.reference for c in planted.comments[1:]}
    assert report(session, number, "manifest.json")["comments_left_out_since"] == 1
    assert exporting.remake_stale(session) == 0


def test_reworded_comments_are_left_out_rather_than_quoted_old(
    session: Session, keyring: Keyring
) -> None:
    planted = made(session, keyring)
    planted.comments[0].body = "Other words."
    session.flush()
    make(session, planted.consultation.id)
    texts = {row["text"] for row in table(session, planted.consultation.id, "comments.csv")}
    assert len(texts) == 11
    assert "Other words." not in texts


def test_files_of_an_older_run_do_not_replace_newer_ones(
    session: Session, keyring: Keyring
) -> None:
    planted = made(session, keyring)
    material = exporting.open_material(session, planted.consultation.id)
    assert material is not None
    newer = analyse(session, planted.consultation)
    make(session, planted.consultation.id)
    exporting.store_open_files(session, material, open_tables.build(material))
    assert set(session.scalars(select(OpenFile.run_id))) == {newer.id}


def test_the_list_knows_public_consultations_only(session: Session, keyring: Keyring) -> None:
    planted = made(session, keyring)
    rows, total = open_data.listed(session, 1)
    assert (total, [row.consultation.id for row in rows]) == (1, [planted.consultation.id])
    assert open_data.listed(session, 2) == ([], 1)
