"""Import from other systems: everything, counted as the source counts it, or nothing at all."""

import gzip
import os
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import importing
from consultations.models import Choice, Comment, Participant, Statement, Visibility, Vote
from core.actor import system_actor
from core.errors import ConflictError, InvalidError, NotFoundError
from core.keyring import Keyring
from moderation.rules import screen
from tests.factories import make_agency, make_consultation, make_draft

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1435654192085,x,0,0,2,1,1,"First, with a comma
and a second line"
1435654192086,x,1,1,1,1,0,ข้อความภาษาไทย
1435654192087,x,2,1,0,2,-1,Hidden by its moderators
"""
VOTES = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
0,0,1,3,2,1,1,1,-1
1,1,2,3,0,2,-1,0,-1
2,,0,1,1,0,1,,
3,,0,1,0,1,,-1,
4,,0,0,0,0,,,
"""


def write_export(folder: Path, comments: str = COMMENTS, votes: str = VOTES) -> Path:
    (folder / "comments.csv").write_text(comments, encoding="utf-8")
    (folder / "participants-votes.csv").write_text(votes, encoding="utf-8")
    (folder / "summary.csv").write_text("topic,T\nurl,https://example.org/1\n", encoding="utf-8")
    return folder


def do_import(session: Session, folder: Path) -> importing.Imported:
    agency = make_agency(session)
    return importing.import_polis(
        session,
        system_actor(),
        importing.read_polis(folder),
        agency_slug=agency.slug,
        slug="talk",
        title="Talk",
    )


def test_everything_in_an_export_is_taken_over(session: Session, tmp_path: Path) -> None:
    done = do_import(session, write_export(tmp_path))
    assert (done.participants, done.statements, done.votes) == (5, 3, 8)
    votes = session.scalars(select(Vote.choice)).all()
    assert sorted(votes) == [-1, -1, -1, -1, 0, 1, 1, 1]


def test_words_moderation_and_groups_stay_as_they_were(session: Session, tmp_path: Path) -> None:
    do_import(session, write_export(tmp_path))
    rows = {row.number: row for row in session.scalars(select(Statement))}
    assert rows[0].body == "First, with a comma\nand a second line"
    assert (rows[1].language, rows[1].visibility) == ("th", Visibility.PUBLISHED)
    assert rows[2].visibility is Visibility.HIDDEN
    groups = dict(
        session.execute(select(Participant.imported_as, Participant.imported_group)).all()
    )
    assert groups == {"0": "0", "1": "1", "2": None, "3": None, "4": None}


def test_packed_files_are_read(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for path in list(write_export(folder).iterdir()):
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert do_import(session, folder).votes == 8


def test_the_opposite_sign_of_vote_events_is_noticed(session: Session, tmp_path: Path) -> None:
    write_export(tmp_path)
    (tmp_path / "participants-votes.csv").unlink()
    events = "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(
        f"{time},x,{statement},{voter},{vote}\n"
        for time, (voter, statement, vote) in enumerate(
            [
                (0, 0, 1),
                (0, 0, -1),
                (2, 0, -1),
                (1, 0, 1),
                (0, 1, -1),
                (3, 1, 1),
                (0, 2, 1),
                (1, 2, 1),
            ]
        )
    )
    (tmp_path / "votes.csv").write_text(events)
    do_import(session, tmp_path)
    agrees = session.scalar(
        select(func.count(Vote.id))
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Statement.number == 0, Vote.choice == Choice.AGREE)
    )
    assert agrees == 2


