"""The closed list of rules by which a contribution may be restricted, as published to everyone.

Criticism of the government, of an agency, of a law or of an official's work is never a reason: no
rule covers it, and none may be added that does. Each version is a file of ``published_rules`` that
is never changed once decisions cite it; a new wording is a new file with the next number.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from core.errors import InvalidError

_FOLDER: Final = Path(__file__).with_name("published_rules")


@dataclass(frozen=True)
class Rule:
    """One published rule.

    Parameters
    ----------
    code : str
        Stable name, equal in every version.
    may_hide : bool
        Whether breaking it may take a contribution away for good. Otherwise it may only be held,
        so that its author can word it anew or join the discussion where it belongs.
    may_cover : bool
        Whether the words that break it may be covered while the rest stays published.
    name_th, name_en, scope_th, scope_en, example_th, example_en : str
        What it is called, what it covers and where it ends, and one example.
    """

    code: str
    may_hide: bool
    may_cover: bool
    name_th: str
    name_en: str
    scope_th: str
    scope_en: str
    example_th: str
    example_en: str


@dataclass(frozen=True)
class RulesVersion:
    """All rules as they stood from one day on, in the order in which they are shown."""

    version: str
    in_force_from: date
    #: What is different from the version before.
    changes_th: str
    changes_en: str
    rules: tuple[Rule, ...]


def _read(path: Path) -> RulesVersion:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return RulesVersion(
        version=content["version"],
        in_force_from=date.fromisoformat(content["in_force_from"]),
        changes_th=content["changes_th"],
        changes_en=content["changes_en"],
        rules=tuple(Rule(**rule) for rule in content["rules"]),
    )


#: Every version there ever was, the newest first.
VERSIONS: Final = tuple(
    sorted((_read(path) for path in _FOLDER.glob("*.json")), key=lambda it: int(it.version))[::-1]
)
#: The version in force; every decision keeps the one it used.
RULES_VERSION: Final = VERSIONS[0].version
RULES: Final = VERSIONS[0].rules
#: Rules that some version had, in their newest wording: old decisions cite them.
EVERY_RULE: Final = {rule.code: rule for version in reversed(VERSIONS) for rule in version.rules}

_BY_CODE: Final = {rule.code: rule for rule in RULES}


def find_rule(code: str) -> Rule:
    """Return the rule in force with this code.

    Raises
    ------
    InvalidError
        ``rule.needed`` when empty, ``rule.unknown`` when no rule has the code; field ``rule``.
    """
    if not code:
        raise InvalidError("rule.needed", field="rule")
    found = _BY_CODE.get(code)
    if found is None:
        raise InvalidError("rule.unknown", field="rule")
    return found
