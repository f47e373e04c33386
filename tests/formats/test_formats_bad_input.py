"""Every kind of bad input: one clear sentence with file, row and column, exit code 2."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from pathlib import Path

import pytest
from formats_samples import ABC, CAT, OLD_SOC, PABULIB, PROSE, RATINGS, SOC, WIDE, file_of

from conversations import write_conversation
from folkmoot.formats import read, recognise
from folkmoot.profile import InputError

LONG = "participant,statement_id,rating\n"

BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n\n", "not recognised"),
    "zip": (b"PK\x03\x04....", "Excel workbook"),
    "utf-16": ("a,b\n".encode("utf-16"), "has a header and no rows"),
    "nul": (b"user_id,data\n1,a\0b\n", "NUL"),
    "pointer": ("version https://git-lfs.example/spec/v1\noid sha256:12\nsize 3\n", "Git LFS pointer"),
    "cut gzip": (gzip.compress(PROSE.encode() * 50)[:-20], "gzip file is cut"),
    "broken gzip": (b"\x1f\x8bnothing", "gzip file is cut or damaged"),
    "broken UTF-8": (b"user_id,data\n1,ok then\n2,caf\xe9 now\n", r"row 3: byte 6 of the line \(0xe9\) is not UTF-8"),
    "wrong delimiter": ("user_id|data\n1|hello\n", r"single column \('user_id\|data'\); separate .* comma"),
    "delimiter changes": ("user_id,data\n1,hello\n2;there\n", r"row 3: the row has 1 of 2 columns"),
    "unquoted comma": ("user_id,data\n1,hello, you\n2,x\n", r"row 2: the row has 3 columns .* in quotes"),
    "cut row": ("user_id,data,label\n1,hello,a\n2,th", r"row 3: the row has 2 of 3 columns; the file is cut"),
    "open quote": ('user_id,data\n1,"hello\n2,x\n', r"row 2: a quote that opens in this row is never closed"),
    "text after quote": ('user_id,data\n1,"hello" you\n', r"row 2: text follows a closing quote"),
    "duplicate id": (
        "user_id,data\n1,hello\n1,you\n",
        r"row 3, column 'user_id': participant '1' occurs twice .*row 2",
    ),
    "no id": ("user_id,data\n1,hello\n,you\n", r"row 3, column 'user_id': the participant has no id"),
    "header only": ("user_id,data\n", "no rows"),
    "two columns of a name": ("user_id,data,user_id\n1,a,2\n", r"row 1, column 'user-id': two columns"),
    "bad weight": ("user_id,data,weight\n1,a,x\n", r"row 2, column 'weight': 'x' is not a number"),
    "weight of none": ("user_id,data,weight\n1,a,0\n", r"row 2, column 'weight': weight '0' is not positive"),
    "weights too large": ("user_id,data,weight\n1,a,1e300\n2,b,1\n", "weights are too large together"),
    "rating is no number": (LONG + "a,s,1\nb,s,two\nc,s,3\n", r"row 3, column 'rating': 'two' is not a number"),
    "rating is endless": (LONG + "a,s,1\nb,s,inf\n", r"row 3, column 'rating': 'inf' is not a number"),
    "rated twice": (LONG + "a,s,1\nb,s,2\na,s,3\n", r"row 4: participant 'a' rates 's' twice \(first in row 2\)"),
    "unknown vote": (LONG.replace("rating", "vote") + "a,s,1\nb,s,5\n", r"row 3, column 'vote': 5 is not a vote"),
    "one rating": (LONG + "a,s,1\nb,s,1\n", r"every rating is 1.*`scale=\(0, 1\)`"),
    "negative ratings": (LONG + "a,s,-3\nb,s,1\n", r"state the scale, e\.g\. `scale=\(-3, 3\)`"),
    "no statement id": (LONG + "a,s,1\nb,,2\n", r"row 3, column 'statement_id': the statement has no id"),
    "wide cell": (WIDE + "p3,1,yes,0\n", r"row 4, column 's2': 'yes' is not a number"),
    "wide twice": (WIDE + "p1,1,1,0\n", r"row 4, column 'participant': participant 'p1' occurs twice"),
    "pabulib cut": (PABULIB[: PABULIB.index("VOTES\nvoter")], "has no section VOTES; the file is cut"),
    "pabulib row": (PABULIB + "d;1\n", r"row 19: the row has 2 of 4 columns"),
    "pabulib project": (PABULIB.replace("F;3", "F;9"), r"row 18, column 'vote': project '9' is not listed"),
    "pabulib voter": (PABULIB.replace("b;41", "a;41"), r"row 17, column 'voter_id': voter 'a' occurs twice"),
    "pabulib cost": (PABULIB.replace("2;500", "2;much"), r"row 12, column 'cost': 'much' is not a number"),
    "pabulib ambiguous": (
        PABULIB.replace("2;500", "2;1,500"),
        r"row 12, column 'cost': '1,500' can be 1500 or 1\.500; write 1500",
    ),
    "pabulib unknown first entry": (
        PABULIB.replace("key;value\ndescription;", "town;"),
        r"row 2: META begins with 'town', not with its row key;value",
    ),
    "abc voters": (ABC + "num_voters: 9\n", r"column 'num_voters': num_voters says 9, the profile has 3 ballots"),
    "pabulib type": (PABULIB.replace("approval", "quadratic"), "vote_type 'quadratic' is not known"),
    "pabulib points": (PABULIB.replace("approval", "scoring"), "scoring votes need a column points"),
    "preflib ballot": (SOC + "x,y\n", r"row 12: 'x,y' is not a ballot"),
    "preflib unknown": (SOC.replace("3,1,2", "3,1,7"), r"row 11: alternative '7' is not listed"),
    "preflib twice": (SOC.replace("3,1,2", "3,1,1"), r"row 11: alternative '1' occurs twice"),
    "preflib cut": (SOC[: SOC.index("1: 3,1,2")], "NUMBER VOTERS says 3, the file has 2; it is cut"),
    "preflib bomb": (
        SOC.replace("1: 3,1,2", "999999999999: 3,1,2"),
        r"NUMBER VOTERS says 3, the file has 1000000000001; it is cut or damaged",
    ),
    "preflib type": (SOC.replace("TYPE: soc", "TYPE: wmd"), "type 'wmd' is not read"),
    "preflib category": (CAT.replace("{},{1,2,3}", "{},{},{1}"), r"row 14: the ballot has 3 categories, the header 2"),
    "preflib old": (OLD_SOC.replace("3,3,2\n", ""), r"row 5: '2,1,2,3' is not voters"),
    "abc candidate": (ABC.replace("[1]", "[7]"), r"column 'profile': ballot 2 must be a list of candidates 0\.\.2"),
    "abc weights": (ABC.replace("2, 0.5]", "2]"), "voter_weights must be 3 numbers"),
    "abc nested": (ABC.replace("[]]", "[" * 300 + "]" * 301), "not YAML|must be a list"),
    "abc very nested": (ABC.replace("[]]", "[" * 200_000), "not YAML"),
    "abc nested in blocks": (ABC.replace("[[0, 1], [1], []]", "\n  " + "- " * 200_000), "not YAML|must be a list"),
    "abc alias": (ABC.replace("[]]", "&a [*a]]"), "ballot 3 must be a list"),
    "abc cut": (ABC.replace("[]]", "[]"), "not YAML"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_sentence_with_its_place(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    path = file_of(tmp_path, content)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value) or "together" in message
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("start", ["", "user_id,data\n1,", 'user_id,data\n1,"'])
def test_an_endless_line_fails_early_and_in_little_memory(start: str, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as out:
        out.write(start.encode())
        for _ in range(200):
            out.write(b"a" * 1_000_000)
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(InputError, match=r"longer than"):
        read(path, format="texts")
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
    assert time.process_time() - began < 5


def test_a_quote_that_swallows_the_file_stops_at_the_limit_of_a_cell(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'user_id,data\n1,"open\n' + "2,x\n" * 400_000)
    with pytest.raises(InputError, match=r"row 2: a cell is longer than 1 MB; a quote is probably not closed"):
        read(path)


def test_gzip_that_unpacks_to_an_endless_line(tmp_path: Path) -> None:
    path = file_of(tmp_path, gzip.compress(b"user_id,data\n1," + b"a" * 30_000_000))
    with pytest.raises(InputError, match=r"row 2: the line is longer than 10 MB"):
        read(path)


def test_line_endings_may_be_mixed(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, 'user_id,data\r\n1,hello\n2,"two\r\nlines"\r3,you\n\n'))
    assert profile.agents.ids == ("1", "2", "3")
    assert profile.agents.texts[1] == ("two\r\nlines",)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        read(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="no text files"):
        read(tmp_path)
    (tmp_path / "inside").mkdir()
    file_of(tmp_path, "nothing to see", "readme.txt")
    with pytest.raises(InputError, match="pass one of the folders"):
        read(tmp_path)
    with pytest.raises(InputError, match="unknown format 'xml'; choose one of abcvoting, "):
        read(file_of(tmp_path, RATINGS), format="xml")
    with pytest.raises(InputError, match="`id_column` names a column that is not there; there are 'participant'"):
        read(file_of(tmp_path, RATINGS), id_column="person")


def test_weights_file_without_its_columns(tmp_path: Path) -> None:
    path = file_of(tmp_path, RATINGS, "r.csv")
    with pytest.raises(InputError, match=r"w\.csv, row 1: weights need two columns"):
        read(path, weights=file_of(tmp_path, "a,b\n1,2\n", "w.csv"))
    with pytest.raises(InputError, match=r"w\.csv, row 3, column 'participant': participant 'p1' has two weights"):
        read(path, weights=file_of(tmp_path, "participant,weight\np1,1\np1,2\n", "w.csv"))


def test_a_recognised_format_may_still_be_asked_for_by_name(tmp_path: Path) -> None:
    path = file_of(tmp_path, RATINGS)
    assert recognise(path).id == "ratings"
    with pytest.raises(InputError, match="does not begin with META"):
        read(path, format="pabulib")


def test_a_comments_file_that_was_cut_is_noticed_by_its_votes(tmp_path: Path) -> None:
    """The last column is free text, so a cut in it leaves a readable file; the votes give it away."""
    folder = write_conversation(tmp_path / "cut")
    comments = folder / "comments.csv"
    comments.write_text("".join(comments.read_text("utf-8").splitlines(keepends=True)[:4]).rstrip()[:-3] + '"', "utf-8")
    with pytest.raises(InputError, match=r"participants-votes\.csv: .* votes are on statements .* is\s+cut or belongs"):
        read(folder)
