"""Who is told what, and when nothing more is said."""

import re

from bot.portuguese import normalise
from bot.rehearsal.rules.case import Case, Found, excerpt, rule, sentences, words_of

_CLAIM = re.compile(
    r"r\$|\bdivida|\bdebito|cobranca|\bem atraso|atrasad|vencid|\bvenceu|inadimpl|devendo"
    r"|voce deve|\bspc\b|serasa|negativad|cadastros? de credito|desconto|\bparcela|fatura|negocia"
)
_NEGOTIATES = re.compile(r"desconto|\ba vista\b|\bopcoes\b|atras(?:ar|ou|o)\?|posso confirmar")
_MENTIONS = re.compile(
    rf"{_NEGOTIATES.pattern}|r\$|em atraso|\bdivida|primeiros (?:3 )?(?:numeros|digitos)"
)
_SECRET = re.compile(
    r"\b(?:senha|numero do cartao|codigo de seguranca|codigo que (?:chegou|recebeu)"
    r"|cpf (?:todo|inteiro|completo)|cpf)\b"
)
_ASKS = re.compile(
    r"\b(?:me (?:diz|diga|manda|informa|passa)|mand[ae]|informe|digite|envie|qual)\b"
)
_SAFE = re.compile(r"\b(?:nunca|nao|nem|sem)\b|primeiros")


@rule("Nada da dívida antes de confirmar quem é (CDC 42, LGPD)")
def nothing_before_identity(case: Case) -> Found:
    """A stranger learns neither that there is a debt nor of how much."""
    for number, bubble in case.bubbles:
        plain = normalise(words_of(bubble))
        if bubble.at < case.confirmed_at and (found := _CLAIM.search(plain)):
            yield number, excerpt(plain, found), f"diz “{found[0]}” a quem não se identificou"


@rule("Engano, terceiro, saída, contestação, pagamento, crise: depois, nada da dívida (CDC 42)")
def silence_once_it_ends(case: Case) -> Found:
    """From the message that ends it on, its own answer included."""
    for number, bubble in case.bubbles:
        plain = normalise(words_of(bubble))
        if number >= case.silenced_from and (found := _goes_on(case).search(plain)):
            said = case.exchanges[case.silenced_from].name
            yield number, excerpt(plain, found), f"continua depois de “{said}”"


def _goes_on(case: Case) -> re.Pattern[str]:
    """Whoever has paid, or disputes, may be asked who they are and which bill they mean."""
    is_own_matter = case.exchanges[case.silenced_from].name in ("ja_paguei", "contesta")
    return _NEGOTIATES if is_own_matter else _MENTIONS


@rule("Nunca pede CPF inteiro, senha ou dados de cartão (política da Meta)")
def never_asks_for_secrets(case: Case) -> Found:
    """Three digits of the CPF are all that is asked."""
    for number, bubble in case.bubbles:
        for sentence in sentences(bubble.text):
            found = _SECRET.search(sentence)
            if found and _ASKS.search(sentence) and not _SAFE.search(sentence):
                yield number, excerpt(sentence), f"pede “{found[0]}”"
