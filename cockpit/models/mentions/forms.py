"""The forms of a word that count as the word: plurals and possessives; and what a closed compound is made of.

English spelling by rule, with the irregular nouns speeches use. No dictionary: where only one would know, `remainder`
says what is left of a longer word, and the caller decides.
"""

import re
from functools import lru_cache

_IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "tooth": "teeth",
    "mouse": "mice", "goose": "geese", "life": "lives", "wife": "wives", "knife": "knives", "leaf": "leaves",
    "half": "halves", "thief": "thieves", "wolf": "wolves", "shelf": "shelves", "crisis": "crises",
    "hero": "heroes", "tomato": "tomatoes", "potato": "potatoes", "veto": "vetoes", "cargo": "cargoes",
}  # fmt: skip
_SINGULAR = {many: one for one, many in _IRREGULAR.items()}
_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*['\u2019]?")
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_SUFFIXES_TEXT = (
    "s es ed d er ers or ors ing ings ly ful less ness ment ments able ible al ally ial ian ians an ans ic ical ish ism "
    "isms ist ists ity ities ive ize ized ise ised ation ations ion ions ous y ies en est eth like hood ship ships ward "
    "wards wise dom ese i"
)
_SUFFIXES = frozenset(_SUFFIXES_TEXT.split())
_PREFIXES_TEXT = (
    "a an anti auto be bi co counter de dis down em en ex fore hyper il im in inter intra ir mega micro mid mini mis "
    "multi neo non over para poly post pre pro pseudo re semi sub super sur tele trans tri ultra un under uni up"
)
_PREFIXES = frozenset(_PREFIXES_TEXT.split())
_PARTS_TEXT = (
    "air arm back ball band bank bed bird block board boat body book box boy brain bread break bull butter cake car card "
    "case cast chain child class coat cow craft crack cross cup day dead door dream drop dust earth eye face fall farm "
    "father field fighter fire fish fly foot friend front game gate girl grand grass green ground guard gun hair hand "
    "hard head heart hold holder hole home horse hot house joy keeper key kill killer king land law lay life light line "
    "line lord maker man mark master match mate mother mouth news night note out over pan paper park piece place play "
    "point port post power proof rail rain road rock room rope sail sand school sea shadow ship shop side sight snow "
    "soft some space stand star state step stick stock stone storm story sun table taker thing time tooth top town toy "
    "trade train truck wall war ware wash watch water way week wheel white wind wing woman wood word work worker world "
    "worm yard"
)
_PARTS = frozenset(_PARTS_TEXT.split())
"""Words that commonly make another word when written together with one."""


def words(text: str) -> list[str]:
    """The words of a text, folded, apostrophes straight; hyphens part them."""
    return [match.replace("\u2019", "'").casefold() for match in _WORD.findall(text)]


@lru_cache(maxsize=4_096)
def plurals(word: str) -> frozenset[str]:
    """The word's plurals, by rule; those of a plural too, since a listener hears no difference."""
    if not word or not word[-1].isalpha():
        return frozenset({f"{word}s", f"{word}'s"}) if word.isdigit() else frozenset()
    if word in _IRREGULAR:
        return frozenset({_IRREGULAR[word]})
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return frozenset({f"{word}es"})
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return frozenset({f"{word[:-1]}ies"})
    return frozenset({f"{word}s"})


@lru_cache(maxsize=4_096)
def forms(word: str) -> frozenset[str]:
    """The word, its plurals, and the possessives of both."""
    found = {word} | plurals(word)
    return frozenset(
        found | {f"{each}'s" for each in found} | {f"{each}'" for each in found if each.endswith("s")}
    )


@lru_cache(maxsize=4_096)
def singulars(word: str) -> frozenset[str]:
    """What the word may be the plural of; empty where it is none."""
    if word in _SINGULAR:
        return frozenset({_SINGULAR[word]})
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return frozenset()
    found = {word[:-1]}
    if word.endswith("ies"):
        found.add(f"{word[:-3]}y")
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        found.add(word[:-2])
    return frozenset(found)


def ordinal(word: str) -> str:
    """The number an ordinal is of ("6th": "6"); empty for anything else."""
    found = _ORDINAL.fullmatch(word)
    return found[1] if found else ""


@lru_cache(maxsize=16_384)
def remainder(token: str, word: str) -> str:
    """What a longer word has beside one it begins or ends with; empty where it is an ending, a prefix, or too short."""
    bare = token.removesuffix("'s").removesuffix("'")
    if len(word) < 3 or len(bare) < len(word) + 2 or word not in bare:
        return ""
    for shape in (bare, *singulars(bare)):
        if shape.startswith(word) and not _ending(word, shape[len(word) :]):
            return shape[len(word) :]
        if shape.endswith(word) and shape[: -len(word)] not in _PREFIXES:
            return shape[: -len(word)]
    return ""


def _ending(word: str, rest: str) -> bool:
    """Whether what follows a word only inflects it or derives from it; "win" doubles its last letter in "winning"."""
    return rest in _SUFFIXES or (rest[:1] == word[-1] and rest[1:] in _SUFFIXES)


def a_word(part: str) -> bool:
    """Whether part of a compound is known to be a word by itself."""
    return part in _PARTS or bool(singulars(part) & _PARTS)
