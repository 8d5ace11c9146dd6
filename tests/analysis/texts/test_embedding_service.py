"""The embedder against a real server on this machine: good answers, bad ones, slow ones."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from analysis.texts.embedders import EmbedderError, OpenAICompatibleEmbedder
from analysis.texts.parameters import ThemeParameters
from analysis.themes.pipeline import analyse_comments
from tests.analysis.text_samples import THAI, comments_on, table_of

QUICK = replace(ThemeParameters(), embedder_timeout=0.3)
Answer = Callable[[BaseHTTPRequestHandler, list[str]], None]
TEXTS, _ = comments_on(THAI)


def points(handler: BaseHTTPRequestHandler, texts: list[str]) -> None:
    rows = [{"index": n, "embedding": [1.0, float(len(text))]} for n, text in enumerate(texts)]
    reply(handler, 200, json.dumps({"data": rows}).encode())


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run a server that answers each request so; yield its address and what it was sent."""
    sent: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sent.append({"path": self.path, "key": self.headers["Authorization"], **body})
            answer(self, body["input"])

        def do_GET(self) -> None:
            sent.append({"path": self.path, "key": self.headers["Authorization"]})
            reply(self, 200, b"{}")

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", sent
    finally:
        server.shutdown()
        server.server_close()


def test_texts_travel_masked_in_batches_and_once() -> None:
    with serving(points) as (url, sent):
        embedder = OpenAICompatibleEmbedder(url, "m", consent=True, key="secret")
        found = embedder.embed(["โทร 081-234-5678", *(f"text {n}" for n in range(99))])
        embedder.embed(["text 7"])
    assert found.shape == (100, 2)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert [len(body["input"]) for body in sent] == [64, 36]
    assert sent[0]["input"][0] == "โทร [phone]"
    assert {body["path"] for body in sent} == {"/v1/embeddings"}
    assert {body["key"] for body in sent} == {"Bearer secret"}


def hang_up(handler: BaseHTTPRequestHandler, _: list[str]) -> None:
    handler.wfile.write(b"nonsense without a status\r\n\r\n")


def cut_short(handler: BaseHTTPRequestHandler, _: list[str]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')


def drip(handler: BaseHTTPRequestHandler, _: list[str]) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(_handler: BaseHTTPRequestHandler, _: list[str]) -> None:
    time.sleep(0.6)


BAD: dict[str, Answer] = {
    "server error": lambda handler, _: reply(handler, 500, b"{}"),
    "refused": lambda handler, _: reply(handler, 401, b"{}"),
    "no status": hang_up,
    "cut short": cut_short,
    "slow drip": drip,
    "silence": silent,
    "deep": lambda handler, _: reply(handler, 200, b"[" * 100_000),
    "a text": lambda handler, _: reply(handler, 200, b'"hello"'),
    "no points": lambda handler, _: reply(handler, 200, b'{"data": []}'),
    "not UTF-8": lambda handler, _: reply(handler, 200, b"\xff\xfe"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_failure_and_not_a_crash(name: str) -> None:
    with serving(BAD[name]) as (url, _):
        embedder = OpenAICompatibleEmbedder(url, "m", consent=True, parameters=QUICK)
        with pytest.raises(EmbedderError):
            embedder.embed(["a text"])


def test_the_key_does_not_follow_a_redirect() -> None:
    with serving(points) as (other, received):
        with serving(lambda handler, _: reply(handler, 302, b"", Location=other)) as (url, _):
            embedder = OpenAICompatibleEmbedder(url, "m", consent=True, key="secret")
            with pytest.raises(EmbedderError):
                embedder.embed(["a text"])
        assert received == []


def test_points_of_changing_length_are_a_failure() -> None:
    def growing(handler: BaseHTTPRequestHandler, texts: list[str]) -> None:
        rows = [{"index": n, "embedding": [1.0] * len(texts)} for n in range(len(texts))]
        reply(handler, 200, json.dumps({"data": rows}).encode())

    with serving(growing) as (url, _):
        embedder = OpenAICompatibleEmbedder(url, "m", consent=True)
        with pytest.raises(EmbedderError, match="different lengths"):
            embedder.embed([f"text {n}" for n in range(100)])


def test_a_failing_service_leaves_the_default_to_do_the_work() -> None:
    with serving(BAD["server error"]) as (url, _):
        embedder = OpenAICompatibleEmbedder(url, "m", consent=True)
        report = analyse_comments(table_of(TEXTS), embedder=embedder)
    assert report.themes == analyse_comments(table_of(TEXTS)).themes
