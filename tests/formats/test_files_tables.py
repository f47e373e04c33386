"""How tables lie in files: first lines, titles above, empty rows, names that occur twice, decimal commas, tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.formats.base import Head, head_of
from folkmoot.formats.table import Table
from folkmoot.profile import InputError


def opened(folder: Path, text: str) -> tuple[Head, Table]:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    head = head_of(path)
    return head, head.open()


def noted(head: Head) -> list[tuple[str, int]]:
    return [(note.what, note.count) for note in head.notes.all()]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_spreadsheets_own_first_line(first: str, end: str, tmp_path: Path) -> None:
    head, table = opened(tmp_path, end.join([first, "participant;was, bitte?", "a;ja, gern", "b;nein", ""]))
    assert (table.delimiter, table.header) == (";", ("participant", "was, bitte?"))
    assert list(table.rows()) == [(3, ["a", "ja, gern"]), (4, ["b", "nein"])]
    assert [cells for _, cells in head.sample()] == [["a", "ja, gern"], ["b", "nein"]]


def test_any_sign_that_a_spreadsheet_names(tmp_path: Path) -> None:
    _, table = opened(tmp_path, "sep=|\nid|words\n1|yes, no; maybe\n2|none\n")
    assert [cells for _, cells in table.rows()] == [["1", "yes, no; maybe"], ["2", "none"]]


@pytest.mark.parametrize(
    "above",
    [
        '"Bürgerumfrage 2031"\n"Stand: 3. Mai"\n\n',
        "Enquête sur les transports,,\n,,\n",
        "市民アンケート\n\n\n",
        "\nReport of the clerk,,\n",
    ],
)
def test_a_title_above_the_header(above: str, tmp_path: Path) -> None:
    head, table = opened(tmp_path, above + "participant,trams,benches\np1,5,1\np2,2,4\np3,,3\n")
    assert table.header == ("participant", "trams", "benches")
    assert [cells for _, cells in table.rows()] == [["p1", "5", "1"], ["p2", "2", "4"], ["p3", "", "3"]]
    row = above.count("\n") + 1
    assert any(what.startswith(f"rows above the header, which is taken to be row {row}") for what, _ in noted(head))
    profile = read(head.path, scale=(1, 5))
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (3, 2, 5)


def test_a_list_with_signs_in_it_has_no_title(tmp_path: Path) -> None:
    head, _ = opened(tmp_path, "comment\nYes, but later, please\nNo, never, at all\nTrees, benches, shade\n")
    assert head.is_list
    assert next(cells[0] for _, cells in head.sample()) == "Yes, but later, please"


def test_empty_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    head, table = opened(tmp_path, "id,a,b\n,,\nx,1,2\n , ,\ny,3,4\n,,\n,,,,\n")
    assert [cells[0] for _, cells in table.rows()] == ["x", "y"]
    assert noted(head) == [("empty rows", 4)]
    assert list(table.rows())  # once more: counted once
    assert noted(head) == [("empty rows", 4)]
    assert [cells[0] for _, cells in head.sample()] == ["x", "y"]


def test_names_that_occur_twice_are_numbered(tmp_path: Path) -> None:
    head, table = opened(tmp_path, "id,Other,What?,Other,,Other,Other (2)\n1,a,b,c,d,e,f\n")
    assert table.header == ("id", "Other", "What?", "Other (3)", "column 5", "Other (4)", "Other (2)")
    assert table.column("Other", "keep") == 1
    assert table.column("Other (4)", "keep") == 5
    assert table.column("column 5", "keep") == 4
    with pytest.raises(InputError, match="two columns have this name"):
        table.find("other")
    assert noted(head) == [("columns with the name of another, numbered: 'Other (3)', 'Other (4)'", 2)]
    with pytest.raises(InputError, match=r"`keep` names a column that is not there; there are 'id', 'Other', "):
        table.column("nothing", "keep")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_decimal_commas(sign: str, tmp_path: Path) -> None:
    rows = [["participant", "weight"], ["a", "0,5"], ["b", "1,25"], ["c", "2"]]
    head, table = opened(tmp_path, "".join(sign.join(row) + "\n" for row in rows))
    assert [table.number(cells[1], line, 1) for line, cells in table.rows()] == [0.5, 1.25, 2.0]
    assert noted(head) == [("decimal commas in column 'weight' read as points", 2)]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["1,200", "3,500"], r"row 2, column 'n': '1,200' can be 1200 or 1\.200; write decimals with a point"),
        (["1,5", "2.5"], r"'1,5' has a comma, other numbers of the column a point"),
        (["1,5", "1,5,5"], r"'1,5' has a comma"),
        (["one", "2"], r"'one' is not a number"),
        (["inf", "2"], r"'inf' is not a number"),
        (["1_000", "2"], r"'1_000' is not a number"),
    ],
)
def test_numbers_that_can_be_read_in_two_ways(cells: list[str], message: str, tmp_path: Path) -> None:
    _, table = opened(tmp_path, "id;n\n" + "".join(f"{i};{cell}\n" for i, cell in enumerate(cells)))
    with pytest.raises(InputError, match=message):
        [table.number(row[1], line, 1) for line, row in table.rows()]


def test_a_comma_in_a_table_of_commas_is_no_decimal(tmp_path: Path) -> None:
    _, table = opened(tmp_path, 'id,ticked\n1,"1,3"\n2,"2,4"\n')
    with pytest.raises(InputError, match=r"'1,3' is not a number; write decimals with a point"):
        table.number("1,3", 2, 1)


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("<p>Mehr <strong>Bänke</strong> am See</p>", "Mehr Bänke am See"),
        ("<p>Un tram.</p><p>Deux trams.</p>", "Un tram.\nDeux trams."),
        ("Erst<br/>dann<BR>zuletzt<br />", "Erst\ndann\nzuletzt"),
        ('<a href="https://example.org" target=_blank>hier</a>&nbsp;und <em>dort</em>', "hier und dort"),
        ("<ul><li>eins</li><li>zwei &amp; drei</li></ul>", "eins\nzwei & drei"),
        ("&lt;p&gt;Alles maskiert&lt;/p&gt;", "Alles maskiert"),
        ("<style>p {color: red}</style><p>Nur der Satz<!-- nicht dies --></p>", "Nur der Satz"),
    ],
)
def test_tags_are_taken_out_and_counted(raw: str, left: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(
        f'user_id,data\n1,"{raw.replace(chr(34), chr(34) * 2)}"\n2,plain words stay here\n', encoding="utf-8"
    )
    profile = read(path, text_columns=["data"])
    assert profile.agents.texts[0] == (left,)
    assert "1 text out of which HTML tags were taken" in render(doctor(profile))


@pytest.mark.parametrize(
    "text", ["a < b and b > c", "I <3 this town", "<Name> asked me", "if x<b then y>a", "5 <b> 6", "R & D", "<<yes>>"]
)
def test_what_is_no_tag_stays(text: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"user_id,data\n1,{text}\n2,plain words stay here\n", encoding="utf-8")
    assert read(path, text_columns=["data"]).agents.texts[0] == (text,)


def test_weights_with_decimal_commas(tmp_path: Path) -> None:
    path, weights = tmp_path / "texts.csv", tmp_path / "weights.csv"
    path.write_text("user_id,data\na,plain words stay here\nb,other words are there\n", encoding="utf-8")
    weights.write_text("participant;weight\na;0,5\nb;1,25\n", encoding="utf-16")
    masses = read(path, weights=weights).masses.tolist()
    assert masses[1] / masses[0] == 2.5
    weights.write_text("person;how much\na;1\n", encoding="utf-8")
    with pytest.raises(InputError, match="need two columns, participant and weight; there is 'person', 'how much'"):
        read(path, weights=weights)
