"""Reads the inventory: what is kept about people, why, on which ground, and for how long."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.retention import Rule

PATH = Path(__file__).with_name("inventory.toml")
#: Classes of columns, as the head of the file explains them.
CLASSES = ("personal", "secret", "link", "words", "opinion", "staff", "plain")


@dataclass(frozen=True)
class Group:
    """What is kept for one purpose; texts in Thai and English."""

    key: str
    basis: str
    title_th: str
    title_en: str
    purpose_th: str
    purpose_en: str
    period_th: str
    period_en: str


@dataclass(frozen=True)
class Table:
    """One table: its group, its columns by class, and when its rows are deleted."""

    name: str
    group: str
    columns: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Inventory:
    """The whole file."""

    groups: tuple[Group, ...]
    tables: tuple[Table, ...]

    @property
    def personal(self) -> list[Group]:
        """The groups that hold something about people."""
        return [group for group in self.groups if group.basis != "none"]

    @property
    def rules(self) -> list[Rule]:
        """Everything that is deleted after a number of days."""
        return [rule for table in self.tables for rule in table.rules]


@lru_cache(maxsize=1)
def inventory() -> Inventory:
    """Return the inventory."""
    data = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return Inventory(
        groups=tuple(Group(key=key, **entry) for key, entry in data["group"].items()),
        tables=tuple(_table(name, entry) for name, entry in data["table"].items()),
    )


def record_of_processing() -> dict[str, Any]:
    """Return the record of processing activities, made from the inventory."""
    found = inventory()
    return {
        "activities": [
            {
                **vars(group),
                "tables": {
                    table.name: {
                        kind: list(names)
                        for kind, names in table.columns.items()
                        if kind != "plain"
                    }
                    for table in found.tables
                    if table.group == group.key
                },
                "recipients": "the public, under a pseudonym; no one outside the site otherwise",
                "transfer": "none",
            }
            for group in found.personal
        ]
    }


def _table(name: str, entry: dict[str, Any]) -> Table:
    return Table(
        name=name,
        group=entry["group"],
        columns={kind: tuple(entry.get(kind, ())) for kind in CLASSES},
        rules=tuple(
            Rule(name, each["since"], each["days"], each.get("only", {}))
            for each in entry.get("delete", ())
        ),
    )
