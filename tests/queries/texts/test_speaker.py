"""Statements about whoever wrote them."""

from __future__ import annotations

import pytest

from folkmoot.queries.texts.languages import LANGUAGES
from folkmoot.queries.texts.speaker import RULED, about_the_speaker

ABOUT = {
    "en": [
        "I live on Lopez.",
        "I’m registered to vote in San Juan County.",
        "My primary residence is in the San Juan Islands.",
        "I own real-estate in the San Juan Islands.",
        "I am 30 years old or older but under 55 years of age",
        "I identify as female.",
        "I always feel like my vote is important.",
        "I have a good understanding of alternative electoral systems.",
        "I understand how single transferable vote (STV) works.",
        "I have voted knowing that the candidate for which I voted would win neither the most nor the second most.",
        "My employer has not been responsive to reports of sexual harassment in the workplace.",
        "I played football when I was a kid, and loved it.",
        "We have two kids and a dog.",
        "I'm a nurse at the county hospital.",
        "Personally, I drive to work every day.",
        "im 45 years old and from Ohio",
        "I work nights and think that buses should run later.",
        "I have lived here for thirty years.",
        "Our household has no car.",
        "I voted to Remain.",
        "My household income is above $50,000 per year but less than or equal to $100,000 per year",
        "I live within 20km of a freshwater body (Creek, Stream, lake, river)",
        "I am either 30 years old or younger",
        "3. I live in a rural area",
        "Council: I live in a rural area",
        "I've changed my mind about my vote since the referendum.",
        "My ethnicity is Arab.",
        "My household income is less than $50,000",
        "I had at least one encounter (good or bad) with the police.",
        "English is my first language.",
        "English isn't my native tongue",
        "My first language is Urdu.",
        "Teaching is my profession",
        "Bowling Green is my hometown.",
    ],
    "de": [
        "Ich wohne in der Altstadt.",
        "Ich bin 45 Jahre alt.",
        "Ich bin eine Frau.",
        "Ich fahre jeden Tag mit dem Rad zur Arbeit.",
        "Ich habe zwei Kinder.",
        "Meine Familie kommt aus Bayern.",
        "Wir haben drei Kinder und ein Auto.",
        "Ich bin Rentner.",
        "Deutsch ist nicht meine Muttersprache.",
        "Meine Muttersprache ist Türkisch.",
        "Wien ist meine Heimatstadt.",
    ],
    "fr": [
        "J'habite au centre-ville.",
        "J’ai 45 ans.",
        "Je suis une femme.",
        "Je vais au travail à vélo.",
        "J'ai deux enfants.",
        "Ma famille vient de Bretagne.",
        "Je suis locataire dans le quartier.",
        "Le français est ma langue maternelle.",
        "L'arabe n'est pas ma première langue",
        "Ma langue maternelle est le breton.",
    ],
    "es": [
        "Vivo en el centro de la ciudad.",
        "Tengo 45 años.",
        "Soy una mujer.",
        "Voy al trabajo en bicicleta.",
        "Tengo dos hijos.",
        "Mi familia viene de Galicia.",
        "Yo vivo en un pueblo.",
        "El español es mi lengua materna.",
        "Mi lengua materna es el quechua.",
        "Sevilla es mi ciudad natal",
    ],
}
OPINIONS = {
    "en": [
        "My vote is wasted under the current electoral system and so I often choose not to vote.",
        "I am grateful for the Land Bank.",
        "I'm still going to watch football.",
        "We already have a lot of parks. And the libraries have become a hangout for the homeless.",
        "I will not let my kids play.",
        "We are lucky to have a Land Bank in the County.",
        "My generation has been growing watching things get worse and worse.",
        "I am not a fan of the new logo.",
        "I'm a strong supporter of public transport.",
        "I want to be able to vote against candidates I disagree with.",
        "I can't understand why the pool closes at five.",
        "Our city should make a bid for Google Fiber to help compete with Spectrum and AT&T.",
        "Our local immigrant population has, overall, been a benefit to our city and county.",
        "We need a 6 day a week farmer's market",
        "My street has no sidewalk.",
        "I live in fear of eviction.",
        "I cannot get a doctor's appointment",
        "I bike to work but the lanes are dangerous.",
        "I'm for the tax.",
        "I'm okay with growth as long as it is not next to my neighborhood.",
        "My dream is to have a train to Nashville.",
        "I am prepared to pay a higher tax rate to improve our public services",
        "My child's school needs a crossing guard.",
        "Clean water is my first priority.",
        "English should be the first language of all signs.",
        "Public safety is my main concern",
        "Raising wages is not my job, it is the council's.",
        "My language is not respected by the police.",
        "Identify the worst crossings and mend them.",
        "I see a lot of folks with expired tags on cars. Police need to enforce the laws and write more tickets.",
    ],
    "de": [
        "Ich bin dafür, dass die Innenstadt autofrei wird.",
        "Ich finde die Busse zu teuer.",
        "Wir brauchen mehr Kitas.",
        "Ich wünsche mir mehr Bäume in der Stadt.",
        "Meine Straße ist laut.",
        "Sicherheit ist mein größtes Anliegen.",
        "Klimarat: Ich bin bereit, höhere Preise für klimafreundliche Produkte zu bezahlen.",
        "Ich träume von einer grünen Stadt.",
        "Ich bin ein großer Fan der neuen Radwege.",
        "Ich habe Angst auf dem Schulweg.",
        "Unsere Stadt ist schön.",
    ],
    "fr": [
        "Je pense qu'il faut plus de bus.",
        "Je suis pour la gratuité des transports.",
        "Nous avons besoin de crèches.",
        "J'aime la nouvelle place.",
        "Ma rue est bruyante.",
        "Nous habitons une belle ville.",
        "Je suis très attaché à ce parc.",
        "Je suis un grand partisan du vélo.",
        "Je ne comprends pas pourquoi la piscine ferme.",
    ],
    "es": [
        "Creo que hacen falta más autobuses.",
        "Estoy a favor del carril bici.",
        "Necesitamos más guarderías.",
        "Me gusta la nueva plaza.",
        "Mi calle es ruidosa.",
        "Voto electrónico para todos.",
        "Uso obligatorio de mascarilla en el autobús.",
        "Soy un gran defensor del transporte público.",
        "Vivo con miedo a perder mi casa por los alquileres, hay que limitarlos.",
    ],
}


