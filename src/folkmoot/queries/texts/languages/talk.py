"""How people greet, point back and ask in four languages: data by which a sentence that says something is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .base import Rule, any_of


@dataclass(frozen=True)
class Talk:
    """Patterns for sentences in the form that `words.plain` gives them.

    Args:
        empty: the whole of a sentence that says nothing: a greeting, thanks, a wish, "no comment".
        leaning: the opening of a sentence that needs what was said before it ("And ...", "They ...", "This is ...").
        trailing: the end of a short sentence that needs what was said before it ("... bring this up"); None: no rule.
        standing: openings that look like `leaning` and are not ("It is important that ...").
        circumstance: the whole of a sentence that says how long or since when somebody has done something, no more.
        wanting: the opening of a wish or a demand that needs no verb ("More buses ...").
        judging: words of a judgement or a feeling, besides those of `Speaker.view`.
        verbs: words that make a sentence of a row of words; generous, so that little is taken for a fragment.
    """

    empty: re.Pattern[str]
    leaning: re.Pattern[str]
    trailing: re.Pattern[str] | None
    standing: re.Pattern[str]
    circumstance: re.Pattern[str]
    wanting: re.Pattern[str]
    judging: Rule
    verbs: Rule | re.Pattern[str]


def _whole(*parts: str) -> re.Pattern[str]:
    # Cases are folded as in the texts, but not those of classes like \\W.
    return re.compile(rf"\W*(?:{'|'.join(parts).casefold()})[\s.!?…,:;)\"'-]*")


def _start(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(parts)})(?!\w)".casefold())


_ENGLISH = Talk(
    empty=_whole(
        r"(?:i |just |really )*(?:hope|hoping) (?:that )?(?:this|that|it|my \w+)(?: \w+){0,2}? helps?\b.{0,40}",
        r"(?:hi|hello|hey|dear|greetings|good (?:morning|evening|day|afternoon))\b(?:,? [\w']+){0,4}",
        r"(?:many |much )?thanks(?! to\b)(?: you)?(?: (?:for|in|so|a|very)\b.{0,60})?",
        r"thank(?:ing)? you\b.{0,60}",
        r"(?:the )?(?:best of |good |best )luck\b.{0,40}|best wishes\b.{0,30}",
        r"(?:kind |best |warm )?regards\b.{0,30}|(?:yours )?sincerely\b.{0,30}|cheers\b.{0,20}|god bless\b.{0,30}",
        r"(?:i |i've |just |only )*(?:wanted|thought|decided) (?:to|i'd|i would|i should) "
        r"(?:share|write|post|let you|say|add)\b.{0,60}",
        r"(?:i'll|i will|will) (?:be )?(?:updat\w+|keep you (?:posted|updated)|report back|let you know)\b.{0,40}",
        r"(?:no|without)(?: further)? (?:comments?|opinion|answer|idea)|n/?a|none|nothing(?: (?:else|"
        r"more))? to (?:add|"
        r"say)\b.{0,20}",
        r"(?:see|as (?:i )?(?:said|stated|mentioned|described)) (?:above|before|earlier)",
        r"i (?:don't|do not|really don't) (?:know|have (?:an|any) (?:opinion|idea|comments?|view))\b.{0,20}",
        r"(?:i'm |i am )?not (?:really )?sure\b.{0,15}|that(?:'s| is) (?:all|it)\b.{0,20}|(?:and )?so on|"
        r"any questions",
        r"(?:sorry|apologies) for\b.{0,50}|(?:please )?(?:take care|stay (?:safe|tuned|strong))\b.{0,20}",
    ),
    leaning=_start(
        r"(?:it|its|it's|they|they're|they've|he|he's|she|she's|him|her|his|hers|them|their|theirs)",
        r"(?:this|that|these|those)(?:'s)?,?(?: \w+ly| also| all| just| then)? (?:is|are|was|were|isn't|aren't|"
        r"wasn't|has|"
        r"have|had|will|would|can|could|should|may|might|must|does|doesn't|did|didn't|makes?|made|means?|leads?|"
        r"seems?|"
        r"gives?|gave|helps?|helped|causes?|caused|happens?|happened|way|being|said|one|ones|includes?|goes|works?)",
        r"(?:that's|that|which|who|whom|whose|and|but|or|nor|so|also|then|thus|hence|plus|yet|because|cause|"
        r"cuz|besides|otherwise|therefore|however|moreover|furthermore|additionally|again|likewise|instead|"
        r"maybe so|still)",
        r"(?:another|one|the other|the same|an|the first|the second|the (?:former|latter))(?: \w+){0,2}? "
        r"(?:example|scenario|reason|one|thing|case|side|situation|option|argument|drawback|advantage|disadvantage|"
        r"downside|benefit|problem|issue)s?",
        r"the (?:\w+ )?(?:drawback|advantage|disadvantage|downside|benefit|argument|example|scenario|trade-?off)s?"
        r"(?: of (?:mine|this|that|these))? (?:is|are|was|would|could|might|being|here|against my)",
        r"(?:for (?:example|instance)|e\.?g|i\.?e|in (?:this|that|these|those|such|both|either|my first|"
        r"the first|the "
        r"second) (?:case|cases|way|situation|situations|scenario|example|regard|respect|instance)|"
        r"with (?:this|that|these|those)|on the other|on one|such|same|here|there,|at that|after that|since then|by "
        r"(?:this|that)|if (?:so|not|it|they|he|she|this|that)|when (?:it|they|he|she|this|that)|as (?:i|a result|"
        r"such|well|said|stated|mentioned)|due to (?:this|that))",
        r"(?:(?:other than|apart from|aside from|besides|despite|except) (?:that|this|these|those|it)|"
        r"yes|no|yeah|nope|ok|okay|well|lol|anyway|anyways|first|firstly|second|secondly|third|thirdly|"
        r"finally|lastly|"
        r"in addition|in conclusion|in summary|scenario|example|advantages?|disadvantages?|drawbacks?|pros?|cons?|"
        r"both|neither|either)(?:\s*[\d#]+)?[,:.]?(?! (?:one|body))",
    ),
    trailing=re.compile(
        r"(?<!\w)(?:it|this|that|them|these|those|him|her|(?:have|has|had|need|needs|want|get|build|"
        r"make) one)(?: up| out| at all| either| too)?[.!\s]*$|"
        r"(?<!\w)(?:this|that|these|those) (?:possibility|question|case|scenario|situation|answer|"
        r"information)s?(?!\w)"
    ),
    standing=_start(
        r"it(?:'s| is| was| would be| will be| should be| might be| may be| can be| seems| has to be)(?: \w+ly|"
        r" not| very| "
        r"so| too| quite| also| more| a| an| the| just)* (?:\w+) (?:to|that|for|if|when|how|we)",
        r"(?:it takes|it should not be|it shouldn't be|no (?:one|body|more|animals|chatbot|cars|need|new)|"
        r"so many|so much|"
        r"still,? (?:no|not)|such a|still waiting|one of the|the same (?:rules|rights))",
        r"no (?!,)\w+ (?:should|shall|must|may|can|needs?|is|are)|both \w+ (?:and|are|should)",
    ),
    circumstance=_whole(
        r"(?:so |well |now |currently |anyway ,?)?(?:i|i'm|i've|i was|i am|we|we've)\b.{0,50}?\b(?:on|taking|"
        r"using|took|used|start\w*|"
        r"been|began|living|lived|doing|got|came|here)\b.{0,50}?\b(?:\d+|an?|one|two|three|four|five|six|seven|"
        r"eight|nine|ten|twelve|"
        r"several|few|many|couple)(?: \w+)?(?:/\d| ?(?:-|to|or) ?\w+)? (?:days?|weeks?|months?|mos?|years?|yrs?|"
        r"packs?)"
        r"(?: (?:now|ago|back|already|so far|old|straight|total|of|on \w+(?: pill)?)){0,2}"
    ),
    wanting=_start(
        r"(?:we |please )?(?:more|less|fewer|better|no|stop|ban|end|keep|free|lower|higher|faster|safer|cheaper|"
        r"new|build|"
        r"fix|improve|support|provide|allow|pass|raise|reduce|increase|let|make|give|get|put|add|bring|create|"
        r"protect|save|"
        r"fund|invest|repair|expand|close|open|cut|tax|pay|use|plant|clean|enforce|encourage|promote|remove|replace|"
        r"emphasize|insist|require|offer|limit|hire|teach|legalize|never|always|please|park|widen|extend|start)"
    ),
    judging=any_of(
        """very really extremely totally absolutely definitely incredibly horribl- terribl- amazing- awesome
        perfect- painful-
        pleasant- unpleasant- annoy- recommend- regret- suffer- ruin- miserabl- ugly dirty clean nasty favorite
        favourite
        beautiful nice fine easy hard difficult helpful benefit- harm- improv- worth worthless works worked"""
    ),
    verbs=any_of(
        """is are was were be been being am isn't aren't wasn't weren't i'm i've i'd i'll it's he's she's
        they're we're
        you're that's there's we've they've you've has have had hasn't haven't hadn't do does did don't doesn't
        didn't can
        can't cannot could couldn't will won't would wouldn't should shouldn't must may might shall need needs
        want wants
        let lets let's go goes went get gets got make makes made take takes took give gives gave come comes came keep
        keeps kept feel feels felt think thinks thought know knows knew say says said tell tells told see sees
        saw find
        finds found put puts cost costs run runs ran help helps work works seem seems become becomes became
        lose loses lost
        gain gains like likes love loves hate hates mean means meant leave leaves left pay pays paid die dies
        grow grows
        grew begin began start starts stop stops fall fell rise rises hurt hurts cut cuts hit hits set sets
        cause causes
        live lives play plays turn turns bring brings brought buy buys bought build builds built spend spends
        spent stand
        stands sit sits hear hears heard hold holds held send sends sent meet meets met read reads lead leads
        led support
        supports oppose opposes deserve deserves belong belongs exist exists matter matters depend depends
        happen happens
        look looks require requires allow allows provide provides include includes create creates offer offers
        ruin ruins
        kill kills destroy destroys serve serves lack lacks exceed exceeds outweigh outweighs ain't dont cant
        wont im ive
        """
    ),
)

_GERMAN = Talk(
    empty=_whole(
        r"(?:hallo|hi|moin|servus|grüß gott|guten (?:tag|morgen|abend)|liebe[rs]?|"
        r"sehr geehrte[rs]?)\b(?:,? [\w-]+){0,6}",
        r"(?:(?:vielen|herzlichen|besten|lieben|schönen|ein) )*(?:dank|dankeschön|danke)(?!\w)(?: .{0,60})?",
        r"(?:(?:mit|viele|vielen|liebe|lieben|beste|besten|freundlichen|freundliche|herzliche|herzlichen|schöne) )+"
        r"gr(?:ü|ue)ße?n?\b.{0,30}|mfg|lg|vg",
        r"(?:viel (?:erfolg|glück|spaß)|alles gute|schönen tag|gutes gelingen)\b.{0,30}",
        r"(?:ich )?hoffe,? (?:das|dies|es|ihnen|euch)\b.{0,20} (?:hilft|geholfen)\b.{0,30}",
        r"keine (?:ahnung|angaben?|meinung|anmerkung(?:en)?|weiteren \w+)|k\.? ?a|(?:das )?wei(?:ß|"
        r"ss) (?:ich )?nicht|"
        r"ich wei(?:ß|ss) (?:es )?(?:auch )?nicht\b.{0,12}|"
        r"siehe oben|s\. ?o|wie (?:oben|bereits|schon) (?:gesagt|erwähnt|beschrieben)|das war'?s|nichts\b.{0,30}",
        r"(?:bitte )?entschuldig\w+\b.{0,50}|bleiben sie gesund\b.{0,10}",
    ),
    leaning=_start(
        r"(?:es|er|ihm|ihr|ihnen|sie(?! (?:sollten|müssen) ))",
        r"(?:das|dies|diese[rsnm]?|jene[rsnm]?)(?: \w+)? (?:ist|sind|war|waren|wäre|wären|hat|haben|hatte|wird|"
        r"werden|"
        r"würde|kann|können|könnte|muss|müsste|soll|sollte|gilt|führt|bringt|macht|geht|stimmt|hilft|halte|finde)",
        r"(?:und|aber|oder|denn|auch|außerdem|zudem|dadurch|deshalb|daher|deswegen|darum|dann|dort|da|hier|"
        r"damit|dazu|"
        r"dabei|dafür|dagegen|davon|daran|darauf|allerdings|jedoch|trotzdem|sonst|ansonsten|ebenso|weil|wobei|also|"
        r"insofern|hingegen|stattdessen|gleichzeitig|zum beispiel|z\.? ?b|ja|nein|naja|nun|erstens|zweitens|drittens|"
        r"schließlich|zuletzt|beide|so|welche[rsnm]?)",
    ),
    trailing=None,
    standing=_start(
        r"es (?:gibt|fehlt|fehlen|braucht|muss|müssen|soll|sollte|sollten|darf|dürfen|kann nicht sein|bräuchte|"
        r"wird zeit|"
        r"ist (?:\w+ )?(?:wichtig|notwendig|nötig|schade|gut|schlecht|unfair|ungerecht|falsch|richtig|an der zeit|"
        r"höchste|zu \w+|unmöglich|unverständlich|eine schande))",
        r"(?:auch (?:die|der|das|kinder|ältere|radfahrer|menschen)|so viele|da(?:s)? (?:geld|rathaus)|hier in|"
        r"da die)",
    ),
    circumstance=_whole(
        r"(?:ich|wir)\b.{0,50}?\bseit .{0,30}?(?:tagen|wochen|monaten|jahren|jahr|monat|kurzem|langem)\b.{0,25}"
    ),
    wanting=_start(
        r"(?:mehr|weniger|bessere[rsnm]?|keine?n?|kein|stopp?|bitte|längere|kürzere|günstigere|billigere|"
        r"sichere|neue|"
        r"kostenlose[rs]?|freie[rs]?|schluss mit|weg mit|her mit|statt|endlich|schnellere[rs]?|tempo|einführung|"
        r"ausbau|"
        r"abschaffung|verbot|erhalt|förderung|nie wieder)"
    ),
    judging=any_of(
        """sehr wirklich äußerst total absolut viel viele super toll- furchtbar- schrecklich- schlimm- nerv- schmerz-
        empfehl- bereu- leide- leidet schmutzig- sauber- dreckig- hervorragend- ausgezeichnet- angenehm- unangenehm-
        hilfreich- schad- verbesser- lohnt nett- freundlich- unfreundlich- nie niemand kaum ständig zu lange
        zu_kurz"""
    ),
    verbs=re.compile(
        r"(?<!\w)(?:ist|sind|war|waren|sei|bin|bist|wäre|wären|hat|habe|haben|hatte|hatten|wird|werden|wurde|"
        r"wurden|würde|"
        r"würden|kann|können|könnte|könnten|muss|müssen|müsste|soll|sollen|sollte|sollten|will|wollen|möchte|"
        r"möchten|darf|"
        r"dürfen|mag|braucht|brauchen|gibt|geht|gehen|macht|machen|fehlt|fehlen|fährt|fahren|kommt|kommen|"
        r"kostet|kosten|"
        r"steht|stehen|bleibt|bleiben|finde|findet|finden|halte|hält|lässt|lassen|nimmt|nehmen|sieht|sehen|tut|"
        r"tun|weiß|"
        r"\w{2,}(?:iert|ieren|igt|igen|vt|elt|ert|tet|ckt|llt|nnt|ßt|sst|hlt|hrt|cht|rkt|mmt|lft|ngt|bt|te|ten|rn|ln|"
        r"chen|den|gen|len|men|nen|ren|sen|zen|ben|hen|fen|ken))(?!\w)"
    ),
)

_FRENCH = Talk(
    empty=_whole(
        r"(?:bonjour|bonsoir|salut|coucou|cher|chère|madame|monsieur)\b(?:,? [\w'-]+){0,5}",
        r"(?:un grand |mille )?merci(?!\w)(?: .{0,60})?|(?:bien )?cordialement\b.{0,20}|bien à vous\b.{0,20}",
        r"(?:bonne (?:journée|soirée|chance|continuation|année)|bon courage|à bientôt|bravo)\b.{0,30}",
        r"(?:en )?(?:j')?espér?(?:e|ant) que (?:ça|cela|ceci|mon \w+)(?: vous)?(?: \w+)? (?:aide|aidera|"
        r"utile)\b.{0,40}",
        r"(?:meilleures|sincères|mes|cordiales) salutations\b.{0,20}",
        r"rien (?:à|de plus à|d'autre à) (?:dire|ajouter|signaler)|je ne sais pas\b.{0,15}|(?:sans|pas d['e ])\s*"
        r"(?:avis|opinion|commentaires?|réponse)|aucune? (?:avis|idée|opinion|commentaire)|voir (?:ci-dessus|"
        r"plus haut)|"
        r"c'est tout\b.{0,10}|(?:désolée?|pardon) (?:pour|de)\b.{0,40}|ras",
    ),
    leaning=_start(
        r"(?:il|elle|ils|elles|ça|cela|ceci|c'est|c'était|ce(?:ux)? (?:n'est|qui|sont|serait|sera)|celui-ci|"
        r"celle-ci|leur|"
        r"leurs|lui|eux)",
        r"(?:et|mais|ou|car|donc|or|aussi|ainsi|alors|puis|ensuite|enfin|de plus|en plus|en effet|en outre|"
        r"par contre|"
        r"cependant|pourtant|toutefois|sinon|par exemple|ex|oui|non|parce que|d'abord|premièrement|deuxièmement|"
        r"d'ailleurs|du coup|de même|également|là|dans ce cas|à cause de (?:cela|ça)|voilà|bref|au contraire)",
    ),
    trailing=None,
    standing=_start(
        r"il (?:faut|faudra|faudrait|y a|manque|serait|est (?:\w+ )?(?:important|temps|nécessaire|urgent|"
        r"inadmissible|"
        r"inacceptable|dommage|essentiel|honteux|impossible|difficile|primordial|indispensable)|devrait y avoir|"
        r"n'y a|ne "
        r"faut|n'est pas (?:normal|juste|acceptable))",
        r"c'est (?:\w+ )?(?:important|dommage|bien|bon|mal|injuste|inacceptable|honteux|à l'état|à la (?:ville|"
        r"mairie)|"
        r"aux? \w+) (?:de|que|d')",
        r"non (?:à|au|aux)|oui (?:à|au|aux)",
    ),
    circumstance=_whole(r"(?:je |j'|nous ).{0,50}?\bdepuis .{0,30}?(?:jours?|semaines?|mois|ans?|années?|longtemps)"),
    wanting=_start(
        r"(?:plus|moins|davantage|meilleurs?|meilleures?|pas|aucune?|stop|non|oui|arrêter|arrêtez|arrêtons|"
        r"supprimer|créer|"
        r"développer|améliorer|réduire|augmenter|baisser|interdire|taxer|favoriser|mettre|rendre|faire|donner|"
        r"permettre|construire|renforcer|limiter|revoir|instaurer|encourager|"
        r"imposer|gratuité|baisse|hausse|fin|retour|suppression|création)"
    ),
    judging=any_of(
        """très vraiment extrêmement tellement beaucoup trop horrible- affreu- parfait- agréabl- désagréabl- sale
        propre
        douloureu- recommand- regrett- souffr- superbe- magnifique- excellent- gentil- sympathique- pénible- utile-
        améliore- nuis- jamais personne rien vaut"""
    ),
    verbs=re.compile(
        r"(?<!\w)(?:est|sont|était|étaient|sera|serait|suis|sommes|êtes|soit|ai|as|a|ont|avons|avez|avait|aura|"
        r"aurait|j'ai|"
        r"n'est|n'ai|n'a|c'est|qu'il|fait|font|faut|faudrait|doit|doivent|devrait|devraient|peut|peuvent|"
        r"pourrait|veut|"
        r"veux|voulons|va|vont|vais|dit|met|mettent|prend|vient|viennent|manque|manquent|coûte|coûtent|reste|"
        r"\w{2,}(?:rai|ras|ront|rons|ent|ait|aient|ons|ez|era|eront|er|ir|ise|isent|ue|uent|que|ge|gent|te|se|ve|vent))(?!\w)"
    ),
)

_SPANISH = Talk(
    empty=_whole(
        r"(?:hola|buen(?:os|as)? (?:días|tardes|noches|día)|estimad[oa]s?|querid[oa]s?)\b(?:,? [\w-]+){0,5}",
        r"(?:muchas |mil )?gracias(?! a )(?!\w)(?: .{0,60})?|(?:un )?(?:cordial(?:es)? |cordial )?saludos?\b.{0,30}|"
        r"atentamente\b.{0,20}|un abrazo\b.{0,20}",
        r"(?:yo )?espero que (?:esto|les|os|te|le|sea|mi \w+)\b.{0,20}?(?:ayud\w+|sirva|útil)\b.{0,40}",
        r"(?:mucha |buena )?suerte\b.{0,20}|hasta (?:luego|pronto)|¡?ánimo\b.{0,20}",
        r"(?:yo )?no (?:lo )?sé\b.{0,15}|(?:no tengo|sin|ningún|ninguna)\s*(?:ninguna? )?(?:opinión|"
        r"comentarios?|idea|"
        r"respuesta)|nada (?:que|más que|más)\b.{0,20}|ver (?:arriba|más arriba)|eso es todo\b.{0,10}|"
        r"(?:perdón|disculp\w+) (?:por|la|el)\b.{0,40}|n/?[sca]",
    ),
    leaning=_start(
        r"(?:esto|eso|ello|él|ella|ellos|ellas|aquello|este|ese|les|le|lo (?:mismo|que)|ést[eao]s?)",
        r"(?:y|e|o|u|pero|porque|pues|así|además|también|tampoco|entonces|luego|después|por eso|"
        r"por (?:lo )?tanto|por ello|"
        r"sin embargo|no obstante|por ejemplo|sí|no(?=,)|primero|segundo|tercero|finalmente|por último|"
        r"en cambio|aunque|allí|ahí|"
        r"es decir|o sea|bueno|igual que|en (?:ese|este) caso|de lo contrario|asimismo)",
        r"(?:es|era|son|eran|fue|sería) (?:una?|el|la|muy|tan|lo|más|por)",
    ),
    trailing=None,
    standing=_start(
        r"es (?:muy |más )?(?:necesari[oa]|importante|urgente|hora|injusto|inaceptable|imposible|imprescindible|una "
        r"vergüenza|una pena|fundamental|lamentable|mejor|difícil) ",
        r"lo que (?:hace falta|necesitamos|falta)|así no (?:se puede|podemos)",
    ),
    circumstance=_whole(
        r"(?:yo |llevo |vivo |estoy |uso |tomo ).{0,50}?(?:hace|desde|llevo)?.{0,30}?(?:días?|semanas?|"
        r"mes(?:es)?|años?)"
        r"(?: .{0,20})?"
    ),
    wanting=_start(
        r"(?:más|menos|mejores|mejor|mejorar|ningun[oa]?|ningún|basta|no (?:al?|más)|sí al?|crear|construir|reducir|"
        r"aumentar|bajar|subir|prohibir|poner|hacer|dar|quitar|eliminar|invertir|apoyar|ampliar|arreglar|limitar|"
        r"fomentar|facilitar|garantizar|permitir|ojalá|nuev[oa]s?|"
        r"gratis|menor|mayor)"
    ),
    judging=any_of(
        """muy realmente demasiado mucho mucha muchos muchas horribl- terribl- increíbl- perfect- agradabl-
        desagradabl-
        suci- limpi- doloros- recomiend- recomendar- lament- sufr- excelente- fantástic- nunca nadie nada mejora-
        molest- vale"""
    ),
    verbs=re.compile(
        r"(?<!\w)(?:es|son|era|eran|fue|fueron|sea|sean|será|sería|está|están|estaba|soy|somos|hay|había|haya|"
        r"ha|han|he|"
        r"hemos|tiene|tienen|tengo|tenemos|hace|hacen|debe|deben|debería|deberían|puede|pueden|podría|quiero|"
        r"queremos|va|van|voy|da|dan|creo|falta|faltan|cuesta|cuestan|gusta|sobra|sobran|sale|"
        r"\w{2,}(?:an|en|ar|er|ir|aba|aban|ía|ían|ó|aron|ieron|amos|emos|imos|ará|arán|ería|aría|ando|iendo|"
        r"ado|ido))(?!\w)"
    ),
)

TALK: dict[str, Talk] = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}
"""By the code of the language; in other languages no sentence is judged by its words."""
