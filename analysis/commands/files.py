"""What the sub-commands share: reading reports, and writing a file whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError


def write_whole(path: Path, chunks: Iterable[str]) -> None:
    """Write text to a new file beside `path` and then put it in its place.

    Raises
    ------
    AnalysisError
        If the folder cannot be written to; nothing is left behind.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise AnalysisError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for chunk in chunks:
                file.write(chunk)
        # A temporary file is private; the result gets the permissions of any new file.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise AnalysisError(f"{path}: cannot be written ({error.strerror})") from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_report(path: Path) -> dict[str, Any]:
    """Read a report of any schema.

    Raises
    ------
    AnalysisError
        If the file is missing, not JSON or has no schema.
    """
    document = read_json(path)
    if not isinstance(document, dict) or "schema" not in document:
        raise AnalysisError(f'{path.name}: row 1, column 1: not a report; it has no "schema"')
    return document


def read_json(path: Path) -> Any:
    """Read a file of JSON.

    Raises
    ------
    AnalysisError
        If the file is missing or not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise AnalysisError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        place = (
            f"row {error.lineno}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "row 1, column 1"
        )
        raise AnalysisError(f"{path.name}: {place}: not JSON; give it as it was written") from error
