"""Names of people in messages: by a list, by the sentence, by a capital.

Many names are words as well (Rosa, Vitória, Dias, Luz): those are names where the sentence says
so ("sou a …"), beside another name, or with a capital in the middle of a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.nlu.examples import read_examples
from bot.settings import PROJECT
from bot.training.masking_rules import Found, Kind, fold, is_shouted

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LINKS = {"de", "da", "do", "das", "dos", "di"}
_IS = r"\s*(?:e|eh|:|=)"
_STRONG = re.compile(
    rf"(?:\b(?:sobre)?nome(?: completo)?(?: (?:dele|dela|d[oa] titular))?(?: nao)?{_IS}"
    rf"|\bme chamo|\bse chama|\bem nome d[eoa]|\bassinado:|\batt[.,]*|\batenciosamente,?"
    rf"|\bfavorecid[oa]:?|\btitular(?: da conta)?{_IS})(?:\s+(?:o|a))?\s*$"
)
"""What follows is a name, whatever it is."""
_KIN = r"(?:mae|pai|filh[oa]|marid[oa]|espos[oa]|irmao?|net[oa]|av[oa]|ti[oa]|prim[oa]|sogr[oa])"
_WEAK = re.compile(
    r"(?:\b(?:sou|aqui|fala|falo|falar|falei|conhe[cs]o|procur\w+)"
    r"(?: (?:e|eh|quem fala e|com))? ?(?:o|a)?"
    r"|\b(?:quem (?:fala|comprou|deve)) (?:e|foi)(?: (?:o|a))?"
    r"|\b(?:dona|d\.|seu|senhora?|sra?\.?|srta\.?|nome|atendente|colega|obrigad[oa]|titular)(?: e)?"
    rf"(?: (?:o|a))?|\b(?:{_KIN}|vizinh[oa]|ex|amig[oa]|numero|conta|pix|zap|cunhad[oa]|comadre"
    r"|compadre|irma|pastora?|doutora?|professora?|patroa|nora|genro|noiv[oa]|namorad[oa])"
    r"(?: d[eoa])?),?\s*$"
)
"""What follows is a name when it has a capital or may be one."""
_WEAK_LOWER = re.compile(r"\b(?:dona|sou a|sou o|e a|e o)\s*$")
"""After these it need not have a capital."""
_ARTICLE = re.compile(
    r"\b(?:o|a|do|da|pro|com|ao|pelo|pela|nenhuma?|ess[ea]|est[ea]|foi|patroa|patrao|cunhad[oa]"
    r"|d?r[as]?\.?)\s*$"
)
"""What follows is a name when it has a capital and is no business, place or feast."""
_TITLED = re.compile(r"\b(?:s|d)ra?\.\s*$|\bsrta\.\s*$|\beng\.\s*$")

_WOMANS = re.compile(r"(?:a|ice|ise|ane|ene|ine|ele|ete|lly|th|is)$")

_NAME_END = re.compile(
    r"\w{2,}(?:(?<!parkin)son|(?:[iey]l|g|x)ton|[nvwr]aldo|vald[oa]|[ie]lson|ild[oa]|ildes|[cnlr]eide"
    r"|cleia|[iy]an[ey]|[iy]lene|(?:[ilrsd]v|l)ania|lucia|elly|iel[ye]|ielle|[rntd]iel|ael|andra"
    r"|lene|lange|nalva|neia|vandro|sandro|[ao]yn[ae]|ayl+a|ayss?[ae]|ayra|(?:rl|sl|dn|cl)e[iy])$"
    r"|(?:[wu]an|rosi|luc[iy]|jh|th|wel|kei|edi)\w*(?:ton|son|ane|ene|el[iy]|ele|eia|elma|mar|ley)$"
)
"""Brazilians make up names; so begin and end those, and hardly any word."""
_NAMING = re.compile(
    rf"(?:\b(?:sou|aq(?:ui)?(?: quem fala)? (?:e|eh)|quem (?:fala|escreve|digita) (?:e|eh)) (?:o|a)"
    rf"|\bfal\w+ com(?: (?:o|a))?|\b(?:minha|meu|sua) {_KIN}|\bdona|\bd?ra?\.|\bchamad[oa]"
    r"|\bme chamam(?: de)?|\bme chama de|\bno nome (?:d[eoa]|dum|duma)|\b(?:pix|conta|zap) d[oa]"
    r"|\b(?:do|da|o|a) (?:seu|dona)|\bass(?:inado|\.)?:?|\btitular:?|\bquem paga e (?:o|a)),?\s*$"
)
"""What follows is a name when the examples never had that word, capital or not."""
_WORD_END = re.compile(
    r"(?:[aei]va|[aei]mos|[oei]u|nd[oa]|[ai]d[oa]s?|mente|[aei]r|[ae]m|oso|osa|dor|dora|eir[oa])$"
)
"""So end verbs and what people are ("infartou", "lavador"), and few names."""
_WHERE = re.compile(r"\b(?:em|de|pra|para|p|na|no)\s*$")


@dataclass(frozen=True)
class _Lists:
    """What `names.txt` holds."""

    sure: frozenset[str]
    """Names in one spelling (`_sound`)."""
    doubtful: frozenset[str]
    """Words too: names where the sentence or a capital says so."""
    never_alone: frozenset[str]
    before_no_name: frozenset[str]
    no_names: frozenset[str]
    capitals: frozenset[str]
    places: frozenset[str]


@cache
def _lists() -> _Lists:
    parts: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = parts.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.update(word.replace("_", " ") for word in line.split())
    doubtful, never = parts["words too"], parts["never alone"]
    return _Lists(
        sure=frozenset(map(_sound, parts["names"] | parts["surnames"])) - doubtful - never,
        doubtful=frozenset(doubtful),
        never_alone=frozenset(never),
        before_no_name=frozenset(parts["before no name"]),
        no_names=frozenset(parts["no names"]),
        capitals=frozenset(parts["capitals"]),
        places=frozenset(parts["places"]),
    )


def _is_sure(word: str) -> bool:
    return _sound(word) in _lists().sure or (_NAME_END.match(word) is not None and _is_new(word))


def _is_new(word: str) -> bool:
    """Whether no example has this word: what trainers wrote are words, hardly names."""
    return word not in _examples_words()


@cache
def _examples_words() -> frozenset[str]:
    examples = read_examples(sorted((PROJECT / "data" / "nlu").glob("*.yml")))
    return frozenset(token[0] for each in examples for token in _TOKEN.finditer(fold(each.text)))


def _sound(name: str) -> str:
    """One spelling for the many a name has: Thayná and Taina, Wellyngton and Welington."""
    name = re.sub(r"(.)\1", r"\1", name.replace("ph", "f").replace("th", "t"))
    name = re.sub(r"^h|(?<=[aeiou])h$", "", name)
    return name.replace("y", "i").replace("ck", "k")


def find(text: str, plain: str, known: Iterable[str]) -> Iterator[Found]:
    """The names in `text`, whose folded form is `plain`; `known` are those of the person."""
    tokens = list(_TOKEN.finditer(plain))
    sentence = _Sentence(text, plain, tokens, _parts(known))
    place = 0
    while place < len(tokens):
        end = sentence.end_of_name(place)
        if end > place:
            yield Found(tokens[place].start(), tokens[end - 1].end(), Kind.NAME)
        place = max(end, place + 1)


def _parts(known: Iterable[str]) -> set[str]:
    tokens = {token[0] for name in known for token in _TOKEN.finditer(fold(name))}
    return {token for token in tokens if len(token) > 2 and token not in _LINKS}


class _Sentence:
    """The tokens of a message, and which of them begin a name."""

    def __init__(self, text: str, plain: str, tokens: list[re.Match[str]], known: set[str]) -> None:
        self._text, self._plain, self._tokens, self._known = text, plain, tokens, known
        self._is_shouted = is_shouted(text)

    def end_of_name(self, place: int) -> int:
        """Where the name that begins at `place` ends; `place` itself when none does."""
        if not self._begins(place):
            return place
        end = place + 1
        while (after := self._next_part(end, place)) is not None:
            end = after + 1
        name = self._plain[self._tokens[place].start() : self._tokens[end - 1].end()]
        is_place = name in _lists().places and (" " in name or _WHERE.search(self._before(place)))
        return place if is_place else end

    def _begins(self, place: int) -> bool:
        word, before, lists = self._tokens[place][0], self._before(place), _lists()
        if word in _LINKS or word in lists.no_names:
            return False
        if place and self._tokens[place - 1][0] in lists.before_no_name:
            return False
        if _STRONG.search(before) and self._is_said_to_be(place):
            return True
        if self._is_surely_named(place, word):
            return True
        if self._is_weakly_named(place, word) or self._is_called(place, word):
            return True
        if word in lists.never_alone:
            return False
        if word in lists.doubtful:
            return self._has_telling_capital(place) or self._is_beside_a_name(place)
        return word in self._known or _is_sure(word)

    def _is_surely_named(self, place: int, word: str) -> bool:
        """After "aqui é o" or "minha esposa", and no word that anybody has used yet."""
        if len(word) < 3 or word in _lists().capitals | _lists().never_alone or not _is_new(word):
            return False
        is_verb = _WORD_END.search(word) and not self._has_capital(place)
        return not is_verb and _NAMING.search(self._before(place)) is not None

    def _is_said_to_be(self, place: int) -> bool:
        """Not "o nome e o valor": only an accent tells that "e" from "é"."""
        if self._tokens[place][0] in _lists().capitals:
            return False
        before = self._text[: self._tokens[place].start()].lower().rstrip()
        return not re.search(r" e(?: [oa])?$", before) or self._has_capital(place)

    def _is_weakly_named(self, place: int, word: str) -> bool:
        """After "sou a", "filho do", "dona": with a capital, or if it is a name now and then."""
        before = self._before(place)
        if len(word) == 1 or not _WEAK.search(before):
            return False
        if self._has_capital(place) and not self._is_shouted and word not in _lists().never_alone:
            return before.strip()[-1:] not in ".!?" and not self._is_business(place)
        return word in _lists().doubtful and _WEAK_LOWER.search(before) is not None

    def _is_called(self, place: int, word: str) -> bool:
        """Written with a capital after an article: "o Cleverson", "pro Juninho", "Dr. Caio"."""
        before, written = self._before(place), self._text[slice(*self._tokens[place].span())]
        if len(word) < 3 or word in _lists().never_alone or self._is_shouted:
            return False
        if not written[0].isupper() or written.isupper():
            return False
        is_added = re.search(r"(?:,|\bobg|\bavalista [eé] [oa]) $", before) and _is_new(
            self._tokens[place][0]
        )
        is_named = is_added or _ARTICLE.search(before) or _TITLED.search(before)
        return bool(is_named) and not self._is_business(place)

    def _is_business(self, place: int) -> bool:
        start, end = self._tokens[place].span()
        is_initials = self._text[start:end].isupper() and end - start <= 4
        return is_initials or self._tokens[place][0] in _lists().capitals

    def _is_beside_a_name(self, place: int) -> bool:
        """A doubtful word with a sure name right after it."""
        if place + 1 >= len(self._tokens) or not self._touch(place, place + 1):
            return False
        return _is_sure(self._tokens[place + 1][0]) and self._has_capital(place)

    def _next_part(self, place: int, start: int) -> int | None:
        """The token at or after `place` that goes on with the name begun at `start`.

        "Adroaldo de Pelotas" comes from there; "Ana Maria de Quadros" is called so.
        """
        here = place
        while here < len(self._tokens) and self._touch(here - 1, here):
            word = self._tokens[here][0]
            if word not in _LINKS:
                is_from = here > place and place - start == 1
                return here if self._goes_on(here, word, is_from) else None
            here += 1
        return None

    def _goes_on(self, place: int, word: str, is_from: bool) -> bool:
        lists = _lists()
        if word in lists.no_names:
            return False
        if {word, _sound(word)} & (lists.doubtful | lists.never_alone) or _is_sure(word):
            return True
        has_capital = self._has_capital(place) and not self._is_shouted and not is_from
        return word in self._known or (has_capital and not self._is_business(place))

    def _has_telling_capital(self, place: int) -> bool:
        """Written with a capital that neither a sentence's start nor shouting explains."""
        before = self._before(place).rstrip()
        is_start = not before or before[-1] in ".!?\n…"
        return self._has_capital(place) and not self._is_shouted and not is_start

    def _has_capital(self, place: int) -> bool:
        return self._text[self._tokens[place].start()].isupper()

    def _before(self, place: int) -> str:
        return self._plain[max(0, self._tokens[place].start() - 45) : self._tokens[place].start()]

    def _touch(self, one: int, other: int) -> bool:
        between = self._plain[self._tokens[one].end() : self._tokens[other].start()]
        return between.strip(" ") == "" and between != ""


def stand_in(words: str) -> str:
    """A made-up name of as many parts, a woman's or a man's as the first part ends.

    Always the same two: whose name it is by chance is among all the others.
    """
    is_woman = _WOMANS.search(fold(words.split()[0]))
    name = "Joana" if is_woman else "Pedro"
    if " " in words:
        name += " Moreira"
    if words.isupper() and len(words) > 1:
        return name.upper()
    return name.lower() if words.islower() else name
