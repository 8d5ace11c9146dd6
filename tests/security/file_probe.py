"""Reads files with the product's importers, each in a process of its own, and measures it.

Run as a program: ``python -m tests.security.file_probe FILE...``; prints one JSON line for each.
"""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from consultations import importing, strata
from consultations.documents import read_with_losses
from consultations.offline import scans, sheets
from core.errors import PlatformError

#: Seconds and bytes of address space from which on a reader is stopped.
SECONDS, SPACE = 60, 8_000_000_000


def _document(path: Path) -> str:
    lines, _losses = read_with_losses(path.read_bytes(), path.name)
    return "\n".join(line.text for line in lines)


def _comments(path: Path) -> str:
    """Read comments; the collection calls the column of their numbers otherwise."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes().replace(b"external_id", b"comment"))
        return "\n".join(importing.read_comments(copy).texts)


def _polis(path: Path) -> str:
    with TemporaryDirectory() as folder:
        for name in ("comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"):
            (Path(folder) / name).write_bytes(path.read_bytes())
        return str(len(importing.read_polis(Path(folder)).statements))


def _population(path: Path) -> str:
    return str(strata.read_population(path.read_bytes()))


def _sheet(path: Path) -> str:
    """Read a sheet of responses, whatever the file is called."""
    ending = ".xlsx" if path.suffix == ".docx" else ".csv"
    return str(sheets.read_sheet(path.read_bytes(), f"a{ending}"))


def _scan(path: Path) -> str:
    return scans.checked(path.read_bytes()).kind


READERS: dict[str, Callable[[Path], str]] = {
    "document": _document,
    "comments": _comments,
    "polis": _polis,
    "population": _population,
    "sheet": _sheet,
    "scan": _scan,
}


def probe(name: str, path: Path) -> dict[str, object]:
    """Read a file in a process of its own; say how it ended, how long it took and what it held."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as out:
            json.dump(_read(name, path), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as given:
        text = given.read()
    _child, status = os.waitpid(child, 0)
    outcome = json.loads(text) if text else {"outcome": f"crashed: {status}"}
    return {"reader": name, "file": path.name, **outcome}


def _read(name: str, path: Path) -> dict[str, object]:
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    Path("/proc/self/clear_refs").write_text("5")
    before, began = _peak(), time.perf_counter()
    text = ""
    try:
        text = READERS[name](path)
        outcome = "accepted"
    except PlatformError as error:
        outcome = f"refused: {error.code}"
    except BaseException as error:
        outcome = f"crashed: {type(error).__name__}"
    seconds = time.perf_counter() - began
    return {
        "outcome": outcome,
        "seconds": seconds,
        "megabytes": (_peak() - before) / 1000,
        "text": text[:10_000],
    }


def _peak() -> int:
    """Return the most that this process has held at once, in kilobytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    for given in sys.argv[1:]:
        for reader in READERS:
            print(json.dumps(probe(reader, Path(given))), flush=True)
