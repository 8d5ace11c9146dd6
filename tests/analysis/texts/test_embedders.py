"""Embedders: consent, masks, cache, refusal by probe, and the way back to the default."""

import json
import sys
import types
from urllib.error import URLError

import numpy as np
import pytest

from analysis.texts.embedders import (
    EmbedderError,
    OpenAICompatibleEmbedder,
    SentenceTransformersEmbedder,
)
from analysis.texts.parameters import ThemeParameters
from analysis.texts.probe import judge, subject_agreement
from analysis.texts.probe_sentences import PROBE
from analysis.themes.pipeline import analyse_comments
from tests.analysis.text_samples import THAI, comments_on, table_of

PARAMETERS = ThemeParameters()
TEXTS, SUBJECTS = comments_on(THAI)
KNOWN = {
    text: number
    for language in PROBE.values()
    for number, group in enumerate(language.values())
    for text in group
} | {text: sorted(THAI).index(name) for text, name in zip(TEXTS, SUBJECTS, strict=True)}


class Knowing:
    """Knows the subject of every sentence of the probe and of the tests."""

    id, version, languages, offline = "knowing", "1", None, True

    def embed(self, texts):
        return np.eye(8, dtype=np.float32)[[KNOWN[text] for text in texts]]


class Ignorant(Knowing):
    """Gives every text a point by its length."""

    id = "ignorant"

    def embed(self, texts):
        angles = np.array([len(text) * 2.4 for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


class Failing(Knowing):
    """Never answers."""

    def embed(self, texts):
        raise EmbedderError("no answer")


def service(answers, **options):
    """Return an embedder whose requests are collected instead of sent."""
    sent = []

    def send(request, timeout):
        sent.append((request, json.loads(request.data), timeout))
        return answers(sent[-1][1]["input"])

    made = OpenAICompatibleEmbedder(
        "https://models.example.org/v1", "m", **{"consent": True, "send": send, **options}
    )
    return made, sent


def points(texts):
    rows = [{"index": n, "embedding": [1.0, float(len(t))]} for n, t in enumerate(texts)]
    return json.dumps({"data": rows[::-1]}).encode()


@pytest.mark.parametrize("language", sorted(PROBE))
def test_the_probe_accepts_what_knows_more_and_refuses_what_knows_less(language):
    good = judge(Knowing(), language, PARAMETERS)
    bad = judge(Ignorant(), language, PARAMETERS)
    assert good.accepted
    assert good.agreement == 1
    assert not bad.accepted
    assert bad.agreement < bad.default == good.default


def test_a_language_without_probe_or_claim_is_refused():
    assert not judge(Knowing(), "lo", PARAMETERS).accepted
    english_only = Knowing()
    english_only.languages = frozenset({"en"})
    assert not judge(english_only, "th", PARAMETERS).accepted


def test_the_probe_holds_five_subjects_of_equal_size():
    for groups in PROBE.values():
        assert [len(group) for group in groups.values()] == [6] * 5


def test_agreement_counts_neighbours_of_the_same_subject():
    rows = np.repeat(np.eye(2, dtype=np.float32), 6, axis=0)
    assert subject_agreement(rows, ["a"] * 6 + ["b"] * 6) == 1


def test_an_accepted_embedder_is_used_and_named():
    report = analyse_comments(table_of(TEXTS), embedder=Knowing())
    named = report.engine["embedder"]
    assert (named["id"], named["languages"]["th"]["outcome"]) == ("knowing", "used")
    by_comment = {comment: theme.id for theme in report.themes for comment in theme.comments}
    for name in THAI:
        ids = [by_comment[f"c{n}"] for n, subject in enumerate(SUBJECTS) if subject == name]
        others = {by_comment[f"c{n}"] for n, s in enumerate(SUBJECTS) if s != name}
        assert not set(ids) & others


@pytest.mark.parametrize(("embedder", "outcome"), [(Ignorant(), "refused"), (Failing(), "failed")])
def test_the_default_does_alone_when_the_embedder_is_refused_or_fails(embedder, outcome):
    report = analyse_comments(table_of(TEXTS), embedder=embedder)
    assert report.engine["embedder"]["languages"]["th"]["outcome"] == outcome
    assert report.themes == analyse_comments(table_of(TEXTS)).themes


def test_nothing_leaves_without_consent_or_in_the_clear():
    with pytest.raises(EmbedderError, match="consent"):
        OpenAICompatibleEmbedder("https://models.example.org", "m", consent=False)
    for url in ("http://models.example.org", "file:///etc/passwd", "models.example.org"):
        with pytest.raises(EmbedderError, match="https"):
            OpenAICompatibleEmbedder(url, "m", consent=True)
    assert OpenAICompatibleEmbedder("http://127.0.0.1:8080/v1", "m", consent=True).offline is False


def test_personal_data_is_masked_before_it_leaves():
    embedder, sent = service(points)
    embedder.embed(["โทร 081-234-5678", "mail me at a.b@example.org"])
    assert sent[0][1] == {"model": "m", "input": ["โทร [phone]", "mail me at [email]"]}


def test_texts_are_sent_once_and_in_batches():
    embedder, sent = service(points)
    texts = [f"text {'x' * n}" for n in range(100)]
    first = embedder.embed(texts)
    second = embedder.embed(texts[::-1])
    assert [len(body["input"]) for _, body, _ in sent] == [64, 36]
    assert np.array_equal(first, second[::-1])
    assert np.allclose(np.linalg.norm(first, axis=1), 1)


def test_the_key_travels_in_the_header_only():
    embedder, sent = service(points, key="secret")
    embedder.embed(["a"])
    request, body, timeout = sent[0]
    assert request.get_header("Authorization") == "Bearer secret"
    assert "secret" not in json.dumps(body) + request.full_url
    assert timeout == PARAMETERS.embedder_timeout


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        b"{}",
        b'{"data": []}',
        b'{"data": [{"index": 0, "embedding": ["x"]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN]}]}',
    ],
)
def test_a_strange_answer_is_a_failure(answer):
    embedder, _ = service(lambda _: answer)
    with pytest.raises(EmbedderError):
        embedder.embed(["a"])


def test_an_unreachable_service_is_a_failure():
    def fail(_):
        raise URLError("refused")

    embedder, _ = service(fail)
    with pytest.raises(EmbedderError):
        embedder.embed(["a"])


def test_a_local_model_needs_its_folder_and_its_package(tmp_path, monkeypatch):
    with pytest.raises(EmbedderError, match="no folder"):
        SentenceTransformersEmbedder(tmp_path / "none")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match="not installed"):
        SentenceTransformersEmbedder(tmp_path)


def test_a_local_model_is_opened_without_the_network(tmp_path, monkeypatch):
    opened = []

    class Model:
        def __init__(self, folder, **options):
            opened.append((folder, options))

        def encode(self, texts, **_):
            return np.array([[3.0, 4.0]] * len(texts))

    package = types.SimpleNamespace(SentenceTransformer=Model)
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    (tmp_path / "weights").write_bytes(b"x")
    embedder = SentenceTransformersEmbedder(tmp_path)
    assert opened == [(str(tmp_path), {"local_files_only": True})]
    assert np.allclose(embedder.embed(["a", "b"]), [[0.6, 0.8]] * 2)
    assert embedder.offline
