"""Text diversity: formulas by hand, duplicates always score worse, scripts without spaces."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits import diversity as d

WORDS = st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=8, max_size=8).map(tuple)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("More BUSES — now!", ("more", "buses", "now")),
        ("don't 'quote' (this)", ("don't", "quote", "this")),
        ("公園を増やす。", ("公", "園", "を", "増", "や", "す")),
        ("Straße 12% ...", ("straße", "12")),
        ("เพิ่ม", tuple("เพิ่ม")),
        ("", ()),
        ("!!! …", ()),
    ],
)
def test_tokens(text: str, found: tuple[str, ...]) -> None:
    assert d.tokens(text) == found


@given(st.lists(WORDS, min_size=10, max_size=10, unique=True))
@settings(max_examples=50, deadline=None)
def test_duplicates_score_worse_on_every_figure(texts: list[d.Tokens]) -> None:
    """Five of ten texts twice: nothing is gained anywhere, and distinct and repeated n-grams are strictly worse."""
    few = texts[:5] * 2
    for n in (2, 3, 4):
        assert d.distinct(few, n) <= 0.5
    assert d.distinct(few, 1) <= d.distinct(texts[:5], 1)
    assert d.adjusted(few) < d.adjusted(texts[:5])
    assert d.ngram_diversity(few) < d.ngram_diversity(texts[:5])
    assert d.self_repetition(few) > d.self_repetition(texts[:5])
    for how in ("gzip", "bzip2"):
        assert d.compression_ratio(few, how) > d.compression_ratio(texts[:5], how)


def test_ead_is_the_formula() -> None:
    texts = [("a", "b", "a"), ("b", "c", "d")]
    v = 50_257
    for n, distinct, total in ((1, 4, 6), (2, 4, 4), (3, 2, 2)):
        assert d.adjusted_at(texts, n) == pytest.approx(distinct / (v * (1 - ((v - 1) / v) ** total)), rel=1e-9)
    assert d.adjusted(texts) == pytest.approx(np.mean([d.adjusted_at(texts, n) for n in (1, 2, 3)]))
    assert np.isnan(d.adjusted([()]))


def test_the_compression_ratio_is_gzips_once() -> None:
    texts = [("more", "buses"), ("fewer", "cars")]
    raw = b"more buses\nfewer cars"
    assert d.compression_ratio(texts) == len(raw) / len(gzip.compress(raw))
    assert np.isnan(d.compression_ratio([]))


def test_matching_counts_what_it_cuts() -> None:
    texts = [tuple("abcdef"), tuple("abc"), (), tuple("a")]
    assert d.matched(texts) == (tuple((t[0],) for t in ("a", "a", "a")), 1, 7, 1)
    assert d.matched(texts, at_least=3) == ((tuple("abc"), tuple("abc")), 3, 3, 2)
    assert d.matched(texts, at=4) == ((tuple("abcd"),), 4, 2, 3)
    assert d.matched(texts, at_least=5).length == 1  # only one text is so long: all that have words stay


@given(st.integers(0, 50), st.integers(2, 8))
@settings(max_examples=20, deadline=None)
def test_semantic_distance_is_the_mean_over_pairs(seed: int, k: int) -> None:
    x = np.random.default_rng(seed).standard_normal((k, 5))
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    pairs = [unit[i] @ unit[j] for i in range(k) for j in range(k) if i != j]
    assert d.semantic(x) == pytest.approx(1 - np.mean(pairs))
    assert 1 <= d.vendi(x) <= k + 1e-9


def test_vendi_counts() -> None:
    assert d.vendi(np.eye(4)) == pytest.approx(4.0)
    assert d.vendi(np.ones((4, 3))) == pytest.approx(1.0)
    assert d.vendi(np.vstack([np.eye(3), np.eye(3), np.zeros((1, 3))])) == pytest.approx(3.0)
    assert np.isnan(d.semantic(np.zeros((3, 2))))


def test_effective_diversity_by_hand() -> None:
    found = d.effective(np.array([0, 0, 1, 2]), np.array([True, True, True, False]))
    # Ordered pairs of different valid classes: 0-2, 1-2 and back, of 12.
    assert tuple(found) == pytest.approx((4 / 12, 2 / 4, 3 / 4))


def test_statements_answered_alike_are_one_class() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random(200), rng.random(200)
    votes = np.stack([a, a + 0.01 * b, b, np.ones(200), np.full(200, 0.3)], axis=1)
    label = d.vote_patterns(votes, np.ones(200, dtype=np.int64), 0.7)
    assert label[0] == label[1] != label[2]
    assert label[3] == label[4]  # all agree on both
    assert len(set(label.tolist())) == 3
