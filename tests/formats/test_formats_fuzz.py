"""Whatever a file holds, reading it ends in a Profile or in a sentence: never in another exception."""

from __future__ import annotations

import contextlib
import gzip
import tempfile
from pathlib import Path

import pytest
from formats_samples import CAT, OLD_SOC, POLIS, POLIS_TODAY, SINGLE, TOI, file_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from folkmoot.cli.diagnosis import render
from folkmoot.formats import FORMATS, doctor, read
from folkmoot.profile import FolkmootError, Profile

SAMPLES = {**SINGLE, "preflib toi": TOI, "preflib cat": CAT, "preflib old": OLD_SOC}
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(path: Path, format: str | None = None) -> Profile | None:
    sentence = ""
    profile: Profile | None
    try:
        profile = read(path, format=format)
    except FolkmootError as error:
        sentence = str(error)
        profile = None
    if profile is None:
        assert sentence
        assert "\n" not in sentence
        return None
    assert render(doctor(profile))
    return profile


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """A valid file that something happened to."""
    raw = text.encode()
    for _ in range(draw(st.integers(1, 3))):
        what = draw(st.sampled_from(["cut", "flip", "column", "double", "delimiter", "insert", "swap", "gzip"]))
        rows = raw.split(b"\n")
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        row = draw(st.integers(0, len(rows) - 1))
        if what == "cut":
            raw = raw[:at]
        elif what == "flip" and raw:
            raw = raw[:at] + bytes([draw(st.integers(0, 255))]) + raw[at + 1 :]
        elif what == "column":
            sign = draw(st.sampled_from([b",", b";", b":"]))
            column = draw(st.integers(0, 6))
            raw = b"\n".join(sign.join(c for i, c in enumerate(r.split(sign)) if i != column) for r in rows)
        elif what == "double":
            raw = b"\n".join([*rows[: row + 1], *rows[row:]])
        elif what == "delimiter":
            old, new = draw(st.permutations([b",", b";", b"\t", b" ", b":"]))[:2]
            raw = raw.replace(old, new)
        elif what == "insert":
            junk = [
                b'"',
                b"\r",
                b"\0",
                b"\xff",
                b"{",
                b"}",
                b"[",
                b"-",
                b"1e999",
                b"nan",
                b"\xe2\x80\xa8",
                b"9" * 30,
                b"&a *a",
            ]
            raw = raw[:at] + draw(st.sampled_from(junk)) + raw[at:]
        elif what == "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[row], rows[other] = rows[other], rows[row]
            raw = b"\n".join(rows)
        elif what == "gzip":
            raw = gzip.compress(raw)
    return raw


@SLOW
@given(st.sampled_from(sorted(SAMPLES)), st.booleans(), st.data())
def test_any_damaged_file(name: str, forced: bool, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome(file_of(Path(folder), data.draw(damaged(SAMPLES[name]))), name.split()[0] if forced else None)


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("forced", [False, True])
def test_damaged_files(name: str, forced: bool) -> None:
    @SLOW
    @given(damaged(SAMPLES[name]))
    def fuzz(raw: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            outcome(file_of(Path(folder), raw), name.split()[0] if forced else None)

    fuzz()


@pytest.mark.long
@pytest.mark.parametrize("name", POLIS)
def test_damaged_polis_folders(name: str) -> None:
    @SLOW
    @given(damaged(POLIS[name]))
    def fuzz(raw: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for other, text in POLIS.items():
                file_of(Path(folder), raw if other == name else text, other)
            outcome(Path(folder))

    fuzz()


@pytest.mark.long
@pytest.mark.parametrize("name", POLIS_TODAY)
def test_damaged_polis_folders_of_today(name: str) -> None:
    @SLOW
    @given(damaged(POLIS_TODAY[name]), st.booleans())
    def fuzz(raw: bytes, importance: bool) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for other, text in POLIS_TODAY.items():
                file_of(Path(folder), raw if other == name else text, other)
            if importance:
                with contextlib.suppress(FolkmootError):
                    read(folder, importance=True)
            else:
                outcome(Path(folder))

    fuzz()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, *FORMATS]))
@example(b"\x1f\x8b", None)
@example(b"\xef\xbb\xbf", None)
@example(b"user_id,data\n", "ratings")
def test_any_bytes(raw: bytes, format: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome(file_of(Path(folder), raw), format)


@settings(max_examples=200, deadline=None)
@given(st.text('abc012-,;:"\n\r{}[]#& ', max_size=200), st.sampled_from([None, *FORMATS]), st.data())
def test_any_text_after_a_real_beginning(text: str, format: str | None, data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(list(SAMPLES.values())))
    start = "".join(sample.splitlines(keepends=True)[: data.draw(st.integers(0, 14))])
    with tempfile.TemporaryDirectory() as folder:
        outcome(file_of(Path(folder), start + text), format)
