"""One spelling for the many ways a message is typed. Meaning is the parsers' business."""

import re
import unicodedata
from functools import lru_cache

ABBREVIATIONS = {
    "vc": "voce", "vcs": "voces", "ce": "voce", "oce": "voce",
    "n": "nao", "nn": "nao", "naum": "nao", "q": "que", "oq": "o que",
    "pq": "porque", "qdo": "quando", "qnd": "quando", "qndo": "quando", "qto": "quanto",
    "blz": "beleza", "tb": "tambem", "tbm": "tambem", "hj": "hoje", "hje": "hoje",
    "amnh": "amanha", "amnha": "amanha", "amanh": "amanha", "amaha": "amanha",
    "ammanha": "amanha", "dps": "depois", "dpois": "depois",
    "pgto": "pagamento", "pagto": "pagamento", "pgt": "pagamento", "obg": "obrigado",
    "obgd": "obrigado", "obgda": "obrigada", "vlw": "obrigado", "mto": "muito",
    "mt": "muito", "msm": "mesmo", "td": "tudo", "eh": "e", "fds": "fim de semana",
    "prox": "proximo", "pfv": "por favor", "pf": "por favor", "parc": "parcelas",
    "vz": "vezes", "vzs": "vezes", "vzes": "vezes", "veses": "vezes", "vezez": "vezes",
    "veiz": "vezes", "veis": "vezes", "ves": "vez", "meis": "mes", "ki": "que", "i": "e",
    "primera": "primeira", "premeira": "primeira", "sigunda": "segunda", "segumda": "segunda",
    "tercera": "terceira", "opisao": "opcao", "opsao": "opcao", "opicao": "opcao",
    "parsela": "parcela", "parselas": "parcelas", "pracela": "parcela",
    "pracelas": "parcelas", "seman": "semana", "semna": "semana",
}  # fmt: skip

_LAUGHTER_K = re.compile(r"(?<![a-z])k{2,}(?![a-z])")
_LAUGHTER = re.compile(r"(?<![a-z])(?:(?:rs){2,}s?|(?:ha|he|hi|hua|hue|ua){2,}h?)(?![a-z])")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_UNREADABLE = re.compile(r"[^a-z0-9$%/.,:;!?()+*@#&=<>'\"\-]+")
_WORD = re.compile(r"[a-z]+")
_SLASHED = re.compile(r"(?<![a-z0-9])([pcs])/")
_SLASHED_WORDS = {"p": "para ", "c": "com ", "s": "sem "}
_SYMBOLS = str.maketrans(
    {"🔟": "10", "–": "-", "—": "-", "−": "-", "⁄": "/", "’": "'", "“": '"', "”": '"', "×": "x"}
)


def one_of(words: str) -> str:
    """Return `words`, separated by spaces, as a regular expression that matches any of them."""
    return f"(?:{'|'.join(words.split())})"


@lru_cache(maxsize=64)
def normalise(text: str) -> str:
    """Return `text` in lower case ASCII with one spelling per word.

    Accents are folded, emoji become spaces (a keycap its digit), letters typed three or more
    times are typed once, laughter goes, common abbreviations are written out, whitespace is one
    space. Punctuation and digits stay. Never raises; normalising twice changes nothing.
    """
    folded = _UNREADABLE.sub(" ", _fold(text))
    calm = _LAUGHTER.sub(" ", _REPEATED.sub(r"\1", _LAUGHTER_K.sub(" ", folded)))
    spelled = _SLASHED.sub(lambda match: _SLASHED_WORDS[match[1]], calm)
    words = _WORD.sub(lambda match: ABBREVIATIONS.get(match[0], match[0]), spelled)
    return " ".join(words.split())


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_SYMBOLS)).lower()
    marks_gone = (char for char in decomposed if unicodedata.category(char)[0] != "M")
    return "".join(marks_gone).translate(_SYMBOLS)
