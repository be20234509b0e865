"""Dutch number words, from een to negenennegentig."""

UNITS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")


def words() -> dict[str, int]:
    """{word without accents: number}."""
    found = {word: number for number, word in enumerate((*UNITS, *TEENS), 1)}
    for ten, tens in enumerate(TENS, 2):
        found[tens] = ten * 10
        for unit, word in enumerate(UNITS, 1):
            found[f"{word}en{tens}"] = ten * 10 + unit
    return found
