"""German."""

from __future__ import annotations

from .base import Language, Speaker, any_of, opening, split

_WORDS = split(
    """aber alle allem allen aller als also am an auch auf aus bei beim bin bis da damit dann das dass dem den denn
    der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es
    etwas für gegen habe haben hat hatte hier ich ihm ihn ihnen ihr ihre im in ins ist ja jede jeder jedes kann
    kein keine keinen können man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nicht noch nur
    ob oder ohne sehr sein seine sich sie sind so soll sollen sollte sollten über um und uns unser unsere unseren
    unserer vom von vor war wäre waren warum was wegen weil wenn werden wer wie wir wird wo wurde wurden würde zu
    zum zur zwischen"""
)
_NEGATIONS = split("nicht kein keine keinen keinem keiner nie niemals nichts ohne gegen ablehnen verbieten stopp")

_LEAD = r"(?:(?:und|aber|also|auch|ja|nein|persönlich|ehrlich\sgesagt|naja|nun)[\s,:-]+)*"
_OFT = r"(?:(?:auch|immer|oft|meist|meistens|regelmäßig|manchmal|selten|häufig|derzeit|momentan|zurzeit|noch|nur|schon|"
_OFT += r"jetzt|bereits|nie|seit\s+\w+(?:\s+(?:jahren|monaten|jahr))?|selbst|gerade|hier|nicht)\s+)*"
_OPINION = (
    r"(?!(?:\w+\s+){0,3}?(?:fan|anhänger|anhängerin|befürworter|befürworterin|gegner|gegnerin|freund|freundin|"
    r"unterstützer|"
    r"unterstützerin|meinung|ansicht|auffassung|großer|große|überzeugter|bisschen)\b)"
)

SPEAKER = Speaker(
    fact=opening(
        rf"{_LEAD}ich\s+bin\s+{_OFT}(?:(?:etwa|ungefähr|über|unter|zwischen)\s+\d+|\d+|aus|wahlberechtigt|"
        rf"weiblich|männlich|"
        rf"divers|verheiratet|ledig|geschieden|verwitwet|in\s+rente|im\s+ruhestand|pensioniert|arbeitslos|"
        rf"berufstätig|"
        rf"selbstständig|selbständig|alleinerziehend|eine?\s+{_OPINION}\w+|"
        r"(?:rentner|student|schüler|lehrer|anwohner|landwirt|mieter|hausbesitzer|mutter|vater|mitglied)(?:in)?)",
        rf"{_LEAD}ich\s+(?:wohne|lebe|arbeite|studiere|besitze|miete|pendle|pendele|wurde\s+\w*\s*geboren|"
        r"bin\s+(?:\w+\s+){0,2}?(?:geboren|aufgewachsen|eigentümer|eigentümerin))",
        rf"{_LEAD}meine?\s+(?:muttersprache|erstsprache|staatsangehörigkeit|religion|herkunft)\s+(?:ist|war)\b",
        rf"{_LEAD}(?:\w+\s+){{1,2}}ist\s+(?:nicht\s+)?meine?\s+(?:muttersprache|erstsprache|zweitsprache|"
        r"erste\s+sprache|zweite\s+sprache|heimat|heimatstadt|beruf|staatsangehörigkeit|religion|hauptwohnsitz)\b",
        rf"{_LEAD}mein(?:e)?\s+(?:haupt|erst|zweit)wohnsitz",
        rf"{_LEAD}wir\s+(?:wohnen\s+(?:am|an|bei|neben)|besitzen\s+eine?n?|haben\s+(?:zwei|drei|vier|\d+)\s+"
        r"(?:kinder|autos|hunde))",
    ),
    habit=opening(
        rf"{_LEAD}ich\s+(?:fahre|gehe|spiele|besuche|kaufe|lese|schaue|sehe\s+fern|nutze|benutze|jogge|radle|koche)",
        rf"{_LEAD}ich\s+(?:habe|hab)\s+(?:eine?n?\s+|keine?n?\s+|zwei\s+|drei\s+|\d+\s+)?(?:\w+\s+)?(?:kind|"
        rf"kinder|auto|hund|"
        r"katze|haus|garten|wohnung|ausbildung|studium|abitur)",
        rf"{_LEAD}ich\s+(?:kenne|verstehe|weiß)(?:,)?\s+(?:wie|was|den|die|das)",
        rf"{_LEAD}ich\s+kann\s+(?:\w+\s+){{0,4}}?(?:erklären|beschreiben)",
        rf"{_LEAD}ich\s+(?:engagiere|informiere|bezeichne|sehe|betrachte)\s+mich",
        rf"{_LEAD}meine?\s+(?:familie|frau|mann|kinder|kind|sohn|tochter|eltern|mutter|vater|arbeit|beruf|"
        rf"arbeitgeber|chef|"
        r"einkommen|haus|wohnung|alter|name|garten|hobby|partner|partnerin)",
    ),
    demand=any_of(
        """soll- muss müssen müsste müssten möchte möchten will wollen wünsch- fordere fordern brauch- bräucht-
        bin_für bereit bin_gegen dafür dagegen befürwort- unterstütz- lehne ablehn- finde denke glaube meine_ich
        meine,_dass meine_dass halte hoffe erwarte bevorzug- würde würden wäre wären schlage verbiet- verbot
        abschaff- bitte lieber statt anstatt verdien- überzeugt meinung ansicht fan anhänger- befürworter- gegner-"""
    ),
    turn=any_of("aber weil doch obwohl jedoch trotzdem"),
    view=any_of(
        """mehr weniger besser beste bester bestes schlecht- schlimm- gut gute guter gutes gutem zu_viel zu_wenig
        zu_viele zu_wenige zu_teuer zu_laut zu_hoch genug wichtig- unwichtig nötig notwendig unnötig fair unfair
        gerecht ungerecht- falsch richtig sicher unsicher gefährlich- gefahr teuer billig leisten bezahlbar
        verschwend- sinnlos nutzlos fehl- mangel- froh glücklich unglücklich dankbar stolz zufrieden unzufrieden
        sorge sorgen besorgt angst fürchte wütend ärger- enttäuscht genervt frustriert müde satt freue liebe hasse
        mag genieße vertrau- misstrau- bezweifle zweifl- stimme einverstanden fühle scheint akzept- erlaub-
        problem- begrüß- schade egal werde lasse weigere verstehe_nicht warum weil gern gerne ungern stört leider
        schön schöne hässlich wunder-"""
    ),
)

GERMAN = Language("de", "German", _WORDS, _NEGATIONS, SPEAKER, compounds=True)
