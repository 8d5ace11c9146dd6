"""Where the points of comments come from besides words: the interface of embedders and two extras.

The default needs none of these. The extras are imported or called only when they are asked for.
"""

import hashlib
import json
import time
import urllib.request
from collections.abc import Callable, MutableMapping, Sequence
from http.client import HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from analysis.errors import AnalysisError
from analysis.texts.features import Points, unit
from analysis.texts.parameters import ThemeParameters
from analysis.texts.personal_data import mask_personal_data

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_ANSWER = 200_000_000  # bytes read of one answer
_PART = 1_000_000  # bytes read at once


class EmbedderError(AnalysisError):
    """An embedder cannot be used or has failed; the analysis goes on without it."""


class Embedder(Protocol):
    """Turns texts into points whose nearness is likeness of meaning.

    Attributes
    ----------
    id, version : str
        Written into the report; the same pair gives the same points.
    languages : frozenset of str or None
        Language codes that it claims to understand; None for any.
    offline : bool
        Whether texts stay on this machine.
    """

    id: str
    version: str
    languages: frozenset[str] | None
    offline: bool

    def embed(self, texts: Sequence[str]) -> Points:
        """Return one row per text, unit length; a row depends on its own text only.

        Raises
        ------
        EmbedderError
            If the points cannot be made.
        """
        ...


class SentenceTransformersEmbedder:
    """A model of the sentence-transformers package in a local folder; texts stay here.

    Raises
    ------
    EmbedderError
        If the package is not installed or the folder holds no model.
    """

    offline = True

    def __init__(self, folder: Path, *, languages: frozenset[str] | None = None) -> None:
        if not folder.is_dir():
            raise EmbedderError(f"{folder}: no folder with a model; name a local folder")
        try:
            package = import_module("sentence_transformers")
        except ImportError as error:
            raise EmbedderError(
                "sentence-transformers is not installed; install it or leave the embedder out"
            ) from error
        self.id = f"sentence-transformers:{folder.name}"
        self.version = _fingerprint(folder)
        self.languages = languages
        self._model = package.SentenceTransformer(str(folder), local_files_only=True)

    def embed(self, texts: Sequence[str]) -> Points:
        """Return one row per text, unit length."""
        made = self._model.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True)
        return unit(np.asarray(made, dtype=np.float32))


class OpenAICompatibleEmbedder:
    """A service with the embeddings call of OpenAI's interface; texts leave this machine.

    Parameters
    ----------
    url : str
        Address of the service up to and without ``/embeddings``; https, or http on this machine.
    model : str
        Name of the model.
    consent : bool
        The officer's statement that the texts may leave; without it nothing is sent.
    key : str, optional
        Sent as bearer token; never written anywhere.
    cache : mutable mapping, optional
        Points by the SHA-256 of model and text, kept by the caller between runs.
    send : callable, optional
        Takes a request and a timeout and returns the answer's bytes; replaced in tests.

    Raises
    ------
    EmbedderError
        Without consent, or for an address that would send texts in the clear.
    """

    offline = False

    def __init__(
        self,
        url: str,
        model: str,
        *,
        consent: bool,
        key: str = "",
        cache: MutableMapping[str, list[float]] | None = None,
        send: Callable[[urllib.request.Request, float], bytes] | None = None,
        parameters: ThemeParameters | None = None,
    ) -> None:
        if not consent:
            raise EmbedderError("this embedder sends texts away; it needs explicit consent")
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise EmbedderError(f"{url}: texts travel by https only; give an https address")
        self.id = f"openai-compatible:{parts.hostname}"
        self.version = model
        self.languages: frozenset[str] | None = None
        self._url = url.rstrip("/") + "/embeddings"
        self._key = key
        self._cache = cache if cache is not None else {}
        self._send = send or _send
        self._parameters = parameters or ThemeParameters()

    def embed(self, texts: Sequence[str]) -> Points:
        """Return one row per text, unit length; personal data is masked before it leaves."""
        masked = [mask_personal_data(text) for text in texts]
        names = [self._name(text) for text in masked]
        missing = {
            name: text for name, text in zip(names, masked, strict=True) if name not in self._cache
        }
        batch = self._parameters.embedder_batch
        todo = list(missing.items())
        for start in range(0, len(todo), batch):
            part = todo[start : start + batch]
            rows = self._ask([text for _, text in part])
            self._cache.update(zip((name for name, _ in part), rows, strict=True))
        rows = [self._cache[name] for name in names]
        if len({len(row) for row in rows}) > 1:
            raise EmbedderError(f"{self.id}: points of different lengths; empty the cache")
        return unit(np.array(rows, dtype=np.float32))

    def _name(self, text: str) -> str:
        data = f"{self.version}\n{text}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()

    def _ask(self, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": self.version, "input": texts}).encode()
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked when it is made
            self._url, data=body, headers=headers, method="POST"
        )
        try:
            answer = json.loads(self._send(request, self._parameters.embedder_timeout))
        except (OSError, ValueError, HTTPException, RecursionError) as error:
            raise EmbedderError(f"{self.id}: no usable answer ({type(error).__name__})") from error
        return _rows(answer, len(texts), self.id)


def _rows(answer: Any, count: int, name: str) -> list[list[float]]:
    try:
        entries = sorted(answer["data"], key=lambda entry: int(entry["index"]))
        rows = [[float(value) for value in entry["embedding"]] for entry in entries]
    except (KeyError, TypeError, ValueError) as error:
        raise EmbedderError(f"{name}: the answer has another form") from error
    widths = {len(row) for row in rows}
    finite = all(np.isfinite(row).all() for row in rows)
    if len(rows) != count or len(widths) != 1 or not finite:
        raise EmbedderError(f"{name}: the answer does not hold one point per text")
    return rows


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to follow: texts and key are for the address that was agreed to."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _send(request: urllib.request.Request, timeout: float) -> bytes:
    """Return the answer; the time is for all of it, so that a slow drip ends too."""
    end = time.monotonic() + timeout
    parts = bytearray()
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
        while part := answer.read1(_PART):
            parts += part
            if time.monotonic() > end:
                raise TimeoutError("the answer takes too long")
            if len(parts) > _MOST_ANSWER:
                raise ValueError("the answer is too long")
    return bytes(parts)


def _fingerprint(folder: Path) -> str:
    """Return a digest of the names and sizes of a model's files."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
    return total.hexdigest()[:16]
