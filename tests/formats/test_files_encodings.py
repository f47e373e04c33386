"""Texts in any encoding: what is certain is read, what is likely is read and said, what is doubtful is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.formats.base import head_of
from folkmoot.formats.encodings import Doubt, broken, decided, detected
from folkmoot.profile import InputError, Profile

SURVEYS = {
    "German": ("cp1252", "Ein Spielplatz für größere Kinder", "Straßenbäume statt Parkplätze"),
    "French": ("cp1252", "Réduire la vitesse près des écoles", "Ça manque de pistes cyclables à l’est"),
    "short French": ("cp1252", "Plus de bancs près de la rivière", "Réduire le bruit la nuit"),
    "short Italian": ("cp1252", "Più panchine vicino al fiume", "Meno rumore di notte, perché dormiamo"),
    "short Danish": ("cp1252", "Flere bænke ved åen", "Mindre støj om natten"),
    "Spanish": ("cp1252", "Más árboles en la plaza", "¿Por qué no hay autobús el domingo? El niño espera"),
    "Portuguese": ("cp1252", "Mais estações de bicicleta", "Não à construção no parque, por favor"),
    "Swedish": ("cp1252", "Fler träd på torget", "Färre bilar, tack så mycket"),
    "typographic English": ("cp1252", "I don’t want more cars", "“Trees first” – that’s all"),
    "Polish": ("cp1250", "Więcej ławek nad rzeką", "Mniej hałasu, proszę, i więcej ścieżek"),
    "short Polish": ("cp1250", "Co poprawić w mieście?", "Mniej hałasu na ulicach, proszę"),
    "Slovak": ("cp1250", "Viac lavičiek pri rieke", "Menej hluku v noci, prosím, a viac stromov pre deti"),
    "Romanian": ("cp1250", "Mai multe bănci lângă râu", "Mai puţin zgomot noaptea în oraş"),
    "Croatian": ("cp1250", "Više klupa uz rijeku", "Manje buke noću, molim, i češći autobusi"),
    "Czech": ("cp1250", "Více stromů ve městě", "Prosím, méně aut a víc laviček pro děti"),
    "Hungarian": ("cp1250", "Sűrűbb buszjáratok kellenek", "Több fát az utcákra, őszintén"),
    "Russian": ("cp1251", "Больше деревьев на площади", "Меньше машин у школы"),
    "Russian in KOI8-R": ("koi8_r", "Больше деревьев на площади", "Меньше машин у школы"),
    "Greek": ("cp1253", "Περισσότερα δέντρα στην πλατεία", "Λιγότερα αυτοκίνητα έξω από το σχολείο"),
    "Turkish": ("cp1254", "Meydana daha çok ağaç dikilsin", "Şehirde çocuklar için güvenli yollar"),
    "Hebrew": ("cp1255", "יותר עצים בכיכר העיר", "פחות מכוניות ליד בית הספר"),
    "Arabic": ("cp1256", "المزيد من الأشجار في الساحة", "تقليل السيارات قرب المدرسة"),
    "Mac": ("mac_roman", "Ein Spielplatz für größere Kinder", "Straßenbäume statt Parkplätze"),
    "Japanese": ("cp932", "公園にもっと木を植えてください", "通学路の車を減らしてほしい"),
    "Japanese in EUC": ("euc_jp", "公園にもっと木を植えてください", "通学路の車を減らしてほしい"),
    "Chinese": ("gb18030", "希望在广场上多种一些树", "减少学校附近的汽车数量"),
    "Chinese of Taiwan": ("big5", "希望在廣場上多種一些樹", "減少學校附近的汽車數量"),
    "Korean": ("euc_kr", "광장에 나무를 더 심어 주세요", "학교 근처의 자동차를 줄여 주세요"),
}


def survey(*texts: str) -> str:
    return "user_id;data\n" + "".join(f"{n};{text}\n" for n, text in enumerate(texts, start=1))


def read_bytes(folder: Path, raw: bytes, encoding: str | None = None) -> Profile:
    path = folder / "answers.csv"
    path.write_bytes(raw)
    return read(path, encoding=encoding)


def texts_of(profile: Profile) -> list[str]:
    return [text for own in profile.agents.texts for text in own]


@pytest.mark.parametrize("language", SURVEYS)
def test_detected_and_said(language: str, tmp_path: Path) -> None:
    encoding, *texts = SURVEYS[language]
    profile = read_bytes(tmp_path, survey(*texts).encode(encoding))
    assert texts_of(profile) == texts
    assert f"text read as {encoding}, because it is not UTF-8" in render(doctor(profile))


@pytest.mark.parametrize("language", SURVEYS)
@pytest.mark.parametrize("unicode", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_every_form(language: str, unicode: str, tmp_path: Path) -> None:
    # Without a mark the NULs of UTF-16 show only in what is mostly ASCII.
    _, *texts = SURVEYS[language]
    mostly_ascii = "user_id;data\n" + "".join(f"participant-number-{n:060};{t}\n" for n, t in enumerate(texts))
    profile = read_bytes(tmp_path, mostly_ascii.encode(unicode))
    assert texts_of(profile) == texts
    assert "not UTF-8" not in render(doctor(profile))


@pytest.mark.parametrize("language", SURVEYS)
def test_named(language: str, tmp_path: Path) -> None:
    encoding, *texts = SURVEYS[language]
    profile = read_bytes(tmp_path, survey(*texts).encode(encoding), encoding)
    assert texts_of(profile) == texts
    assert "not UTF-8" not in render(doctor(profile))


def test_a_name_overrides_what_would_be_detected(tmp_path: Path) -> None:
    raw = survey("Więcej ławek", "Mniej hałasu").encode("cp1250")
    assert texts_of(read_bytes(tmp_path, raw, "cp1252")) == ["Wiêcej ³awek", "Mniej ha³asu"]


def test_a_mark_is_certain_whatever_is_named(tmp_path: Path) -> None:
    raw = codecs.BOM_UTF16_LE + survey("Mehr Grün am Fluß", "Äpfel").encode("utf-16-le")
    assert texts_of(read_bytes(tmp_path, raw, "cp1252")) == ["Mehr Grün am Fluß", "Äpfel"]


@pytest.mark.parametrize("name", ["latin-17", "", "hex", "rot13", "utf8 ", "ü"])
def test_an_encoding_that_there_is_not(name: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(survey("More trees here", "Fewer cars there"), encoding="utf-8")
    if name == "utf8 ":
        assert read(path, encoding=name).n_agents == 2  # Python is as generous
        return
    with pytest.raises(InputError, match=r"`encoding` names no encoding, .*; use one like utf-8, utf-16, cp1252"):
        read(path, encoding=name)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            survey("It costs 5 €", "Nothing").encode("cp1252"),
            r"row 2: byte 14 of the line \(0x80\) .*'€' with cp1252",
        ),
        (
            survey("fine words", "and bad \x81\x8d").encode("latin-1"),
            r"row 3: byte 11 of the line \(0x81\) is not UTF-8",
        ),
        (survey("Grün", "Mär", "sch\udce4n").encode("utf-8", "surrogateescape"), r"row 4: byte 6 .* `encoding`"),
    ],
)
def test_what_is_doubtful_is_refused(raw: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_bytes(tmp_path, raw)
    assert caught.value.file == tmp_path / "answers.csv"
    assert "`encoding`" in str(caught.value)


def test_what_does_not_fit_the_named_encoding(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 3: byte 3 of the line \(0xc3\) is not ascii; `encoding` is another"):
        read_bytes(tmp_path, survey("plain words", "Ärger mit Bussen").encode(), "ascii")
    with pytest.raises(InputError, match=r"row 3: the text is not utf-16-le"):
        read_bytes(tmp_path, survey("plain words", "more words").encode("utf-16")[:-3])


def test_the_whole_file_decides_not_its_beginning(tmp_path: Path) -> None:
    rows = ["only ascii words"] * 20_000 + ["Grüße aus Köln", "schöne Wörter"]
    profile = read_bytes(tmp_path, survey(*rows).encode("cp1252"))
    assert texts_of(profile)[-2:] == ["Grüße aus Köln", "schöne Wörter"]


def test_the_encoding_is_decided_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "statements.csv").write_text("statement_id,text\n1,Größere Plätze\n2,Bäume\n", encoding="cp1252")
    path = tmp_path / "votes.csv"
    path.write_text("participant,statement_id,vote\nJörg,1,1\nJörg,2,-1\n", encoding="utf-8")
    profile = read(path)
    assert profile.agents.ids == ("Jörg",)
    assert profile.statements.texts == ("Größere Plätze", "Bäume")
    assert "text read as cp1252" in render(doctor(profile))


def test_decided_on_nothing_but_ascii() -> None:
    assert decided([b"a\n", b"b\n"]) == "utf-8"
    assert isinstance(decided([b"a\n", b"\xff\xfe\x80\n"]), Doubt)
    assert [encoding for encoding, _ in detected("Größe".encode("cp1252"))] == ["cp1252"]


@pytest.mark.parametrize(
    "text", ["Mehr Bäume für alle Straßen", "Plus d’arbres à l’école", "Больше деревьев", "もっと木を"]
)
def test_texts_that_were_decoded_wrongly_before(text: str, tmp_path: Path) -> None:
    spoilt = "".join(
        chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in text.encode()
    )
    profile = read_bytes(tmp_path, survey(spoilt + " and more words", "All is well here").encode())
    assert texts_of(profile)[0].startswith(spoilt)  # never repaired silently
    assert "1 text that looks broken, as if decoded wrongly before they came here" in render(doctor(profile))


@pytest.mark.parametrize(
    "text", ["Ângela não vê 5 °C à la carte", "„Ä“ und ‚Ö‘, »Ü«", "Île-de-France: Â, Ã et Ä", "naïve café"]
)
def test_texts_that_only_look_unusual(text: str) -> None:
    assert broken(text) is None


def test_head_of_a_text_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(survey("Grün ist schön", "Größer").encode("utf-16"))
    head = head_of(path)
    assert (head.what, head.table.header) == ("text", ("user_id", "data"))
    assert head.sample() == [(2, ["1", "Grün ist schön"]), (3, ["2", "Größer"])]