def test_the_languages_with_rules() -> None:
    assert set(RULED) == set(ABOUT) == set(OPINIONS)
    assert all((language.speaker is not None) == (code in RULED) for code, language in LANGUAGES.items())


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in ABOUT for text in ABOUT[code]])
def test_about_the_speaker(code: str, text: str) -> None:
    assert about_the_speaker(text, code)
    assert about_the_speaker(f"  “{text.upper()}” ", code)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in OPINIONS for text in OPINIONS[code]])
def test_opinions(code: str, text: str) -> None:
    assert not about_the_speaker(text, code)


@pytest.mark.parametrize("code", [None, "it", "nl", "xx"])
def test_no_rules_no_verdict(code: str | None) -> None:
    # The Italian article looks like the English pronoun.
    assert not about_the_speaker("I cittadini devono avere un parco.", code)
    assert not about_the_speaker("I live on Lopez.", code)


@pytest.mark.parametrize("text", ["", " ", "...", "I", "My", "I.\nI."])
def test_scraps_do_no_harm(text: str) -> None:
    assert about_the_speaker(text, "en") in (True, False)


@pytest.mark.parametrize(
    ("text", "taken_for"),
    [
        ("I never see police in my area.", True),  # a complaint in the form of a habit
        ("I spend my evenings in Paris.", False),  # a habit that is not listed
        ("As a nurse, I see this every day.", False),  # an opening that is not looked at
    ],
)
def test_what_is_known_to_be_decided_wrongly(text: str, taken_for: bool) -> None:
    assert about_the_speaker(text, "en") is taken_for
