"""Similarity of texts, offline."""

from __future__ import annotations

import csv
import gzip
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.preferences.models import text_similarity
from folkmoot.preferences.models.text_similarity import Embedding, TextSimilarity
from folkmoot.preferences.sentences import sentences
from folkmoot.profile import Agents, Answers, FloatArray, MissingExtraError, Profile, Scale, Statements

pytest.importorskip("wordllama")

RECORDED = Path(os.environ.get("FOLKMOOT_SHARED", Path(__file__).parents[3] / "shared"), "data", "prose")


def profile(texts: list[tuple[str, ...]], statements: list[str], scale: Scale | None = None) -> Profile:
    return Profile(
        Agents(tuple(f"p{i}" for i in range(len(texts))), tuple(texts)),
        Statements(tuple(f"s{i}" for i in range(len(statements))), tuple(statements)),
        Answers.none(scale) if scale else Answers.none(),
    )


def everything(model: TextSimilarity, source: Profile) -> FloatArray:
    return model.utilities(np.arange(source.n_agents), np.arange(source.n_statements))


SMALL = profile(
    [
        ("We need faster internet. The dog park is lovely!",),
        (),
        ("Bus service should run on Sundays", "schools need more teachers"),
        ("   \n?!",),
    ],
    [
        "High-speed internet for everyone",
        "The dog park is lovely!",
        "Run the buses on Sunday",
        "",
        "Hire more teachers",
    ],
)


def test_the_greatest_similarity_to_ones_own_sentences() -> None:
    utilities = everything(TextSimilarity(SMALL), SMALL)
    embedding = Embedding()
    for row, texts in enumerate(SMALL.agents.texts):
        own = [sentence for text in texts for sentence in sentences(text)]
        for column, statement in enumerate(SMALL.statements.texts):
            similar = embedding.similarity(own, [statement]) if own else np.zeros((1, 1))
            assert utilities[row, column] == max(0.0, similar.max())
    assert utilities[0, 1] == pytest.approx(1.0, abs=1e-5)
    assert utilities.argmax(axis=0)[[0, 1, 2, 4]].tolist() == [0, 0, 2, 2]


def test_never_nan_and_nothing_for_those_who_wrote_nothing() -> None:
    utilities = everything(TextSimilarity(SMALL), SMALL)
    assert utilities.dtype == np.float64
    assert ((utilities >= 0) & (utilities <= 1)).all()
    assert (utilities[[1, 3]] == 0).all()
    assert (utilities[:, 3] == 0).all()


def test_a_profile_without_texts() -> None:
    nobody = Profile(Agents(("a", "b")), Statements(("s",), ("More trees",)), Answers.none())
    assert everything(TextSimilarity(nobody), nobody).tolist() == [[0.0], [0.0]]


def test_it_lies_on_the_range_of_the_scale() -> None:
    rated = profile(list(SMALL.agents.texts), list(SMALL.statements.texts), Scale("rating", 1.0, 6.0))
    expected = 1.0 + 5.0 * everything(TextSimilarity(SMALL), SMALL)
    assert np.array_equal(everything(TextSimilarity(rated), rated), expected)


@settings(deadline=None)
@given(
    rows=st.lists(st.integers(0, 3), max_size=6),
    columns=st.lists(st.integers(0, 4), max_size=6),
    cells=st.sampled_from([1, 3, 1 << 23]),
)
def test_any_block_in_any_order_is_the_same(rows: list[int], columns: list[int], cells: int) -> None:
    model = TextSimilarity(SMALL)
    whole = everything(model, SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_similarity, "_CELLS", cells)
        agents, statements = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
        assert np.array_equal(model.utilities(agents, statements), whole[np.ix_(agents, statements)])


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8), st.sampled_from([1, 2, 1024]))
def test_vectors_do_not_depend_on_company(texts: list[str], together: int) -> None:
    embedding = Embedding()
    alone = [embedding.vectors([text])[0] for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_similarity, "_TEXTS", together)
        patch.setattr(text_similarity, "_TOKENS", together)
        found = embedding.vectors(texts)
    assert np.array_equal(found, np.array(alone).reshape(len(texts), 256))
    lengths = np.linalg.norm(found, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))


