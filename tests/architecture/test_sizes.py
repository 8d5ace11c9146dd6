"""Budgets on size: a file or function that outgrows them is split, not excused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "analysis", "consultations", "moderation", "app")
MODULE, FUNCTION, VIEW, CLASS, TEMPLATE, TEST, CONFTEST = 300, 40, 25, 150, 120, 400, 120


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def body_lines(node: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def is_view(node: ast.FunctionDef) -> bool:
    return any("blueprint" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_modules_are_short() -> None:
    assert {str(p.relative_to(ROOT)): lines(p) for p in sources() if lines(p) > MODULE} == {}


def test_functions_and_classes_fit_a_screen() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                limit = VIEW if is_view(node) else FUNCTION
                if body_lines(node) > limit:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = body_lines(node)
            elif isinstance(node, ast.ClassDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > CLASS:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_templates_are_short() -> None:
    found = sorted((ROOT / "app/templates").rglob("*.html"))
    assert {str(p.relative_to(ROOT)): lines(p) for p in found if lines(p) > TEMPLATE} == {}


@pytest.mark.parametrize(("pattern", "limit"), [("test_*.py", TEST), ("conftest.py", CONFTEST)])
def test_tests_are_short(pattern: str, limit: int) -> None:
    found = sorted((ROOT / "tests").rglob(pattern))
    assert {str(p.relative_to(ROOT)): lines(p) for p in found if lines(p) > limit} == {}
