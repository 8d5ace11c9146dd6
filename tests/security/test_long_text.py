"""Whatever a stranger writes, at the longest that is taken, is read or refused in words.

How long it takes is measured by ``python -m benchmarks hostile_text``.
"""

import pytest

from core.errors import PlatformError
from core.text import words
from tests.security.readers_of_text import READERS, hostile_texts

#: Characters of each text here; the benchmark goes to the longest.
LENGTH = 800


@pytest.mark.parametrize("name", sorted(READERS))
def test_hostile_text_is_read_or_refused(name: str) -> None:
    read, most = READERS[name]
    for value in hostile_texts(min(most, LENGTH)):
        try:
            read(value)
        except PlatformError:
            continue


def test_segments_lose_nothing_of_a_hostile_text() -> None:
    for value in hostile_texts(500):
        assert "".join(words(value)) == value
