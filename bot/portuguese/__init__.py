"""How Brazilians write amounts, dates and counts, and how we write them back. Pure.

Every parser takes a whole WhatsApp message and returns the value meant or `None`; none raises.
"""

from bot.plain_text import normalise
from bot.portuguese.amounts import parse_amount
from bot.portuguese.birth_dates import parse_birth_date
from bot.portuguese.cpf import parse_cpf_digits
from bot.portuguese.dates import parse_date
from bot.portuguese.hours import parse_hours
from bot.portuguese.installments import parse_installments
from bot.portuguese.options import parse_option
from bot.portuguese.percents import parse_percent
from bot.portuguese.spelling import amount_in_words
from bot.portuguese.writing import (
    first_name,
    format_amount,
    format_date,
    format_installments,
    format_long_date,
    format_moment,
    format_time,
    format_weekday,
    greeting_by_hour,
    join_words,
)

__all__ = [
    "amount_in_words",
    "first_name",
    "format_amount",
    "format_date",
    "format_installments",
    "format_long_date",
    "format_moment",
    "format_time",
    "format_weekday",
    "greeting_by_hour",
    "join_words",
    "normalise",
    "parse_amount",
    "parse_birth_date",
    "parse_cpf_digits",
    "parse_date",
    "parse_hours",
    "parse_installments",
    "parse_option",
    "parse_percent",
]
