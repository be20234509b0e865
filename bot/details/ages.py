"""Whose age is told, and whether the victim is a minor."""

import re
from typing import Iterator, Optional

from bot.details import numbers
from bot.details.text import Detail, is_short

SLOT, MINOR, ADULT = "leeftijd", "minderjarig", "volwassen"
SELF = ("zelf", None)  # values of the slot wie for which the writer's own age counts
ADULT_FROM, OLDEST = 18, 110
WORDS = {word: number for word, number in numbers.words().items() if number >= 5}
NUMBER = r"(\d{1,3}|" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")(?:j|jr|y|m|v|f)?"
NO_AGE = (r"\b(?! ?(?:jaar|jaren|j) (?:geleden|terug|samen|getrouwd|lang|bij|ouder|jonger|gelee|aan het))"
          r"(?! ?(?:keer|dagen|weken|maanden|uur|euro|minuten|km|kilo|man|kinderen|personen|mensen|kids|weken|%|[/.:]\d))")
ABOUT = r"(?:thans |momenteel |eigenlijk |pas net |maar |pas |nog maar |nog |bijna |net |amper |al |nu |ondertussen )*"
YOUNG = (r"(?:dochter|dochtertje|dochterke|zoon|zoontje|kind|kindje|kleinkind|kleindochter|kleinzoon|meisje|meiske|jongen|"
         r"jongetje|zusje|broertje|"
         r"zus|broer|nichtje|neefje|nicht|neef|vriendin|leerling|baby|peuter|stiefdochter|stiefzoon|plusdochter|pluszoon|klasgenoot|klasgenote|"
         r"pleegkind|kinderen|buurmeisje|buurjongen|vrouw|moeder|oma|opa|vader|mama|tante)")
OWN = tuple(re.compile(pattern) for pattern in (
    rf"\b(?:ik|'?k|ich|ek|kik) ?(?:ben|bn|zen|word|bin) {ABOUT}(?:een (?:meisje|jongen|vrouw|man) van )?{ABOUT}{NUMBER}{NO_AGE}",
    rf"\b(?:ben|kben|ikben|bn) {ABOUT}(?:een (?:meisje|jongen|vrouw|man) van )?{ABOUT}{NUMBER}{NO_AGE}",
    rf"^\W*(?:als )?(?:meisje|jongen|vrouw|man|m|v|f)[ /]?(?:van )?{NUMBER}{NO_AGE}",
    rf"\bik,? ?\(?{NUMBER} ?(?:j|jaar|jr)?\)?,",
    rf"\bals {NUMBER}-? ?jarige",
    rf"\bmijn leeftijd is {NUMBER}",
    rf"\bik ben \w+ en {NUMBER}{NO_AGE}",
    r"\bik was ((?:1[89]|[2-9]\d))(?: jaar)?\b(?! jaar)",
    rf"\b{NUMBER} ?(?:jaar|j|jr)? ben ik\b",
    rf"\b(?:ik|'?k|ich|ek) ?(?:ben|zen|bin) (?:een |nen |ne |'n )?(?:\w+ )?\w+ van {NUMBER}{NO_AGE}",
    rf"\b(?:ben|zijn) ik (?:een |nen |ne |'n )?(?:\w+ )?\w+ van {NUMBER}{NO_AGE}",
    rf"\b(?:ik|ik ben|ek) heb {ABOUT}{NUMBER} jaar\b(?! (?:geleden|terug|samen|getrouwd|lang|gewerkt))",
))
THEIRS = tuple(re.compile(pattern) for pattern in (
    rf"\b{YOUNG}(?: van mij)?,? ?\(?(?:is |zijn |van |wordt |, |die )*{ABOUT}{NUMBER}{NO_AGE}",
    rf"\b(?:ze|zij|hij|die|em|'t|het|da|dat) is {ABOUT}(?:nog geen )?{NUMBER}{NO_AGE}",
    rf"\b{NUMBER} ?-? ?jarige? {YOUNG}",
    rf"\b{YOUNG} \({NUMBER}",
))
BARE = re.compile(r"^\W*(?:ik ben |'?k ben |ben |kben |bijna |net |pas |nog |al |ze is |hij is |zij is |van )*"
                  rf"{NUMBER} ?(?:j|jaar|jr|jaren)?(?: oud)?\W*$")
SCHOOL = r"(?:\d ?(?:ste|de|e)|eerste|tweede|derde|vierde|vijfde|zesde)"
MINOR_WORDS = re.compile(
    r"\b(?:ik ben (?:nog )?(?:een kind|een tiener|geen 18|niet 18|nog geen 18|te jong)|nog geen (?:18|achttien)"
    r"|jonger dan (?:18|achttien)"
    r"|minderjarig\w*|onder de (?:18|achttien)|(?:zit|ga|ben) (?:nog )?(?:in|op|naar) (?:het |'t |de |den |mijn )?"
    rf"{SCHOOL}? ?(?:middelbaar|humaniora|"
    rf"lagere school|lager|secundair|internaat|leerjaar)|(?:zit|ben) in (?:het |'t )?{SCHOOL} (?:middelbaar|leerjaar|jaar))\b")
ADULT_WORDS = re.compile(r"\b(?:meerderjarig|volwassen|ik ben (?:al )?gepensioneerd|"
                         r"ouder dan (?:18|achttien)|boven de (?:18|achttien)|18 of ouder)\b|\b18\+")
NOT_MINOR = re.compile(r"\b(?:niet|geen|nie|ni) (?:meer )?(?:minderjarig|jonger)")
CHILD_WORDS = re.compile(r"\b(?:dochtertje|zoontje|dochterke|kindje|baby|peuter|kleuter|zusje|broertje|kleinkind\w*|"
                         r"klasgeno\w+|leerling\w*|"
                         r"jongetje|meiske|tiener\w*|minderjarige\w*|nichtje|neefje)\b")


def find(flat: str, who: Optional[str]) -> Iterator[Detail]:
    """The victim's age group in a flattened text; `who` is whom it happened to as far as known (a value of the slot wie)."""
    own = who in SELF
    bare = BARE.match(flat) if is_short(flat) else None
    for match in (bare, *(pattern.search(flat) for pattern in (OWN if own else THEIRS))):
        if match and _years(match[1]) <= OLDEST:
            yield Detail(SLOT, MINOR if _years(match[1]) < ADULT_FROM else ADULT, match.start(), match.end())
            return
    words = ((NOT_MINOR, ADULT), (MINOR_WORDS, MINOR), *(() if own else ((CHILD_WORDS, MINOR),)), (ADULT_WORDS, ADULT))
    for pattern, value in words:
        match = pattern.search(flat)
        if match:
            yield Detail(SLOT, value, match.start(), match.end())
            return


def _years(text: str) -> int:
    return WORDS.get(text) or int(text)