@pytest.mark.parametrize(
    ("comments", "votes", "place"),
    [
        (COMMENTS, VOTES.replace("-1,0,-1", "-1,7,-1"), "participants-votes.csv: row 3, column 1"),
        (COMMENTS, VOTES.replace("4,,0,0,0,0,,,", "4,,0,0"), "participants-votes.csv: row 6"),
        (
            COMMENTS,
            VOTES.replace("4,,", "3,,"),
            "participants-votes.csv: row 6, column participant",
        ),
        (COMMENTS, VOTES.replace(",0,1,2\n", ",0,1,9\n"), "statement 9"),
        (COMMENTS.replace(",1,1,1,1,0,", ",0,1,1,1,0,"), VOTES, "comments.csv: row 4"),
        (COMMENTS.replace("1435654192086", "soon"), VOTES, "column timestamp"),
        (COMMENTS.replace("comment-body", "text"), VOTES, "column comment-body"),
        (COMMENTS.replace('"First', "First"), VOTES, "comments.csv: row 2"),
    ],
)
def test_a_broken_export_is_refused_with_its_place(
    tmp_path: Path, comments: str, votes: str, place: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        importing.read_polis(write_export(tmp_path, comments, votes))
    assert place in str(refused.value.details["detail"])


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    write_export(tmp_path)
    (tmp_path / "comments.csv").write_bytes("ไทย".encode("tis-620") + b"\n")
    with pytest.raises(InvalidError, match=r"import\.malformed"):
        importing.read_polis(tmp_path)


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    write_export(tmp_path)
    whole = gzip.compress((tmp_path / "comments.csv").read_bytes())
    (tmp_path / "comments.csv").unlink()
    (tmp_path / "comments.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidError, match=r"import\.malformed"):
        importing.read_polis(tmp_path)


def test_the_same_address_is_not_imported_twice(session: Session, tmp_path: Path) -> None:
    do_import(session, write_export(tmp_path))
    with pytest.raises(ConflictError, match=r"consultation\.exists"):
        do_import(session, tmp_path)


def test_comments_hang_on_their_clause_and_author(
    session: Session, keyring: Keyring, tmp_path: Path
) -> None:
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    path = tmp_path / "comments.csv"
    path.write_text(
        "comment,text,stance,author,clause\n"
        'c1,"เห็นด้วย, มาก",support,a,s1\nc2,No,oppose,a,\nc3,Hm,,,s2\n',
        encoding="utf-8",
    )
    done = importing.import_comments(
        session,
        system_actor(),
        importing.read_comments(path),
        slug=consultation.slug,
        screen=screen,
    )
    assert (done.comments, done.participants) == (3, 2)
    rows = {row.imported_as: row for row in session.scalars(select(Comment))}
    assert rows["c1"].participant_id == rows["c2"].participant_id != rows["c3"].participant_id
    assert (rows["c1"].clause_key, rows["c1"].stance, rows["c1"].language) == (
        "s1",
        "support",
        "th",
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("comment,text,clause\nc1,Yes,s99\n", "row 2, column clause"),
        ("comment,text,stance\nc1,Yes,maybe\n", "row 2, column stance"),
        ("comment,text\nc1,Yes\nc2,\u200b\n", "row 3, column text"),
        ("comment,text\nc1,Yes\nc1,No\n", "row 3"),
        ('comment,text\nc1,"Yes\n', "row"),
    ],
)
def test_a_broken_comment_file_writes_nothing(
    session: Session, keyring: Keyring, tmp_path: Path, text: str, place: str
) -> None:
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    path = tmp_path / "comments.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidError) as refused:
        importing.import_comments(
            session,
            system_actor(),
            importing.read_comments(path),
            slug=consultation.slug,
            screen=screen,
        )
    assert place in str(refused.value.details["detail"])
    assert session.scalar(select(func.count(Comment.id))) == 0


def test_comments_need_a_consultation(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    path.write_text("comment,text\nc1,Yes\n")
    with pytest.raises(NotFoundError):
        importing.import_comments(
            session, system_actor(), importing.read_comments(path), slug="none", screen=screen
        )


@pytest.mark.reference
def test_the_uberx_conversation_is_counted_as_its_export_counts_it(session: Session) -> None:
    folder = Path(os.environ.get("SARN_REFERENCE_DATA", "../shared/data")) / "polis/vtaiwan.uberx"
    if not folder.is_dir():
        pytest.skip("SARN_REFERENCE_DATA names no folder with the real conversations")
    done = do_import(session, folder)
    assert (done.participants, done.statements, done.votes) == (1921, 197, 49443)
