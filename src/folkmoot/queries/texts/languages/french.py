"""French."""

from __future__ import annotations

from .base import Language, Speaker, any_of, opening, split

_WORDS = split(
    """a afin ai alors après au aucun aucune aussi autre aux avec avoir c'est car ce cela ces cette chaque comme d'un
    d'une dans de depuis des dont donc du elle elles en encore entre es est et eux faut il ils j'ai je jamais l'on
    la le les leur leurs lui ma mais me mes moi moins mon même n'a n'est ne ni nos notre nous on ont ou où par
    parce pas pendant peu plus pour pourquoi qu'il qu'on quand que quel quelle qui s'il sa sans se ses si son sont
    sous sur ta tes toi ton tous tout toute toutes trop tu un une vers vos votre vous y à ça été être doit doivent
    devrait"""
)
_NEGATIONS = split("ne n pas aucun aucune ni jamais rien sans contre non stop interdire n'est n'a")

_LEAD = r"(?:(?:et|mais|donc|aussi|oui|non|bon|personnellement|franchement|actuellement)[\s,:-]+)*"
_OFTEN = r"(?:(?:aussi|toujours|souvent|actuellement|encore|déjà|bien|régulièrement|parfois|rarement|pas|jamais)\s+)*"
_OPINION = (
    r"(?!(?:\w+\s+){0,3}?(?:partisan|partisane|adepte|fan|défenseur|défenseuse|opposant|opposante|fervent|fervente|"
    r"grand|grande|peu|convaincu|convaincue)\b)"
)

SPEAKER = Speaker(
    fact=opening(
        rf"{_LEAD}(?:moi\s*,?\s+)?je\s+(?:ne\s+)?suis\s+{_OFTEN}(?:une?\s+{_OPINION}\w+|né|née|originaire|"
        rf"retraitée?|mariée?|"
        r"célibataire|divorcée?|étudiante?|propriétaire|locataire|inscrite?|éligible|enseignante?|agriculteur|"
        r"agricultrice|"
        r"infirmier|infirmière|parent|mère|père|chômeur|chômeuse|salariée?|habitante?|âgée?)",
        rf"{_LEAD}j'ai\s+(?:moins\s+de\s+|plus\s+de\s+|entre\s+)?\d+\s+(?:et\s+\d+\s+)?ans",
        rf"{_LEAD}(?:j'habite|je\s+(?:n')?habite|je\s+(?:vis|réside|travaille|possède|loue|milite)|j'étudie)",
        rf"{_LEAD}ma\s+(?:résidence\s+principale|profession|langue\s+(?:maternelle|première))",
        rf"{_LEAD}(?:(?:le|la|les|l')\s*)?\w+\s+(?:n')?est\s+(?:pas\s+)?(?:ma\s+(?:langue\s+(?:maternelle|première)|"
        r"première\s+langue|profession|religion|nationalité|ville\s+natale)|mon\s+(?:métier|genre))\b",
        rf"{_LEAD}nous\s+(?:possédons\s+une?|louons|avons\s+(?:deux|trois|quatre|\d+)\s+(?:enfants|voitures|chiens))",
    ),
    habit=opening(
        rf"{_LEAD}je\s+(?:ne\s+)?(?:vais|joue|lis|regarde|utilise|prends|fréquente|visite|vote|roule|marche|cours|"
        rf"connais|"
        r"comprends\s+(?:comment|ce|le|la|bien)|sais\s+(?:comment|ce))",
        rf"{_LEAD}j'ai\s+(?:une?\s+|deux\s+|trois\s+|des\s+|\d+\s+)?(?:\w+\s+)?(?:enfants?|fils|filles?|voitures?|"
        rf"chiens?|"
        r"chats?|maison|jardin|diplôme|travaillé|vécu|voté|lu|grandi|écrit|joué|habité)",
        rf"{_LEAD}j'(?:assiste|utilise|enseigne|achète)",
        rf"{_LEAD}je\s+(?:peux|sais)\s+(?:expliquer|décrire)",
        rf"{_LEAD}je\s+me\s+(?:considère|déplace|définis|informe|renseigne|rends)",
        rf"{_LEAD}(?:ma|mon|mes)\s+(?:famille|femme|mari|enfants?|fils|fille|parents|mère|père|travail|emploi|"
        rf"employeur|"
        r"patron|métier|revenus?|salaire|maison|appartement|âge|nom|jardin|conjointe?|foyer)",
    ),
    demand=any_of(
        """doit doivent devrai- devons il_faut faut faudrait veux veut voulons voudrai- souhait- demand- exig- propos-
        pense pensons crois croyons trouve soutien- soutenons oppos- suis_pour suis_contre suis_favorable
        suis_d'accord favorable défavorable préfère préférer- préférerais espère estime considère_que aimerai-
        besoin interdi- arrêt- cess- stop svp plutôt lieu mérit- partisan partisane fan défenseur- opposant- avis"""
    ),
    turn=any_of("mais car parce_que pourtant cependant quoique bien_que"),
    view=any_of(
        """plus_de moins mieux meilleur- pire mauvais- bon bonne bons bonnes bien trop assez pas_assez important-
        essentiel- nécessaire- inutile- utile- juste injuste- faux sûr sûre dangereu- danger cher chère chers
        abordable- gaspill- gâch- manque- échec content- contente heureu- malheureu- reconnaissant- fier fière
        satisfait- insatisfait- inqui- préoccup- peur crain- colère déçu- fatigué- marre ravi- aime adore déteste
        apprécie confiance méfi- doute- d'accord accord sens semble accept- inacceptable permet- permis problème-
        tolér- regrett- dommage impossible difficile- facile- pourquoi parce_que refuse vais_continuer continuerai
        laisserai intolérable grâce remerci- merci"""
    ),
)

FRENCH = Language("fr", "French", _WORDS, _NEGATIONS, SPEAKER)
