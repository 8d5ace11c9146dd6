"""What axe finds wrong with a page, by WCAG 2.2 A and AA."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Return each broken rule with the places that break it."""
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    return [
        f"{page.url} {rule['id']}: {node['target']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
