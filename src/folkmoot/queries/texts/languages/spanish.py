"""Spanish."""

from __future__ import annotations

from .base import Language, Speaker, any_of, opening, split

_WORDS = split(
    """a al algo ante antes aquí así aunque cada como con contra cual cuando de debe deben del desde donde dos el ella
    ellas ellos en entre era es esa ese eso esta estas este esto estos está están fue ha haber había han hasta hay
    la las le les lo los me mi mis mucho muy más ni no nos nosotros nuestra nuestras nuestro nuestros o otra otro
    otros para pero por porque que quien qué se sea ser si sido sin sobre solo son su sus sí también tan te tiene
    tienen todo todos tu un una uno unos y ya yo él hemos debería deberían"""
)
_NEGATIONS = split("no ni nunca jamás nada sin contra prohibir ningún ninguna basta")

_LEAD = r"(?:(?:y|pero|también|sí|no|bueno|pues|personalmente|sinceramente|actualmente)[\s,:-]+)*(?:yo\s+)?"
_OFTEN = r"(?:(?:también|siempre|a\smenudo|actualmente|todavía|aún|ya|muy|regularmente|rara\svez|no|nunca)\s+)*"
_OPINION = (
    r"(?!(?:\w+\s+){0,3}?(?:partidario|partidaria|defensor|defensora|fan|opositor|opositora|firme|gran|poco|"
    r"convencido|"
    r"convencida|favor)\b)"
)

SPEAKER = Speaker(
    fact=opening(
        rf"{_LEAD}(?:no\s+)?soy\s+{_OFTEN}(?:una?\s+{_OPINION}\w+|de(?!\s+(?:la\s+)?(?:opinión|idea))|mujer|hombre|"
        r"jubilad[oa]|casad[oa]|solter[oa]|divorciad[oa]|viud[oa]|estudiante|maestr[oa]|profesora?|médic[oa]|"
        r"enfermer[oa]|agricultora?|propietari[oa]|inquilin[oa]|vecin[oa]|residente|madre|padre|autónom[oa]|"
        r"nativ[oa]|"
        r"mayor\s+de|menor\s+de|votante)",
        rf"{_LEAD}(?:no\s+)?(?:tengo|he\s+cumplido)\s+(?:menos\s+de\s+|más\s+de\s+|"
        rf"entre\s+)?\d+\s+(?:y\s+\d+\s+)?años",
        rf"{_LEAD}{_OFTEN}(?:(?:vivo|resido)\s+(?:en|cerca|aquí|desde|solo|sola)|nací|"
        rf"trabajo\s+(?:como|desde\s+hace)|estudio\s+(?:desde|primero|segundo|tercero))",
        rf"{_LEAD}estoy\s+{_OFTEN}(?:casad[oa]|jubilad[oa]|desemplead[oa]|registrad[oa]|empadronad[oa])",
        rf"{_LEAD}mi\s+(?:residencia\s+principal|profesión|(?:lengua|idioma)\s+(?:matern[oa]|principal))",
        rf"{_LEAD}(?:(?:el|la|los)\s+)?\w+\s+(?:no\s+)?es\s+mi\s+(?:(?:lengua|idioma)\s+(?:matern[oa]|principal)|"
        r"primer(?:a)?\s+(?:lengua|idioma)|profesión|religión|nacionalidad|ciudad\s+natal|género)\b",
        rf"{_LEAD}(?:vivimos\s+(?:en\s+la\s+calle|cerca|al\s+lado)|tenemos\s+(?:dos|tres|cuatro|\d+)\s+(?:hijos|"
        rf"coches|perros))",
    ),
    habit=opening(
        rf"{_LEAD}{_OFTEN}(?:voy\s+(?:en|al?|cada|siempre)|leo|veo\s+(?:el|la|los|las)|utilizo|visito|asisto|"
        r"conozco|entiendo\s+(?:cómo|lo|el|la)|sé\s+(?:cómo|lo|qué))",
        rf"{_LEAD}(?:no\s+)?tengo\s+(?:una?\s+|dos\s+|tres\s+|\d+\s+)?(?:\w+\s+)?(?:hij[oa]s?|coche|coches|"
        rf"perros?|gatos?|casa|"
        r"jardín|carrera)",
        # Without the pronoun these are nouns: "Uso obligatorio de ...".
        r"yo\s+(?:no\s+)?(?:trabajo|estudio|juego|uso|voto|camino|corro)",
        rf"{_LEAD}he\s+(?:vivido|trabajado|votado|leído|escrito|jugado|crecido|asistido|estudiado)",
        rf"{_LEAD}(?:puedo|sé)\s+(?:explicar|describir)",
        rf"{_LEAD}me\s+(?:considero|identifico|informo|muevo|desplazo|dedico)",
        rf"{_LEAD}(?:mi|mis)\s+(?:familia|esposa|esposo|mujer|marido|hij[oa]s?|padres|madre|padre|trabajo|empleo|"
        rf"jef[ea]|"
        r"sueldo|salario|casa|piso|edad|nombre|jardín|pareja|hogar|ingresos)",
    ),
    demand=any_of(
        """debe deben debemos deber- hay_que tiene_que tienen_que tenemos_que quiero queremos quisiera desear- deseo
        exijo exigimos pido pedimos propongo creo creemos pienso opino considero_que apoyo apoyamos opongo favor
        en_contra de_acuerdo prefiero preferir- espero necesit- gustaría haría prohib- bast- dejen por_favor ojalá
        merec- partidari- estoy_a_favor opinión fan defensor- opositor-"""
    ),
    turn=any_of("pero porque aunque sin_embargo"),
    view=any_of(
        """más menos mejor mejores peor peores buen buena bueno buenas buenos mal mala malo demasiad- bastante
        suficiente- insuficiente- important- esencial- necesari- innecesari- inútil- útil- just- injust- segur-
        insegur- peligr- caro cara caros caras barat- asequible- desperdici- falta- fracas- feliz content-
        agradecid- orgullos- satisfech- insatisfech- preocup- miedo temo enfad- decepcion- cansad- hart- encanta
        odio gusta gustan disfruto confí- confianza desconf- dudo duda siento parece acepto inaceptable permit-
        problema- pena imposible difícil- fácil- por_qué porque seguiré dejaré voy_a niego gracias aprecio"""
    ),
)

SPANISH = Language("es", "Spanish", _WORDS, _NEGATIONS, SPEAKER)
