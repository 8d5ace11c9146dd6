"""Documents tell the truth: what exists is described, and what is described exists."""

import ast
import re
from pathlib import Path

import pytest

from app.words import PROBLEMS
from core.database import Base

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "consultations", "moderation", "app")
FAMILIES = {
    "NotFoundError",
    "NotAllowedError",
    "InvalidError",
    "ConflictError",
    "ThrottledError",
    "BusyError",
}


def test_every_model_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    models = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert {model for model in models if not re.search(rf"\b{model}\b", glossary)} == set()


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    source = (ROOT / "app/config.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'"(SARN_[A-Z_]+)"', source))
    assert {name for name in settings if name not in readme} == set()


def codes() -> dict[str, str]:
    """Error codes raised anywhere, and where."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in FAMILIES
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found[str(node.args[0].value)] = str(path.relative_to(ROOT))
    return found


def test_every_error_code_has_a_sentence() -> None:
    assert {code: where for code, where in codes().items() if code not in PROBLEMS} == {}


def test_decisions_are_numbered_without_gap() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_paths_in_documents_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:app|core|consultations|moderation|analysis|docs|tests|vendor)/[\w./-]+)`", text
        )
    )
    missing = {path for path in named if not (ROOT / path).exists()}
    assert missing == set()


def named_tests() -> set[str]:
    """Every test file and test function that the pages on methods name."""
    pages = sorted((ROOT / "docs").glob("methods*.md"))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return set(re.findall(r"\btest_\w+(?:\.py)?", text))


def test_every_test_that_the_methods_name_exists() -> None:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    known = {path.name for path in files}
    for path in files:
        known.update(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M))
    assert named_tests() - known == set()


def test_every_module_that_the_methods_name_exists() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("methods*.md"))
    known = {path.name for path in [*ROOT.glob("analysis/**/*.py"), *ROOT.glob("benchmarks/*.py")]}
    known |= {path.name for path in ROOT.glob("tests/**/*.py")}
    known |= {path.name for path in ROOT.glob("consultations/**/*.py")}
    named = {path.rsplit("/", 1)[-1] for path in re.findall(r"`([\w/]+\.py)", text)}
    assert named - known == set()
