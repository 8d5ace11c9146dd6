"""Files that are built from vendored and own sources: equal to them, light, and on record."""

import gzip
import hashlib
import json
import re

import brotli
import pytest

from app.static_files import PACKED
from tests.app.test_components import OWN_STYLES, ROOT, STATIC, TEMPLATES

LARGEST_STYLESHEET = 16_000
#: Names of GOV.UK Frontend that templates use and that have no rules of their own there.
WITHOUT_STYLE = {
    "govuk-checkboxes",
    "govuk-file-upload",
    "govuk-file-upload--error",
    "govuk-input--width",
    "govuk-radios",
    "govuk-table__body",
    "govuk-table__caption--s",
    "govuk-table__head",
    "govuk-table__row",
}


def test_the_built_stylesheet_equals_its_sources():
    sources = [STATIC / "vendor" / "govuk-frontend" / "govuk.css", *OWN_STYLES]

    assert (STATIC / "build" / "sarn.css").read_text() == "".join(map(_compact, sources))


def test_the_built_scripts_equal_their_sources():
    sources = sorted((STATIC / "js").glob("*.js"))

    built = "".join(f"{{\n{path.read_text()}}}\n" for path in sources)

    htmx = (STATIC / "vendor" / "htmx" / "htmx.min.js").read_text()
    assert (STATIC / "build" / "sarn.js").read_text() == built
    assert (STATIC / "build" / "sarn-htmx.js").read_text() == (
        f"{htmx}\nwindow.htmx = htmx;\n{built}"
    )


@pytest.mark.parametrize("name", sorted(PACKED))
def test_the_packed_forms_of_a_built_file_hold_the_file(name):
    whole = (STATIC / name).read_bytes()

    assert brotli.decompress((STATIC / f"{name}.br").read_bytes()) == whole
    assert gzip.decompress((STATIC / f"{name}.gz").read_bytes()) == whole


def test_every_class_of_the_vendored_styles_that_a_template_names_is_kept():
    vendored = (STATIC / "vendor" / "govuk-frontend" / "govuk.css").read_text()
    named = {
        word
        for path in TEMPLATES.rglob("*.html")
        for word in re.findall(r"govuk-[\w-]+(?<!-)", path.read_text())
    }
    kept = set(re.findall(r"\.(govuk-[\w-]+)", vendored))

    assert named - kept <= WITHOUT_STYLE


def test_every_vendored_and_built_file_has_its_sum_on_record():
    sums = (line.split("  ", 1) for line in (ROOT / "vendor/SHA256SUMS").read_text().splitlines())
    recorded = {name: digest for digest, name in sums}
    folders = ("build", "fonts", "vendor")
    present = [path for folder in folders for path in (STATIC / folder).rglob("*.*")]
    present += (STATIC / "img").glob("*.png")
    present += (ROOT / "consultations/reporting/fonts").iterdir()

    found = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in present
    }

    assert found == recorded


def test_the_stylesheet_is_light_and_carries_no_foreign_brand():
    styles = (STATIC / "build" / "sarn.css").read_text()

    addresses = re.findall(r"url\(([^)]*)\)", styles)

    assert all(address.startswith('"../fonts/sarabun-') for address in addresses)
    assert "GDS Transport" not in styles
    assert "crest" not in styles
    assert len(gzip.compress(styles.encode(), mtime=0)) <= LARGEST_STYLESHEET


def test_every_icon_of_the_manifest_has_the_size_it_states():
    icons = json.loads((STATIC / "manifest.webmanifest").read_text())["icons"]
    for icon in icons:
        content = (STATIC / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(content[i : i + 4], "big") for i in (16, 20))
            assert icon["sizes"] == f"{width}x{height}"


def _compact(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    lines = (line.strip() for line in text.split("\n"))
    text = "".join(f"{line}\n" for line in lines if line)

    def versioned(found):
        digest = hashlib.sha256((STATIC / found[1]).read_bytes()).hexdigest()
        return f'url("../{found[1]}?v={digest[:10]}")'

    return re.sub(r'url\("\.\./(fonts/[^"]+)"\)', versioned, text)
