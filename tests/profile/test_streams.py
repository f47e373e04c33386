"""Named streams of random numbers: no two coincide, and there is no other way to seed a part of a run."""

from __future__ import annotations

import re
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot.profile.streams import WORD, Stream, stream

ROOT = Path(__file__).parents[2]


def begins(seed: int, which: Stream, *parts: int) -> tuple[int, ...]:
    return tuple(stream(seed, which, *parts).integers(2**63, size=2).tolist())


def test_no_two_coincide() -> None:
    """Zeros are the dangerous parts: numpy pads with them."""
    seen = {}
    for seed, which in product((0, 1, 7), Stream):
        for parts in product((0, 1, 2, WORD - 1), repeat=which.n_parts):
            seen[seed, which, parts] = begins(seed, which, *parts)
    assert len(set(seen.values())) == len(seen) > 300


def test_streams_have_numbers_names_and_meanings_of_their_own() -> None:
    assert len(Stream.__members__) == len(list(Stream))  # an alias would be a second name of one stream
    meanings = [one.meaning for one in Stream]
    assert len(set(meanings)) == len(meanings)
    assert all("\n" not in meaning and len(meaning) > 10 for meaning in meanings)
    for one, other in combinations(Stream, 2):
        assert int(one) != int(other)


def test_a_stream_with_parts_cannot_be_one_without() -> None:
    """The reason for fixed numbers of parts."""
    assert np.random.default_rng([3, 8]).random() == np.random.default_rng([3, 8, 0]).random()
    with pytest.raises(ValueError, match="AMONG takes 1 parts"):
        stream(3, Stream.AMONG)
    with pytest.raises(ValueError, match="ZERO_SHOT takes 0 parts"):
        stream(3, Stream.ZERO_SHOT, 0)
    with pytest.raises(ValueError, match="one 32-bit word"):
        stream(3, Stream.AMONG, WORD)
    with pytest.raises(InputError, match=r"seed must be a whole number from 0 to 4,294,967,295"):
        stream(WORD, Stream.FIT)
    with pytest.raises(InputError, match="seed must be"):
        stream(-1, Stream.FIT)


def test_recorded_slates_keep_their_numbers() -> None:
    for number, which in enumerate(
        (Stream.FIT, Stream.COMPARED, Stream.RELIABILITY, Stream.PROCESS, Stream.POSTERIOR, Stream.PLURAL)
    ):
        assert which == number
    assert stream(5, Stream.FIT).random() == np.random.default_rng([5, 0]).random()
    assert stream(5, Stream.POSTERIOR, 9).random() == np.random.default_rng([5, 4, 9]).random()


def test_every_stream_is_used_and_nothing_is_seeded_beside_them() -> None:
    sources = {path: path.read_text("utf-8") for room in ("src", "studies") for path in (ROOT / room).rglob("*.py")}
    literal = [
        str(path.relative_to(ROOT))
        for path, text in sources.items()
        # The suites for third parties seed their instances themselves, apart from any run.
        if not {"tests", "testing"} & set(path.relative_to(ROOT).parts)
        and re.search(r"(default_rng|Generator)\(\s*\[", text)
    ]
    assert sorted(literal) == [
        "src/folkmoot/profile/streams.py",
        "studies/folkmoot_studies/streams.py",
    ]
    used = {name for text in sources.values() for name in re.findall(r"\bStream\.([A-Z_]+)", text)}
    assert used == {one.name for one in Stream}
