"""The layers hold: the contracts of pyproject.toml, and rules that are cheaper as a few lines."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "analysis", "consultations", "moderation", "app")


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_nothing_is_imported_inside_a_function() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_only_one_module_commits() -> None:
    committing = {
        str(path.relative_to(ROOT))
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing == {"app/transactions.py"}


def test_only_the_clock_reads_the_time() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert readers == {"core/clock.py"}


@pytest.mark.parametrize("word", ["Markup(", "|safe", "| safe", ".innerHTML", "eval("])
def test_nothing_prints_unescaped(word: str) -> None:
    endings = {".py", ".html", ".js"}
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*")
        if path.suffix in endings
        and "vendor" not in path.parts
        and "build" not in path.parts
        and word in path.read_text(encoding="utf-8")
    ]
    assert found == []
