"""When it happens decides: the same words about now, the past, a habit, later or not at all."""

import asyncio

import pytest

from benchmarks.understanding import Reader, is_emergency

DANGER = [
    "hij slaat mij nu",
    "hij is weer bezig, hij heeft mijn zus vast",
    "het is niet voorbij, hij staat terug aan de deur met een mes",
    "vorig jaar heeft hij mij geslagen en nu staat hij weer voor mijn deur te bonken",
    "hij sloeg mij gisteren al en vandaag heeft hij een mes genomen",
    "elke keer als hij drinkt slaat hij, en nu zit hij beneden te drinken en te roepen dat hij naar boven komt",
    "er is niemand gestorven maar mijn man ademt niet meer",
    "ik ben niet veilig hij probeert binnen te komen",
    "straks maakt hij mij dood, hij is de trap aan het opkomen",
    "de inbrekers zijn nog niet weg, ik hoor ze boven",
    "ik wil niet meer leven",
    "het gaat niet over, ik ga er vanavond een einde aan maken",
    "vroeger dacht ik er soms aan, maar nu heb ik de pillen in mijn hand",
]
NO_DANGER = [
    "hij sloeg mij vroeger, dat is al tien jaar voorbij",
    "mijn ex heeft mij twee jaar geleden geslagen, kan ik nog aangifte doen?",
    "elke keer als hij gedronken heeft wordt hij kwaad, wat kan ik daaraan doen",
    "ik ben niet in gevaar, ik wil alleen weten hoe een klacht werkt",
    "er is vorige maand ingebroken bij ons, de daders zijn al lang weg",
    "gisteren is mijn fiets gestolen",
    "mijn broer is vorig jaar uit het leven gestapt, waar kan ik daarover praten",
    "er was een ongeval in onze straat, niemand is gewond",
    "de brand is geblust, hoe krijg ik een attest voor de verzekering",
    "straks vertrekken wij op vakantie, kan de politie toezicht houden",
    "hij heeft mij niet geslagen, alleen uitgescholden op facebook",
    "vroeger werd ik lang gestalkt door mijn ex, gelukkig is dat gestopt",
    "mag ik volgende week langskomen voor die vechtpartij van zaterdag",
]


@pytest.fixture(scope="module")
def fires(model):
    async def read_all():
        read = Reader()
        return {text: is_emergency(await read(text)) for text in DANGER + NO_DANGER}

    return asyncio.run(read_all())


@pytest.mark.parametrize("text", DANGER)
def test_it_happens_now(fires, text):
    assert fires[text]


@pytest.mark.parametrize("text", NO_DANGER)
def test_it_does_not_happen_now(fires, text):
    assert not fires[text]
