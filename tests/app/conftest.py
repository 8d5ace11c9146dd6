"""Pages are tried on SQLite; with SARN_TEST_PAGES=all on PostgreSQL too.

What they call is tried on both databases by the tests of the packages below the shell.
"""

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("SARN_TEST_PAGES") == "all":
        return
    left_out = [item for item in items if "/tests/app/" in str(item.path) and _is_second(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_second(item: pytest.Item) -> bool:
    return "postgresql" in item.name.partition("[")[2]
