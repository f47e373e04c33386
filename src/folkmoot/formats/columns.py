"""What columns are called in the files people have, and which of them may tell who somebody is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..profile.costs import words

PERSON = (
    "participant",
    "participant-id",
    "user-id",
    "agent-id",
    "respondent-id",
    "response-id",
    "responseid",
    "voter-id",
    "person-id",
    "prolific-pid",
    "prolific-id",
    "participantid",
    "userid",
    "respondentid",
    "respondent",
    "user",
    "respid",
    "caseid",
    "case-id",
    "record-id",
    "idno",
    "contribution-id",
    "submission-id",
    "lfdn",
    "teilnehmer",
    "teilnehmer-id",
    "teilnehmende",
    "befragte",
    "répondant",
    "participante",
    "partecipante",
    "rispondente",
    "deelnemer",
    "uczestnik",
    "respondente",
    "encuestado",
    "katılımcı",
    "参加者",
    "回答者",
    "受访者",
    "id",
)
"""The participant's id, the clearest name first; other tools' and languages' names after the usual ones."""

SPEAKER = ("interview", "speaker-id", "speaker-name", "speaker", "extraquestion1")
"""Talk to the City: the person who speaks, where a row is one comment."""

SPEAKER_BY_ROW_ID = (*SPEAKER, "author-id", "author", "name", *PERSON[:-1])
"""As `SPEAKER`, where another column is clearly the comment's id."""

ROW_ID = ("comment-id", "row-id", "i")
"""The comment's id, where a row is one comment."""

TEXT = ("data", "text", "comment-body", "comment-text", "comment", "response", "answer", "survey-text", "opinion-text")
"""A text that a person wrote."""

EXPLANATION = ("explanation", "reason", "justification", "comment", "why")
"""A text that a person wrote beside a rating."""

STATEMENT = (
    "statement-id",
    "comment-id",
    "proposal-id",
    "item-id",
    "thought-id",
    "tid",
    "statement",
    "item",
    "proposal",
)
STATEMENT_TEXT = (
    "statement-text",
    "text",
    "comment-body",
    "thought-text",
    "body",
    "comment-text",
    "comment",
    "content",
    "txt",
)
QUESTION = ("question-id", "question-text", "question")
WEIGHT = (
    "weight",
    "weights",
    "survey-weight",
    "sampling-weight",
    "design-weight",
    "person-weight",
    "weighting",
    "wt",
    "wgt",
    "gewicht",
    "gewichtung",
    "poids",
    "ponderation",
    "pondération",
    "peso",
    "ponderación",
    "ponderacion",
    "weging",
    "weegfactor",
    "waga",
    "ağırlık",
)

GROUPS = frozenset(
    [
        "age",
        "sex",
        "gender",
        "region",
        "country",
        "education",
        "income",
        "year",
        "birth-year",
        "year-of-birth",
        "step",
        "order",
    ]
)
"""Columns of numbers about a person or a row that are not ratings."""

_FOLDED = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe"})

