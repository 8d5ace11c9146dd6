"""Hostile files: refused or read as harmless text, soon and in little memory."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.security.conftest import As, Record
from tests.security.corpora import FOLDER, OWN, ROOT, payloads
from tests.security.file_probe import READERS

#: Bars for one file: seconds, and megabytes more than before.
MOST_SECONDS, MOST_MEGABYTES = 30, 256
#: What must not come out of a file that is read: what was deleted, who wrote, and markup that acts.
NEVER_SHOWN = ("DELETED", "secret-author", "root:x:0")
UPLOADS = (
    ("/workspace/consultations/sample-pavements/drafts/import", "file"),
    ("/workspace/consultations/sample-pavements/population", "file"),
)
DOWNLOADS = (
    "/open-data/sample-waste/{}",
    "/receipts/{}.txt",
    "/static/{}",
    "/consultations/{}/draft",
    "/consultations/sample-waste/clauses/{}/comment",
)


def own_files(folder: Path) -> Iterator[Path]:
    """Make a few hostile files, so that this is tried where the collection is not there."""
    made = {"zipslip.docx": ("../../evil.xml", b"<x/>"), "bomb.docx": ("word/document.xml", b" ")}
    for name, (member, content) in made.items():
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, content * (60_000_000 if content == b" " else 1))
        (folder / name).write_bytes(data.getvalue())
        yield folder / name
    entities = b'<!DOCTYPE a [<!ENTITY b "c">]><w:document>&b;</w:document>'
    (folder / "entities.docx").write_bytes(_word(entities))
    (folder / "not-utf8.csv").write_bytes(b"comment,text\n1,\xff\xfe\xfd\n")
    (folder / "page.html").write_bytes(b"<script>alert(1)</script>")
    (folder / "ok.txt").write_bytes("มาตรา 1 ข้อความ".encode())
    (folder / "ok-own.csv").write_bytes("comment,text\n1,ดี\n".encode())
    yield from (folder / name for name in ("entities.docx", "not-utf8.csv", "page.html"))
    yield from (folder / name for name in ("ok.txt", "ok-own.csv"))


def _word(document: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", document)
    return data.getvalue()


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What every importer made of every file."""
    files = [*own_files(tmp_path_factory.mktemp("files"))]
    files += sorted(path for path in (FOLDER / "files").glob("*") if path.is_file())
    command = [sys.executable, "-m", "tests.security.file_probe", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def expectations() -> dict[str, str]:
    """What the collection expects of each file, and what we expect of our own."""
    expected = {"zipslip.docx": "rejected", "bomb.docx": "rejected", "entities.docx": "rejected"}
    expected |= {"not-utf8.csv": "422", "page.html": "rejected"}
    expected |= {"ok.txt": "accepted", "ok-own.csv": "accepted"}
    path = FOLDER / "files.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        entry = json.loads(line)
        expected[entry["name"]] = entry["expect"]
    return expected


#: Which importer a kind of file is for. Sarn takes no PDF, picture or JSON: as documents they are
#: refused by kind, the well-formed ones too.
MEANT_FOR = {".docx": "document", ".txt": "document", ".csv": "comments"}


def test_no_file_crashes_an_importer_or_takes_long_or_much(
    probed: list[dict[str, object]], record: Record
) -> None:
    over = [
        {**one, "text": ""}
        for one in probed
        if str(one["outcome"]).startswith("crashed")
        or float(str(one["seconds"])) > MOST_SECONDS
        or float(str(one["megabytes"])) > MOST_MEGABYTES
    ]
    record(
        "files",
        readings=len(probed),
        over=len(over),
        longest_seconds=round(max(float(str(one["seconds"])) for one in probed), 2),
        most_megabytes=round(max(float(str(one["megabytes"])) for one in probed)),
    )
    assert over == []


def test_every_file_ends_as_its_collection_expects(probed: list[dict[str, object]]) -> None:
    expected, wrong = expectations(), []
    for one in probed:
        name, outcome = str(one["file"]), str(one["outcome"])
        if one["reader"] != MEANT_FOR.get(Path(name).suffix, "document"):
            continue
        if name.startswith("multipart_"):
            continue  # a request's body, tried as one below; as a document it is plain text
        wish = expected[name]
        if wish.startswith(("422", "413", "rejected")) and " or accepted" not in wish:
            allowed = outcome.startswith("refused")
        elif wish.startswith("accepted") and Path(name).suffix in MEANT_FOR:
            allowed = outcome == "accepted" or "or 422" in wish
        else:
            allowed = not outcome.startswith("crashed")
        if not allowed:
            wrong.append(f"{name}: {outcome}, expected {wish}")
    assert wrong == []


def test_scans_are_pictures_drawn_anew_or_pages_without_deeds(
    probed: list[dict[str, object]],
) -> None:
    found = {str(one["file"]): str(one["outcome"]) for one in probed if one["reader"] == "scan"}
    harmless = {"ok.png", "gps_text.png", "ok_min.pdf", "noxref.pdf"}
    # Never opened here, only given to the two people to save.
    harmless |= {"deep_array.pdf", "mediabox_huge.pdf"}
    assert {name for name, outcome in found.items() if outcome == "accepted"} <= harmless


def test_files_of_other_kinds_are_refused_by_name(probed: list[dict[str, object]]) -> None:
    kinds = {Path(str(one["file"])).suffix: one for one in probed if one["reader"] == "document"}
    for ending in (".html", ".pdf", ".png", ".svg", ".gif", ".json", ".gz"):
        if ending in kinds:
            assert kinds[ending]["outcome"] == "refused: document.kind"


def test_what_is_hidden_in_a_document_stays_out(probed: list[dict[str, object]]) -> None:
    shown = [one["file"] for one in probed if any(w in str(one["text"]) for w in NEVER_SHOWN)]
    assert shown == []


def test_the_probe_notices_what_it_looks_for(tmp_path: Path) -> None:
    """The control: a reader that crashes, and one that takes memory, are seen."""
    code = (
        "from tests.security import file_probe as p\n"
        "p.READERS['greedy'] = lambda path: 'x' * 300_000_000\n"
        "p.READERS['broken'] = lambda path: 1 / 0\n"
        "import json, pathlib\n"
        "for name in ('greedy', 'broken'):\n"
        "    print(json.dumps(p.probe(name, pathlib.Path('x'))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    greedy, broken = (json.loads(line) for line in done.stdout.splitlines())
    assert greedy["megabytes"] > MOST_MEGABYTES
    assert broken["outcome"] == "crashed: ZeroDivisionError"
    kinds = {"document", "comments", "polis", "population", "sheet", "scan"}
    assert set(READERS) == kinds


def sent(client: FlaskClient, address: str, field: str, name: str, data: bytes) -> TestResponse:
    form = {field: (io.BytesIO(data), name), "source": "a source"}
    return client.post(address, data=form, content_type="multipart/form-data")


def test_no_name_of_a_file_leads_anywhere(attacked: Flask, client_as: As, record: Record) -> None:
    officer, folder = client_as("officer"), Path(attacked.instance_path)
    before = {path for path in folder.parent.rglob("*") if "-wal" not in path.name}
    hits, tries = [], 0
    names = [*payloads("filename"), *OWN["traversal"], *payloads("traversal")[:60]]
    for address, field in UPLOADS:
        for name in names:
            for ending in ("", ".docx"):
                tries += 1
                answer = sent(officer, address, field, f"{name}{ending}", b"PK\x03\x04 broken")
                if (
                    answer.status_code not in (200, 303, 400, 409, 422)
                    or "alert(1)>" in answer.text
                ):
                    hits.append(f"{address} {name!r}: {answer.status_code}")
    after = {path for path in folder.parent.rglob("*") if "-wal" not in path.name}
    record("file names", tries=tries, hits=len(hits))
    assert hits == []
    assert {path for path in after - before if not path.name.endswith("-shm")} == set()


def test_no_address_leads_to_a_file_of_the_machine(
    attacked: Flask, client_as: As, record: Record
) -> None:
    hits, tries = [], 0
    for pattern in DOWNLOADS:
        for value in payloads("traversal"):
            tries += 1
            answer = client_as("officer").get(pattern.format(value.replace("?", "%3F")))
            if answer.status_code >= 500 or b"root:x:" in answer.data or b"[fonts]" in answer.data:
                hits.append(f"{pattern} {value!r}: {answer.status_code}")
    record("paths", tries=tries, hits=len(hits))
    assert hits == []


def test_a_sound_document_is_taken(attacked: Flask, client_as: As) -> None:
    """The control: it is read, and put aside only because the sample's draft is published."""
    address, field = UPLOADS[0]
    words = "หมวด 1 บททั่วไป\nมาตรา 1 ข้อความของมาตรา".encode()
    answer = sent(client_as("officer"), address, field, "ร่าง ../../ฉบับที่ 1.txt", words)
    assert answer.status_code in (303, 409)


def test_a_file_that_is_too_large_is_refused(attacked: Flask, client_as: As) -> None:
    address, field = UPLOADS[0]
    large = sent(client_as("officer"), address, field, "a.txt", b"x" * 28_000_000)
    assert large.status_code == 413


# Werkzeug leaves what it had spooled of a refused body to the collector of garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_of_very_many_parts_is_refused(attacked: Flask, client_as: As) -> None:
    fields = {f"field{number}": "x" for number in range(600)}
    answer = client_as("officer").post(
        UPLOADS[0][0], data=fields, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
