"""Words spelled as they sound, given their right spelling: "sinquenta", "terssera", "janero".

Only words of closed lists are heard: numbers, weekdays, months, ordinals and what is counted.
Everything else stays as it was typed. Short words are left alone: too many of them sound alike.
"""

import re
from collections import Counter
from functools import lru_cache

_HEARD = """
    cinco quatro treze quatorze catorze quinze dezesseis dezasseis dezessete dezassete dezoito
    dezenove dezanove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cento
    duzentos duzentas trezentos trezentas quatrocentos quatrocentas quinhentos quinhentas
    seiscentos seiscentas setecentos setecentas oitocentos oitocentas novecentos novecentas
    segunda quarta quinta sexta sabado domingo janeiro fevereiro abril junho julho agosto setembro
    outubro novembro dezembro primeira primeiro primeiras primeiros segundo terceira terceiro
    quarto quinto sexto setima setimo oitava oitavo decima decimo ultima ultimo ultimas ultimos
    penultima penultimo parcela parcelas parcelinha parcelinhas vezes semana semanas quinzena
    metade porcento centavo centavos reais proximo proxima
"""
_ALSO = {
    "tersa": "terca", "marso": "marco", "opsao": "opcao", "prestasao": "prestacao",
    "primeirinha": "primeira", "primeirinho": "primeiro", "segundinha": "segunda",
    "terceirinha": "terceira", "terceirinho": "terceiro", "quartinha": "quarta",
    "quintinha": "quinta", "ultiminha": "ultima", "ultiminho": "ultimo", "vezinhas": "vezes",
    "vezinha": "vez", "vezezinhas": "vezes", "parcelazinhas": "parcelas", "sabadinho": "sabado",
    "domingao": "domingo", "segundona": "segunda", "sextona": "sexta",
}  # fmt: skip
"""Words whose sound the spelling without accents does not show, and their diminutives."""
_ROUND = "cent vint trint quarent cinquent sessent setent oitent novent duzent trezent quinhent"
_SLANG = [stem + end for stem in _ROUND.split() for end in ("ao", "inho", "inha", "zao", "zinho")]

_OTHER_WORDS = frozenset(
    [
        "sinto",
        "cinto",
        "sento",
        "cesta",
        "cesto",
        "carta",
        "cartas",
        "carto",
        "dizimo",
        "sabido",
        "serei",
        "sesto",
        "vencem",
        "otimo",
        "otima",
        "senao",
        "sentinha",
        "dissesse",
        "vizinha",
        "vizinhas",
        "vizinho",
        "sextou",
    ]
)
"""Words of their own that sound like one of ours."""

_SHORTEST = 5  # letters of a word that is heard at all
_FORGIVEN = 7  # sounds of a word that may lack one of them

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ch", "x"), ("h", ""), ("q", "k"), ("[sx]?c(?=[ei])", "s"), ("g(?=[ei])", "j"),
        ("c", "k"), ("z", "s"), ("x(?=[^aeiou])", "s"), ("m(?![aeiou])", "n"),
        ("l(?=[^aeiou])", "u"), ("y", "i"), ("w", "v"), ("ku(?=[aeiou])|ko(?=e)", "k"),
        (r"(.)\1+", r"\1"), ("ei", "e"), ("ou", "u"),
        # Without the stress, "e" and "o" sound like "i" and "u": at both ends of a word.
        ("^([^aeiou]*)e", r"\1i"), ("^([^aeiou]*)o", r"\1u"), ("e(?=s?$)", "i"), ("o(?=s?$)", "u"),
    )
)  # fmt: skip


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


_KNOWN = frozenset([*_HEARD.split(), *_SLANG])
_BY_SOUND = {_sound(word): word for word in sorted(_KNOWN)} | {
    _sound(heard): word for heard, word in _ALSO.items()
}


def _with_one_sound_lost() -> dict[str, str]:
    """Return the numbers that can still be told when an "n", a vowel or the last "s" is lost."""
    lost = {
        (sound[:place] + sound[place + 1 :], word)
        for word in _HEARD.split()
        for sound in (_sound(word),)
        for place in range(1, len(sound))
        if len(sound) >= _FORGIVEN and (sound[place] in "aeioun" or sound[place:] == "s")
    }
    times = Counter(sound for sound, _ in lost)
    return {sound: word for sound, word in lost if times[sound] == 1 and sound not in _BY_SOUND}


_ALMOST = _with_one_sound_lost()
_WORD = re.compile(rf"(?<![a-z])[a-z]{{{_SHORTEST},16}}(?![a-z])")


def spelled_right(text: str) -> str:
    """Return a normalised `text` with what was written by ear spelled right. Never raises."""
    return _WORD.sub(lambda match: _spelled_right(match[0]), text)


@lru_cache(maxsize=4096)
def _spelled_right(word: str) -> str:
    if word in _KNOWN or word in _OTHER_WORDS:
        return word
    sound = _sound(word)
    return _BY_SOUND.get(sound) or _ALMOST.get(sound) or word