_HARD = (
    r"(?:e ?mail(?: address)?|mail address|phone|telephone|telefon(?:nummer|o|e)?|telefoon(?:nummer)?|celular|portable"
    r"|mobile|handy(?:nummer)?|address|adresse|anschrift|direccion|domicilio|indirizzo|adres|endereco|morada"
    r"|name|names|namen|nom|nombre|nome|naam|imie|nazwisko|zip|postcode)"
)
_YOUR = (
    r"(?:your|my|ihr|ihre[mnrs]?|deine?[nmrs]?|votre|ton|vos|su|tu|vuestro|tuo|tua|suo|sua|vostro|uw|je|jouw"
    r"|twoje?|twoja|pana|pani|panstwa|seu|teu)"
)
_STRONG = re.compile(
    r"\b(?:e ?mail\d*|e mail address|mail address|courriel|correo electronico|posta elettronica|correio eletronico"
    r"|(?:phone|telephone|mobile|cell|contact) (?:number|no|nr)|telephone|telefonnummer|handynummer|telefon|telefono"
    r"|telefone|telefoon|telefoonnummer|numero de telephone|numer telefonu"
    r"|ip ?addr(?:ess)?|ip adresse|adresse ip|geolocation|latitude|longitude|recipient[a-z]*"
    r"|external (?:data )?reference|externalreference|referrer url|refurl|xid"
    r"|(?:home|postal|mailing|street|residential|private|living) address|home adresse|privatadresse|wohnadresse"
    r"|adresse postale|street (?:and|number)|strasse und (?:haus)?(?:nummer|nr)|house number|hausnummer"
    r"|post ?code|postal code|zip ?code|postleitzahl|plz|code postal|codigo postal|codice postale|kod pocztowy"
    r"|first ?name|last ?name|surname|full name|family name|given name|maiden name|user ?name|nick ?name"
    r"|vorname|nachname|familienname|prenom|nom de famille|apellidos?|cognome|nazwisko|achternaam|voornaam|sobrenome"
    r"|apelido|date of birth|place of birth|birth ?date|birthday|birth ?place|geburts(?:datum|tag|ort)"
    r"|(?:date|lieu) de naissance|(?:fecha|lugar) de nacimiento|(?:data|luogo) di nascita|geboorte(?:datum|plaats)"
    r"|(?:data|miejsce) urodzenia|(?:data|local) de nascimento|contact (?:details|data|info(?:rmation)?)|kontaktdaten"
    r"|(?:city|town|place|country) of residence|wohnort|wohnsitz|lieu de residence|ville de residence|domicile"
    r"|(?:lugar|ciudad) de residencia|(?:luogo|citta) di residenza|woonplaats|miejsce zamieszkania"
    r"|(?:local|cidade) de residencia"
    r"|where (?:do|are|did) you (?:liv|resid|stay)\w*|where (?:were you born|is your home)|what are you called"
    r"|(?:which|what) (?:\w+ ){1,3}do you (?:live|reside)(?: in| on)?$"
    r"|(?:stadt|ort|strasse|gemeinde|stadtteil|viertel) (?:wohn|leb)\w+ (?:sie|du)"
    r"|(?:ville|rue|commune|quartier) (?:habite[sz]|vivez|vis)|wo (?:wohn|leb)\w+ (?:sie|du)|wie heiss\w+ (?:sie|du)"
    r"|ou (?:habite[sz]|vivez|vis)|ou est ce que (?:vous|tu) (?:habite|viv)\w*|comment (?:vous appelez|t appelles)"
    r"|donde viv\w+|como (?:te llamas|se llama)|dove (?:abit|viv|risied)\w+|come (?:ti chiami|si chiama)"
    r"|waar wo+nt? (?:u|je|jij)|waar woon (?:je|jij)|hoe heet (?:u|je|jij)|gdzie (?:pan |pani )?mieszka\w*"
    r"|jak sie nazywa\w*|jak masz na imie|onde (?:voce )?(?:mora|vive|reside)\w*|como (?:voce )?se chama"
    r"|como te chamas)\b"
)
"""Words that make a column personal wherever they stand, unless the header asks for an opinion."""

_POSSESSED = re.compile(
    rf"\b{_YOUR} (?:(?:full|first|last|home|current|exact|complete|own|e|real|postal|private) )*{_HARD}\b"
)
"""Words that make a column personal even beside words that ask for an opinion."""

