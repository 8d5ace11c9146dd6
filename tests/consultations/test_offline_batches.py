"""Files of responses: what each row becomes is said first, then they are checked as a whole."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import snapshots
from consultations.models import (
    BatchState,
    Comment,
    OfflineBatch,
    OfflineEntry,
    Origin,
    Participant,
    Vote,
)
from consultations.offline import batches, sheets
from consultations.offline.fates import Fate, read_day
from consultations.offline.offer import offer_of
from consultations.offline.scans import MAX_SIDE, checked
from consultations.offline.sheets import read_sheet
from core.actor import system_actor
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.jobs import Job
from core.keyring import Keyring
from moderation.rules import screen
from tests.consultations.offline_world import World, make_world, picture, today

HEAD = ["response", "channel", "date", "consent", "clause", "stance", "comment", "vote_1", "vote_2"]


@pytest.fixture
def world(session: Session, keyring: Keyring) -> World:
    return make_world(session, keyring)


def sheet(*rows: list[str], head: list[str] | None = None) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([head or HEAD, *rows])
    return written.getvalue().encode()


def row(number: str, words: str = "ขอให้เพิ่มผู้แทน", **cells: str) -> list[str]:
    values = {
        "response": number,
        "channel": "กระดาษ",
        "date": today().isoformat(),
        "consent": "ใช่",
        "clause": "มาตรา 1",
        "stance": "เห็นด้วย",
        "comment": words,
        "vote_1": "1",
        "vote_2": "ไม่แน่ใจ",
        **cells,
    }
    return [values[name] for name in HEAD]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for each in rows:
        book.active.append(each)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def upload(world: World, data: bytes, filename: str = "เวที.csv") -> OfflineBatch:
    return batches.upload(
        world.session, world.first, world.number, name="เวทีตำบล", filename=filename, data=data
    )


def fates(world: World, data: bytes) -> list[Fate]:
    batch = upload(world, data)
    found = batches.preview(world.session, world.first, batch)
    batches.drop(world.session, world.first, world.number, batch.id)
    return found


def import_all(world: World, batch: OfflineBatch) -> None:
    system = system_actor(world.keyring)
    done, total = batches.import_some(world.session, system, batch.id, screen)
    while done < total:
        done, total = batches.import_some(world.session, system, batch.id, screen)


def test_the_preview_says_what_becomes_of_each_row_and_keeps_nothing(world: World) -> None:
    taken = [row("1"), row("2", date="21/11/2026"), row("2", words="อีกข้อหนึ่ง", clause="")]
    wrong = {
        "offline.channel": row("3", channel="โทรสาร"),
        "offline.date": row("4", date="วันจันทร์"),
        "offline.consent": row("5", consent="ไม่"),
        "clause.unknown_here": row("6", clause="มาตรา 99"),
        "stance.unknown": row("7", stance="เฉย ๆ"),
        "vote.choice_unknown": row("8", vote_1="มาก"),
        "offline.nothing": row("9", words="", vote_1="", vote_2="", stance=""),
        "text.empty": row("10", words=""),
    }
    taken[1] = row("2", date=f"{today().day}/{today().month}/{today().year + 543}")
    found = fates(world, sheet(*taken, *wrong.values()))
    assert [fate.rows for fate in found[:2]] == [(2,), (3, 4)]
    assert [fate.problem for fate in found] == ["", "", *wrong]
    assert [fate.column for fate in found[2:5]] == ["channel", "date", "consent"]
    assert world.session.scalar(select(func.count(OfflineEntry.id))) == 0


def test_a_file_counts_after_a_second_person_and_a_job(world: World) -> None:
    batch = upload(world, sheet(*(row(str(n), f"ข้อ {n}") for n in range(45)), row("x", date="")))
    batches.hand_on(world.session, world.first, world.number, batch.id)
    assert (batch.state, batch.accepted, batch.left_out) == (BatchState.WAITING, 45, 1)
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        batches.confirm(world.session, world.first, world.number, batch.id)
    batches.confirm(world.session, world.second, world.number, batch.id)
    job = world.session.scalars(select(Job).where(Job.name == batches.TASK)).one()
    assert job.payload == {"batch_id": batch.id}
    assert world.session.scalar(select(func.count(Comment.id))) == 0
    import_all(world, batch)
    assert batch.state is BatchState.DONE
    origins = world.session.scalars(select(Comment.origin)).all()
    assert origins == [Origin.PAPER] * 45
    assert world.session.scalar(select(func.count(Vote.id))) == 90
    world.session.expire_all()
    assert [(it.agrees, it.passes) for it in world.statements[:2]] == [(45, 0), (0, 45)]
    assert world.session.scalar(select(func.count(Participant.id))) == 45


def test_the_same_file_and_the_same_rows_are_known_again(world: World) -> None:
    data = sheet(row("1"), row("2", "อื่น"))
    batch = upload(world, data)
    with pytest.raises(ConflictError, match=r"offline\.same_file"):
        upload(world, data, "ชื่ออื่น.csv")
    batches.hand_on(world.session, world.first, world.number, batch.id)
    again = fates(world, sheet(row("1"), row("2", "อื่น"), row("3", "ใหม่"), row("3", "ใหม่")))
    assert [fate.problem for fate in again] == ["offline.already", "offline.already", ""]
    # Another person may well say the same words.
    assert [fate.problem for fate in fates(world, sheet(row("8"), row("9")))] == ["", ""]


def test_a_refused_file_can_come_again_mended(world: World) -> None:
    data = sheet(row("1"))
    batch = upload(world, data)
    batches.hand_on(world.session, world.first, world.number, batch.id)
    with pytest.raises(InvalidError, match=r"reason\.needed"):
        batches.reject(world.session, world.second, world.number, batch.id, reason="")
    batches.reject(world.session, world.second, world.number, batch.id, reason="ผิดเวที")
    assert world.session.scalar(select(func.count(OfflineEntry.id))) == 0
    assert upload(world, data).state is BatchState.PREVIEW
    with pytest.raises(ConflictError, match=r"offline\.settled"):
        batches.confirm(world.session, world.second, world.number, batch.id)


def test_nothing_of_a_file_counts_once_an_analysis_was_made_of_the_closed(world: World) -> None:
    batch = upload(world, sheet(row("1")))
    batches.hand_on(world.session, world.first, world.number, batch.id)
    batches.confirm(world.session, world.second, world.number, batch.id)
    snapshots.freeze(world.session, world.number)
    world.session.flush()
    world.consultation.closes_at = world.consultation.opens_at
    import_all(world, batch)
    assert world.session.scalar(select(func.count(Comment.id))) == 0
    assert world.session.scalars(select(OfflineEntry.note)).all() == ["offline.too_late"]


def test_a_workbook_is_read_as_its_cells_look_and_its_formulas_are_refused(world: World) -> None:
    day = today()
    data = workbook(
        ["response", "channel", "date", "consent", "comment", "vote_1"],
        [1, "paper", day, "yes", "=HYPERLINK(1)", None],
        [2.0, "phone", day, "yes", "'=1+1 เป็นคำพูด", 1],
    )
    batch = upload(world, data, "a.XLSX")
    first, second = batches.preview(world.session, world.first, batch)
    assert (first.problem, first.column) == ("sheet.formula", "comment")
    assert second.said is not None
    assert second.said.comments[0].body == "=1+1 เป็นคำพูด"


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"channel,date,consent\n", "a.csv", "sheet.empty"),
        (b"", "a.csv", "sheet.columns"),
        (b"channel,date\npaper,x\n", "a.csv", "sheet.columns"),
        (b"channel,channel,date,consent\na,b,c,d\n", "a.csv", "sheet.columns"),
        (b"channel,date,consent,national_id\na,b,c,d\n", "a.csv", "sheet.columns"),
        (b"\xff\xfe\x00", "a.csv", "document.encoding"),
        (b"channel,date,consent\n" + b"a,b,c\n" * 2001, "a.csv", "sheet.too_many_rows"),
        (b"channel,date,consent\n" + b"a" * 30_000 + b",b,c", "a.csv", "sheet.cell_too_long"),
        (b"a" * 5_000_001, "a.csv", "sheet.too_large"),
        (b"x", "a.ods", "sheet.kind"),
        (b"PK\x03\x04", "a.xlsx", "document.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "document.old_or_protected"),
    ],
)
def test_other_files_are_refused(data: bytes, filename: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read_sheet(data, filename)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 20_000_000 + b"</a>")
    with pytest.raises(InvalidError, match=r"document\.unsafe"):
        read_sheet(written.getvalue(), "a.xlsx")


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=6), st.sampled_from(",;\t"))
def test_no_table_breaks_the_reader(table: list[list[str]], mark: str) -> None:
    head = mark.join(["channel", "date", "consent", "comment", "vote_1"])
    data = "\n".join([head, *(mark.join(line) for line in table)]).encode("utf-8", "replace")
    try:
        rows = read_sheet(data, "a.csv")
    except InvalidError:
        return
    assert all(each.number > 1 and each.cells for each in rows)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    for prefix, name in ((b"channel,date,consent\n", "a.csv"), (b"PK\x03\x04", "a.xlsx")):
        try:
            read_sheet(prefix + data, name)
        except InvalidError:
            continue
    for prefix in (b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"):
        try:
            checked(prefix + data)
        except InvalidError:
            continue


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2399, 12, 31)))
def test_a_day_reads_the_same_in_both_eras(day: date) -> None:
    thai = f"{day.day}/{day.month}/{day.year + 543}"
    assert read_day(day.isoformat()) == read_day(f"{day.day}.{day.month}.{day.year}") == day
    assert day.year + 543 < 2400 or read_day(thai) == day


def test_both_tables_to_fill_in_have_a_column_for_each_statement(world: World) -> None:
    offer = offer_of(world.session, world.number)
    data = sheets.template(offer).decode("utf-8-sig").strip().split(",")
    assert data[-3:] == ["vote_1", "vote_2", "vote_3"]
    book = openpyxl.load_workbook(io.BytesIO(sheets.template_workbook(offer)))
    assert [cell.value for cell in book["responses"][1]] == data


def test_a_picture_is_drawn_anew_without_what_it_hid() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("GPS", "13.7 N 100.5 E")
    written = io.BytesIO()
    Image.new("RGB", (4000, 3000)).save(written, "PNG", pnginfo=note)
    page = checked(written.getvalue() + b"<script>alert(1)</script>")
    assert page.kind == "image/jpeg"
    assert b"13.7" not in page.content
    assert b"script" not in page.content
    assert max(Image.open(io.BytesIO(page.content)).size) == MAX_SIDE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg onload=alert(1)></svg>", "scan.kind"),
        (b"GIF89a" + b"\x00" * 40, "scan.kind"),
        (picture()[:60], "scan.damaged"),
        (b"%PDF-1.4 nothing", "scan.damaged"),
        (b"%PDF-1.4\n1 0 obj<</OpenAction 2 0 R/JS(app.alert(1))>>\n%%EOF", "scan.unsafe"),
        (b"%PDF-1.4\n1 0 obj<</J#61vaScript(x)>>\n%%EOF", "scan.unsafe"),
        (b"%PDF-1.4\n1 0 obj<</Encrypt 2 0 R>>\n%%EOF", "scan.unsafe"),
        (b"\x00" * 8_000_001, "scan.too_large"),
    ],
)
def test_pages_that_are_no_scans_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked(data)
    assert (refused.value.code, refused.value.field) == (code, "scans")


def test_a_picture_of_too_many_dots_is_refused() -> None:
    written = io.BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    with pytest.raises(InvalidError, match=r"scan\.unsafe"):
        checked(written.getvalue())
