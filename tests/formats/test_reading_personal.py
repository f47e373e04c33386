"""Personal data stays out in every language, whatever a column is called; opinions about places and people stay in."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import OPINIONS, refused, said, saved, table

from folkmoot.formats import read
from folkmoot.formats.columns import personal

N = len(OPINIONS)
SECRETS = {
    "us phones": ("contact", [f"(555) 01{i}-22{i}3" for i in range(N)]),
    "accounts": ("refund to", [f"DE89 3704 0044 0532 0130 0{i}" for i in range(N)]),
    "mails": ("reachable at", [f"person{i}@town.example" for i in range(N)]),
    "german addresses": ("wo", [f"Am Markt {i + 1}, 2000{i} Musterstadt" for i in range(N)]),
    "french addresses": ("lieu", [f"{i + 3} bis, allée des Tilleuls, 6900{i} Lyon" for i in range(N)]),
    "names": ("who", ["Ann Lee", "Bo Orr", "Cy Fox", "Di Roe", "Ed Poe", "Flo Ray", "Gus Kay", "Hal Joy"]),
    "russian names": ("Кто вы?", [f"Иванова Анна{'абвгдежз'[i]} Львовна" for i in range(N)]),
    "turkish streets": ("Neredesiniz?", [f"Gül Sokak {i + 2} Kadıköy" for i in range(N)]),
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("first", [True, False])
def test_what_looks_personal_is_no_text_and_is_named(name: str, first: bool, tmp_path: Path) -> None:
    header, cells = SECRETS[name]
    pairs = list(zip(cells, OPINIONS, strict=True))
    rows = [[f"p{i}", *(pair if first else pair[::-1])] for i, pair in enumerate(pairs)]
    names = ["participant", *([header, "Your wishes?"] if first else ["Your wishes?", header])]
    path = saved(tmp_path, table(names, rows))
    profile = read(path)
    assert sorted(text for texts in profile.agents.texts for text in texts) == sorted(OPINIONS)
    assert header in said(profile)
    assert not any(cell in said(profile) for cell in cells)


@pytest.mark.parametrize(
    "name",
    [
        "お名前", "メールアドレス", "您的手机号码", "姓名", "이름", "휴대폰 번호", "الاسم الكامل", "رقم الهاتف", "ФИО",
        "Ваш телефон", "Adınız ve soyadınız", "E-posta adresi", "Ditt namn", "Fulde navn", "Jméno a příjmení",
    ],
)  # fmt: skip
def test_headers_are_personal_in_many_languages(name: str) -> None:
    assert personal(name)


@pytest.mark.parametrize(
    "name",
    [
        "市に改善してほしいことを自由にお書きください", "您对公园有什么建议", "도시를 어떻게 개선해야 할까요",
        "ما رأيك في المدينة", "Что нужно улучшить в городе", "Şehirde ne değişmeli", "Vad borde förändras i staden",
        "quay", "Name a change you want",
    ],
)  # fmt: skip
def test_questions_for_opinions_are_not_personal(name: str) -> None:
    assert not personal(name)


@pytest.mark.parametrize("ids", ["person{}@town.example", "+49 151 2345678{}", "ann.lee{}", "Ann Mary Lee{}"])
def test_ids_that_tell_who_somebody_is_become_numbers(ids: str, tmp_path: Path) -> None:
    path = saved(tmp_path, table(["user_id", "text"], [[ids.format(i), text] for i, text in enumerate(OPINIONS)]))
    profile = read(path)
    assert profile.agents.ids == tuple(map(str, range(1, N + 1)))
    assert ids.format(0) not in said(profile)
    assert read(path, keep=["user_id"]).agents.ids[0] == ids.format(0)


@pytest.mark.parametrize("ids", ["R_3f{}x", "p{}", "5f3e{}aa01", "user-{}", "{}"])
def test_other_ids_stay(ids: str, tmp_path: Path) -> None:
    rows = [[ids.format(i), text] for i, text in enumerate(OPINIONS)]
    assert read(saved(tmp_path, table(["user_id", "text"], rows))).agents.ids[1] == ids.format(1)


def test_opinions_that_name_streets_and_numbers_stay(tmp_path: Path) -> None:
    texts = [f"Mill Lane needs {i + 2} more lamps, I think." for i in range(N)]
    rows = [[f"p{i}", text] for i, text in enumerate(texts)]
    assert sum(map(len, read(saved(tmp_path, table(["participant", "Your wishes?"], rows))).agents.texts)) == N


def test_a_column_that_was_hidden_is_read_when_it_is_named(tmp_path: Path) -> None:
    rows = [[f"p{i}", f"Lamps for Mill Lane {i}", text] for i, text in enumerate(OPINIONS)]
    path = saved(tmp_path, table(["participant", "Short wish", "Long wish"], rows))
    assert "'Short wish'" in said(read(path))
    assert sum(map(len, read(path, text_columns=["Short wish"]).agents.texts)) == N


def test_several_texts_under_unknown_letters_are_asked_about(tmp_path: Path) -> None:
    rows = [[f"p{i}", text, text[::-1] + "."] for i, text in enumerate(OPINIONS)]
    path = saved(tmp_path, table(["participant", "ข้อเสนอ", "ความคิดเห็น"], rows))
    refused(path, "name those with opinions with `text_columns`")
    assert sum(map(len, read(path, text_columns=["ข้อเสนอ"]).agents.texts)) == N


@pytest.mark.parametrize(
    "number", ["0171 2345678", "0151/23456789", "(0221) 123 4567", "(270) 555-0143", "270-555-0143"]
)
def test_numbers_that_staff_are_told_of_are_taken_out(tmp_path: Path, number: str) -> None:
    rows = [["a", f"Ring me on {number}, please."], ["b", "Spend 1.000.000 by 2030-12-31, rooms 101-204, line 042."]]
    profile = read(saved(tmp_path, table(["participant", "text"], rows)))
    assert profile.agents.texts == (("Ring me on [...], please.",), (rows[1][1],))


def test_contacts_inside_texts_are_taken_out_and_counted(tmp_path: Path) -> None:
    rows = [["a", "Call me on +49 151 2345678, or write to ann.lee@town.example."], ["b", "By 2030-12-31, not 2029."]]
    profile = read(saved(tmp_path, table(["participant", "text"], rows)))
    assert profile.agents.texts == (("Call me on [...], or write to [...].",), ("By 2030-12-31, not 2029.",))
    assert "changed        1 text without the e-mail addresses and phone numbers" in said(profile)
