"""Which of several values in one message is meant: corrections, refusals, preferences.

The parsers find values; this module only looks at the words between and around them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.plain_text import one_of

Value = TypeVar("Value")

_WINDOW = 70  # characters looked at on each side of a value
_CLAUSE = 120  # characters in which "mas" still answers the value before it

_CANNOT = one_of(
    """
    aceito acho cabe chega consegui consigo conseguiria da daria deu dou e estou faco foi
    ofereci pago pagaria pode poderia posso queria quero quis rola sao seja serve ta tem
    tenho tinha to vai vou
    """
)
_PAY = one_of(
    """
    a agora ainda as como condicao condicoes conseguindo conseguir da das de do dos dar e em
    essa essas esse esses fazer hoje isso la mais na nas no nos nem o os pagando pagar para
    parcela parcelar parcelas pelo pode podendo por pra pro r ser tendo ter tudo um uma umas
    uns valor
    """
)
_REFUSED_BEFORE = re.compile(
    r"(?<![a-z])(nao|nem|nunca|num(?= [cdpqt][a-z]))"
    rf"((?: (?:eu|mais|ainda|ja|la|nem|vou))*(?: {_CANNOT})?(?: {_PAY})*)[ $]*$"
)
_TOO_MUCH = one_of("car[oa]s? pesad[oa]s? puxad[oa]s? alt[oa]s? salgad[oa]s? demais impossivel")
_REFUSED_AFTER = re.compile(
    r"^(?: reais| por mes| cada| ai| eu| ja| tambem| ainda| p[ar]a? mim| infelizmente|,)* *(?:"
    r"(?:que )?(?:eu )?(?:nao|num) (?:da|dava|daria|posso|consigo|vou|tenho|rola|quero|serve|pode"
    r"|vai|cabe|eu|deu|tem como|ajuda|resolve|compensa|chega|basta|vale|aguento|aceito"
    r"|gostei|presta|curti|dou conta)(?! (?:mais (?:do )?que|nada mais|nem mais|problema))(?![a-z])"
    r"|nao(?= *[,.;!0-9]| *$| dia| r\$| so | quero)"
    rf"|(?:(?:e|sao|ta|tao|fica|ficam|ficou|esta|estao|acho|achei) )?(?:(?:muito|bem|meio) )?"
    rf"(?:{_TOO_MUCH}|muita coisa|muito dinheiro)(?![a-z])"
    r"|(?:e|ta|fica|acho) muito(?! bom| bem| tranq| obrig)(?![a-z])|sem chance|nem pensar)"
)
_CORRECTED = re.compile(
    r"(?<![a-z])(?:quer dizer|quero dizer|quis dizer|digo|alias|eu disse|melhor|na verdade"
    r"|desculp[ae]|perdao|errei|errado|corrigindo|corrige|ops|opa|pera|perai|minto|troca|muda|trocar|mudar)"
    r"(?![a-z])|^ *[.,]? *\*"
)
_NOT_THAT_BUT_THIS = re.compile(
    r"^[ ,.?!]*(?:nao|num)[ ,.:;]*"
    r"(?:(?:e|sao|so|quero|prefiro|pode ser|faz|foi|vai ser|seria) ?)?$"
)
_INSTEAD = re.compile(
    r"(?<![a-z])(?:(?:em vez|ao inves|no lugar) d[eoa]s?|(?<!mais )(?<!menos )do que)"
    r"(?: (?:em|r|os|as))? *[$]? *$"
)
_TURN = re.compile(
    r"(?<![a-z])(?:mas|porem|so que|entao|prefiro|bota|bote|poe|poem|coloca|faz|fazem|faca|quero"
    r"|queria|vamos ficar|vou ficar|fico com|vou de)(?![a-z])"
)
_BESIDES = re.compile(r"(?<![a-z])(?:resto|restante|mais [$r ]*$|depois mais|cada|parcelas? de)")
_TOO_LITTLE = re.compile(
    r"^ ?(?:e|ta|acho|achei|fica|foi) (?:muito |bem )?(?:pouco|baixo)(?![a-z])"
)
_DENIED_BEFORE = re.compile(
    r"(?<![a-z])(?:nao|num) (?:e|sao|foi) [0-9][0-9.,]* (?:x |vezes |parcelas |reais )?nao"
    r" (?:e|sao|foi) $"
)
_FROM = re.compile(
    r"(?<![a-z])(?:troca|muda|passa|baixa|aumenta|diminui)[a-z]{0,3}(?: [a-z]+){0,4} d[eoa]s? *$"
    r"|^d[eo] *$"
)
_AND = re.compile(r" e (?:[ao] )?")
_TO = re.compile(r"^ *(?:cai |baixa |desce )?(?:para|pra|pro|por) *(?:o|a)? *$")

PAST_VERB = (
    r"(?!(?:vou|sou|dou|estou|tou|meu|teu|seu|sei|lei|rei|europeu|[a-z]+[aei]rei)(?![a-z]))"
    r"[a-z]{2,}(?:ei|ou|eu|iu|aram|eram|iram)"
)
"""A verb in the past, by its ending ("paguei", "venceu"); the future in "-arei" is none."""


@dataclass(frozen=True)
class Mention(Generic[Value]):
    """A value and where it stands in the text; of several, the highest `rank` is meant."""

    start: int
    end: int
    value: Value
    rank: int = 1


def meant(mentions: Iterable[Mention[Value]], text: str) -> Value | None:
    """Return the value meant among `mentions` of the normalised `text`, or `None`.

    Of those `upheld` the one of highest rank is meant, and of equals the first.
    """
    best = max(upheld(mentions, text), key=lambda mention: mention.rank, default=None)
    return best.value if best else None


def upheld(mentions: Iterable[Mention[Value]], text: str) -> list[Mention[Value]]:
    """Return, in order, the mentions that the normalised `text` does not take back.

    A correction ("200, quer dizer, 150") or a turn ("queria a 1, mas fico com a 2") drops what
    stands before it; a refusal ("não consigo 200", "200 é muito") drops that value.
    """
    ordered = _after_correction(sorted(mentions, key=lambda mention: mention.start), text)
    if ordered and _denied_before(ordered[-1], text):
        return ordered[-1:]
    wholes = _with_additions(ordered, text)
    accepted = [
        each for each, whole in zip(ordered, wholes, strict=True) if not _refused(whole, text)
    ]
    if not accepted and len(ordered) == 1 and _only_no_before(ordered[0], text):
        return ordered
    return accepted


def _with_additions(ordered: Sequence[Mention[Value]], text: str) -> list[Mention[Value]]:
    """Each mention up to the end of what is added to it: "a 1 e a 2 não dá" refuses both."""
    wholes: list[Mention[Value]] = []
    for mention in reversed(ordered):
        added = wholes and _AND.fullmatch(text[mention.end : wholes[-1].start][:_WINDOW])
        wholes.append(replace(mention, end=wholes[-1].end) if added else mention)
    return wholes[::-1]


def _after_correction(mentions: Sequence[Mention[Value]], text: str) -> list[Mention[Value]]:
    """Drop every mention that a later one takes back."""
    kept: list[Mention[Value]] = []
    for mention in mentions:
        if kept and _takes_back(kept[-1], mention, text):
            kept = []
        kept.append(mention)
    return kept


def _takes_back(old: Mention[Value], new: Mention[Value], text: str) -> bool:
    gap = text[old.end : new.start]
    if _turns(gap) and new.rank >= old.rank and not _refused(new, text):
        return True
    if len(gap) > _WINDOW:
        return False
    before = text[max(0, old.start - _WINDOW) : old.start]
    if _INSTEAD.search(before) or (_FROM.search(before) and _TO.search(gap)):
        return True
    return any(pattern.search(gap) for pattern in (_CORRECTED, _NOT_THAT_BUT_THIS, _TOO_LITTLE))


def _turns(gap: str) -> bool:
    """Whether between two values the mind changes, and no second value is added to the first."""
    return len(gap) <= _CLAUSE and bool(_TURN.search(gap)) and not _BESIDES.search(gap)


def _denied_before(mention: Mention[Value], text: str) -> bool:
    """Whether "não" belongs to another value: "num é 3 não é 5" is 5."""
    return bool(_DENIED_BEFORE.search(text[max(0, mention.start - _WINDOW) : mention.start]))


def _refused(mention: Mention[Value], text: str) -> bool:
    before = text[max(0, mention.start - _WINDOW) : mention.start]
    after = text[mention.end : mention.end + _WINDOW]
    return any(
        (_REFUSED_BEFORE.search(before), _INSTEAD.search(before), _REFUSED_AFTER.search(after))
    )


def _only_no_before(mention: Mention[Value], text: str) -> bool:
    """Whether only "não" stands before: "não 150" answers, "não pago 150" refuses."""
    before = text[max(0, mention.start - _WINDOW) : mention.start]
    after = text[mention.end : mention.end + _WINDOW]
    refusal = _REFUSED_BEFORE.search(before)
    return bool(
        refusal and refusal[1] == "nao" and not refusal[2] and not _REFUSED_AFTER.search(after)
    )
