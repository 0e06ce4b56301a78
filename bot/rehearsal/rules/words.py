"""How it is said: no threat, no urgency, no shame, nothing unfinished."""

import re

from bot.rehearsal.phone import Bubble
from bot.rehearsal.rules.case import Case, Found, excerpt, is_code, rule, sentences
from bot.wording.rules import faults_of

_PRESSING = frozenset({"ameaça", "urgência", "vergonha", "imposição"})
"""What the linter of words finds in the texts of the house is looked for in what was said."""

_CONSEQUENCE = re.compile(
    r"\bspc\b|serasa|cadastros? de credito|negativ|protest|processar|processo\b|na justica"
    r"|advogado|\bscore\b|\bcortad|suspens|restricao"
)
_REASSURES = re.compile(
    r"\b(?:sai|sair|limp|retir|tira|baixa|exclu)\w*|5 dias uteis|se o seu nome estiver"
    r"|\bnao (?:vai|ha|e|tem|vamos|posso)\b"
)
_UNFINISHED = re.compile(r"\{\w*\}|\bNone\b|utter_|\bnan\b|<[a-z]+>|\bnull\b|\.\.$|\?\?|\s,")


@rule("Sem ameaça, urgência ou vergonha (CDC 42 e 71)")
def no_forbidden_words(case: Case) -> Found:
    """Words that press, whatever they are about."""
    for number, bubble in case.bubbles:
        for fault in faults_of(_without_policy(case, bubble)):
            if fault.name in _PRESSING:
                yield number, excerpt(bubble.text), f"{fault.name}: “{fault.words}”"


@rule("Consequências: só as que a política do credor lista (CDC 42)")
def only_listed_consequences(case: Case) -> Found:
    """What follows from not paying is told in the policy's words, or it calms."""
    for number, bubble in case.bubbles:
        for sentence in sentences(_without_policy(case, bubble)):
            found = _CONSEQUENCE.search(sentence)
            if found and not _REASSURES.search(sentence):
                yield number, excerpt(sentence, found), f"“{found[0]}” não é da política"


def _without_policy(case: Case, bubble: Bubble) -> str:
    text = bubble.text
    for line in case.creditor.consequences:
        text = text.replace(line, " ")
    return text


@rule("Nada em branco nem por preencher")
def nothing_unfinished(case: Case) -> Found:
    """No placeholder, no empty bubble."""
    for number, bubble in case.bubbles:
        found = _UNFINISHED.search(bubble.text)
        if not is_code(bubble) and (found or not bubble.text.strip()):
            yield number, excerpt(bubble.text, found), "texto por preencher"
