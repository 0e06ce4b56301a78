"""The rules that protect a debtor, checked on every message of a conversation.

They follow the law and our own promises: who is told what, what numbers are said, how, and
what has to happen. `check` applies them all.
"""

from bot.rehearsal.rules import duties, numbers, privacy, words
from bot.rehearsal.rules.case import RULES, Case, Violation, check

__all__ = ["RULES", "Case", "Violation", "check", "duties", "numbers", "privacy", "words"]