def test_dot_products_are_exact_in_any_order() -> None:
    vectors = Embedding().vectors(["More buses on Sunday", "Fewer cars in the old town", "More buses"])
    whole = [[int(number) for number in row] for row in vectors * 2**20]
    assert (np.array(whole) / 2**20 == vectors).all()
    exact = [[sum(a * b for a, b in zip(first, second, strict=True)) / 2**40 for second in whole] for first in whole]
    assert (vectors @ vectors.T).tolist() == exact
    order = np.random.default_rng(1).permutation(256)
    assert (vectors[:, order] @ vectors[:, order].T).tolist() == exact


def test_it_agrees_with_wordllama_itself() -> None:
    texts = ["More buses on Sunday", "公園を増やす。", "x"]
    assert np.allclose(Embedding().vectors(texts), _loaded().embed(texts, norm=True), atol=2e-6)


def _loaded() -> Any:
    import wordllama

    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def test_draws_are_the_prediction() -> None:
    model = TextSimilarity(SMALL)
    agents, statements = np.arange(4), np.arange(5)
    drawn = model.draw(np.random.default_rng(0)).answers(agents, statements, np.random.default_rng(1).random((4, 5)))
    assert np.array_equal(drawn, model.utilities(agents, statements))


def test_it_says_that_it_is_unvalidated() -> None:
    parameters = TextSimilarity(SMALL).parameters
    assert parameters["embedding"].startswith("wordllama ")
    assert parameters["validated"] is False
    assert "stance" in parameters["note"]


def test_offline(tmp_path: Path) -> None:
    """A fresh interpreter with every socket blocked and an empty home computes a similarity."""
    program = """
import socket
def blocked(*arguments, **options):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = blocked
from folkmoot.preferences.models.text_similarity import Embedding
print(Embedding().similarity(["more buses"], ["more buses on Sunday"])[0, 0] > 0.5)
"""
    environment = {**os.environ, "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    run = subprocess.run(  # a program of our own, no shell
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("True\n", "")
    assert list(tmp_path.iterdir()) == []


def test_offline_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", blocked)
    monkeypatch.setattr(socket, "getaddrinfo", blocked)
    text_similarity._wordllama.cache_clear()
    level, handlers = logging.getLogger().level, list(logging.getLogger().handlers)
    assert Embedding().vectors(["hello"]).shape == (1, 256)
    assert (logging.getLogger().level, logging.getLogger().handlers) == (level, handlers)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, package: str | None = None) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    text_similarity._wordllama.cache_clear()
    monkeypatch.setattr("importlib.import_module", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[text\]'"):
        TextSimilarity(SMALL)


def test_nothing_is_imported_before_it_is_needed() -> None:
    program = "import sys, folkmoot.preferences.models.text_similarity; print('wordllama' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def _recorded(name: str) -> tuple[Profile, FloatArray]:
    folder = RECORDED / name
    if not folder.is_dir():
        pytest.skip(f"the recorded runs are not here ({folder.name}); set FOLKMOOT_SHARED to the folder that has data/")
    with (folder / "agents.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    with gzip.open(folder / "statements.csv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    with gzip.open(folder / "scores.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    scores = np.array([[float(cell or "nan") for cell in row[1:]] for row in rows])
    order = [header[1:].index(person["agent_id"]) for person in people]
    return profile([(person["text"],) for person in people], texts), scores[:, order]


@pytest.mark.parametrize(
    ("name", "n_agents", "low", "high"),
    # slates.md 5: 0.66 where the question is which topic, 0.05 where it is which side.
    [("bowlinggreen_41", 41, 0.64, 0.68), ("drugs_80", 80, 0.02, 0.08)],
)
def test_rank_correlation_with_recorded_scores(name: str, n_agents: int, low: float, high: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    source, scores = _recorded(name)
    assert source.n_agents == n_agents
    predicted = everything(TextSimilarity(source), source).T
    found = []
    for judged, similar in zip(scores, predicted, strict=True):
        known = ~np.isnan(judged)
        if known.sum() > 2:
            found.append(stats.spearmanr(judged[known], similar[known]).statistic)
    assert len(found) >= 600
    assert low < np.mean(found) < high
