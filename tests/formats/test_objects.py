"""What somebody hands over that is no file: what it is taken for, and that what an error says to type does run."""

from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.formats.objects import missing
from folkmoot.profile import InputError

TEXTS = ["More buses please at night", "Fewer cars in the town", "Trees along the river banks"]
ANSWERS = np.array([[1.0, 1, 1], [1, 2, -1], [2, 1, 1], [2, 2, 1]])


def refused(source: Any) -> str:
    with pytest.raises(InputError) as error:
        fm.read(source)
    return str(error.value)


def typed(message: str, **names: Any) -> Any:
    """What comes of the call that a message says to type."""
    call = re.search(r"fm\.read\(.*\)", message)
    assert call is not None, message
    # The calls are our own messages, and the test is whether they run as they stand.
    return eval(call[0], {"fm": fm, **names})


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_column_of_texts_is_the_list_it_is_and_one_of_numbers_is_refused(library: str) -> None:
    frames = pytest.importorskip(library, reason=f"{library} is not installed")
    for column in (frames.Series(TEXTS), frames.Series("text", TEXTS) if library == "polars" else None):
        if column is not None:
            assert fm.read(column).agents.texts == fm.read(TEXTS).agents.texts
    message = refused(frames.Series([1, -1, 1]))
    assert "pass the frame" in message
    assert fm.read(frames.DataFrame(dict(zip(("participant", "statement_id", "rating"), ANSWERS.T, strict=True))))
    if library == "polars":
        assert fm.read(frames.LazyFrame({"participant": ["a"], "statement_id": ["1"], "vote": [1]})).n_agents == 1


def test_an_array_is_read_by_what_the_message_says() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    found = typed(refused(ANSWERS), array=ANSWERS, pandas=pandas)
    assert (found.n_agents, found.n_statements, len(found.answers)) == (2, 2, 4)
    wide = np.array([[1.0, -1, 1, 0], [-1, 1, 1, 1], [0, 1, -1, -1]])
    found = typed(refused(wide), array=wide, pandas=pandas)
    assert (found.n_agents, found.n_statements, len(found.answers)) == (3, 4, 12)
    assert typed(refused(np.array(TEXTS)), array=np.array(TEXTS)).n_agents == 3
    named = np.array(
        [("a", "1", 1), ("b", "1", -1)], dtype=[("participant", "U1"), ("statement_id", "U1"), ("rating", int)]
    )
    assert typed(refused(named), array=named, pandas=pandas).n_agents == 2
    grouped = pandas.DataFrame(ANSWERS, columns=["participant", "statement_id", "rating"]).groupby("rating")
    assert typed(refused(grouped), grouped=grouped).n_agents == 2


@pytest.mark.parametrize("source", [None, 3, [["a", 1, 1]], object()])
def test_what_is_nothing_readable_is_told_of_records(source: object) -> None:
    # The first call names a file of the reader's own.
    message = refused(source).replace('fm.read("votes.csv"), a frame, or a list of records, like ', "")
    assert typed(message.replace(", or of texts", "")).n_agents == 1


def test_what_is_gone_through_once_is_made_a_list(tmp_path: Path) -> None:
    assert typed(refused(text for text in TEXTS), texts=(text for text in TEXTS)).n_agents == 3
    assert typed(refused(set(TEXTS)), texts=set(TEXTS)).n_agents == 3
    file = tmp_path / "votes.csv"
    file.write_text("participant,statement_id,vote\na,1,1\n", "utf-8")
    with file.open(encoding="utf-8") as opened:
        assert typed(refused(opened)).n_agents == 1
    assert "write_bytes" in refused(file.read_bytes())
    # What has no name is a file's content, not a list of texts.
    assert "write_text(source.read())" in refused(io.StringIO("participant,statement_id,vote\na,1,1\n"))
    assert refused(file.read_text("utf-8")).startswith("is the text of a table and no file; write it to a file first")


def test_a_path_that_leads_nowhere_names_what_may_be_meant(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("participant,statement_id,vote\na,1,1\n", "utf-8")
    found = re.search(r"did you mean '(.*)'\?", refused(tmp_path / "vote.csv"))
    assert found is not None
    assert fm.read(found[1]).n_agents == 1
    assert missing(tmp_path / "qqq").endswith("name one that is there")
    assert "nor the folder" in missing(tmp_path / "qqq" / "votes.csv")


def test_objects_with_a_few_of_these_names_only_are_no_columns() -> None:
    assert "cannot read an object of type SimpleNamespace" in refused(SimpleNamespace(to_frame=None))
