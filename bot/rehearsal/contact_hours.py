"""When a person may be written to without having written: business days, 9 to 19 in São Paulo."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.billing.calendar import is_business_day

_SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_FIRST_HOUR, _LAST_HOUR = 9, 19


def is_contact_hour(moment: float) -> bool:
    """Whether `moment`, by `time.time`, is one of them."""
    local = datetime.fromtimestamp(moment, _SAO_PAULO)
    return is_business_day(local.date()) and _FIRST_HOUR <= local.hour < _LAST_HOUR