_WHERE = re.compile(
    rf"^(?:please )?(?:what is|what s|which is|enter|give|state|write|tell us|provide|type) {_YOUR} "
    r"(?:(?:home|current|exact|own) )*(?:city|town|village|street|place|location|neighbou?rhood|district)$"
)
_OPINION = re.compile(
    r"\b(?:think|thoughts?|opinions?|views?|should|ought|would|could|feel|like|dislike|prefer|improve[ds]?|change[ds]?|want"
    r"|why|how|agree|matters?|important|proposals?|suggestions?|ideas?|denk\w*|gefall\w*|mein\w*|halt\w*|finde\w*|sollt?e?\w*"
    r"|warum|vorschlag\w*|pense[zrs]?|avis|pourquoi|faut|devrait|pien[sz]a[sn]?|opinion\w*|opina\w*|deberia\w*"
    r"|por que|pens[ai]|dovrebbe|perche|vind\w*|moet\w*|waarom|mysli\w*|powinn\w*|dlaczego|acha\w*|deveria\w*)\b"
)
_ELSEWHERE = re.compile(
    r"氏名|お名前|住所|お住まい|電話|携帯|メールアドレス|生年月日|郵便番号|姓名|名字|住址|地址|电话|手机|手機|邮箱|郵箱|邮编|身份证|微信号"
    r"|이름|성명|성함|주소|전화|휴대폰|연락처|이메일|생년월일|الاسم|اسمك|العنوان|عنوان السكن|الهاتف|رقم الجوال|البريد"
    r"|\bфио\b|\bф\. ?и\. ?о\b|\bимя\b|фамилия|\bадрес\b|телефон|почта|\be-?mail\b|дата рождения"
    r"|\bad(?:ınız|ı)? ?(?:ve )?soyad|\badınız|\badresiniz|\be-?posta|\bcep |\bdoğum tarihi"
    r"|ονοματεπώνυμο|διεύθυνση|τηλέφωνο|שם מלא|כתובת|טלפון|नाम|पता|ชื่อ|ที่อยู่"
    r"|\bhọ (?:và )?tên|địa chỉ|\bnamn\b|\bnavn\b|\bnimi\b"
    r"|\bjméno|příjmení|\bnume\b|\bnév\b|\bім'я|прізвище"
)
"""Words for personal data in other languages, in a header that is no long question."""

_LABEL = frozenset(
    re.findall(
        r"\w+",
        """name names namen nom noms nombre nombres nome nomes naam namen imie address addresses adresse adressen
    anschrift direccion domicilio indirizzo adres endereco morada mail mails emails phone telephone telefon mobile handy
    celular portable tel ip ipaddr token lat lon lng gps location place city town village street zip cap ort stadt
    strasse ville rue ciudad calle citta via comune stad straat plaats miasto ulica miejscowosc cidade rua
    localidade localidad residence residencia birth geburt signature unterschrift firma locationlatitude
    locationlongitude username nickname
    firstname lastname ipaddress""",
    )
)
"""A header of only such words and `_FILLER` is the label of something personal."""

_FILLER = frozenset(
    re.findall(
        r"\w+",
        """a the of and or et und oder ou y e i en o de la le du des di da del do your my you home full first last given
    family middle legal maiden display user speaker author participant respondent contact person voter customer member
    parent work house number no nr numer numero nummer line current permanent complete postal exact optional facultatif
    freiwillig required please country state data details if any ihr ihre votre su uw seu""",
    )
)


def names_in(text: str) -> frozenset[str]:
    """The names in a text, separated by blanks."""
    return frozenset(text.split())


def personal(name: str) -> bool:
    """May a column of this name tell who somebody is? A question for an opinion does not, whatever it mentions.

    >>> [personal(n) for n in ("Email Address", "IPAddress", "Wo wohnen Sie (Straße, Ort)?", "Nom et prénom", "data")]
    [True, True, True, True, False]
    >>> [personal(n) for n in ("What should the city do?", "What do you think of the location of the library?")]
    [False, False]
    """
    folded = _plain_words(name)
    if len(name) <= 24 and _ELSEWHERE.search(name.casefold()):
        return True
    words = [w for w in re.sub(r"\d+", " ", folded).split() if w not in _FILLER]
    if words and all(word in _LABEL for word in words):
        return True
    if _POSSESSED.search(folded) or _WHERE.search(folded):
        return True
    return _STRONG.search(folded) is not None and _OPINION.search(folded) is None


def _plain_words(name: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower().translate(_FOLDED)
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(ch))
    return " ".join(re.findall(r"[^\W_]+", bare))


def free_text(cells: Iterable[str]) -> bool:
    """Do these answers look written, not chosen: three words or more on average, and mostly distinct?"""
    answers = [c for cell in cells if (c := cell.strip())]
    if not answers:
        return False
    length = sum(_words(cell) for cell in answers)
    return length >= 3 * len(answers) and 2 * len(set(answers)) > len(answers)


def _words(text: str) -> float:
    return sum(words(word) for word in text.split() if any(ch.isalpha() for ch in word))
