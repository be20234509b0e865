"""The same message as somebody else might type it: without capitals, with slips of the finger, in chat spelling."""

import random
import re

CHAT = {"ik": "k", "niet": "ni", "wat": "wa", "dat": "da", "een": "n", "het": "t", "met": "me", "mijn": "mn", "eens": "es",
        "maar": "ma", "even": "efkes", "gewoon": "gwn", "inderdaad": "idd", "iemand": "iemd", "alstublieft": "aub",
        "omdat": "omda", "vandaag": "vndg", "morgen": "mrgn", "iets": "iet", "misschien": "mss", "goed": "goe", "heb": "eb",
        "hij": "ij", "weet": "wee", "waarom": "wrm"}
NEAR = {row[at]: row[max(0, at - 1):at] + row[at + 1:at + 2]
        for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for at in range(len(row))}
WORD = re.compile(r"\w+")
SIGNS = re.compile(r"[^\w\s]+")


def vary(text: str, chance: random.Random) -> str:
    """The text itself half of the time, else changed in one to three ways."""
    if chance.random() < 0.5:
        return text
    for change in chance.sample((str.lower, _bare, _chat, _slip, _drop), chance.randint(1, 3)):
        text = change(text) if change in (str.lower, _bare) else change(text, chance)
    return text


def slips(text: str, chance: random.Random, share: float) -> str:
    """Slips of the finger in this share of the words of four letters or more: swapped, doubled, missing, the key beside it."""
    return WORD.sub(lambda match: _mistype(match[0], chance) if len(match[0]) > 3 and chance.random() < share else match[0], text)


def chat(text: str, chance: random.Random, share: float) -> str:
    """Words in chat spelling, this share of those that have one."""
    return WORD.sub(lambda match: CHAT.get(match[0].lower(), match[0]) if chance.random() < share else match[0], text)


def _bare(text: str) -> str:
    return SIGNS.sub(" ", text)


def _chat(text: str, chance: random.Random) -> str:
    return chat(text, chance, 0.7)


def _slip(text: str, chance: random.Random) -> str:
    return slips(text, chance, 0.2)


def _drop(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join(word for word in words if chance.random() > 0.12) if len(words) > 4 else text


def _mistype(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1:]
    return word[:at] + chance.choice(NEAR.get(word[at].lower(), word[at])) + word[at + 1:]
