"""Brazilian phones as E.164 digits. A mobile may come with or without its ninth digit."""

COUNTRY = "55"
_SUBSCRIBER_OF_MOBILES = "6789"


def canonical(phone: str) -> str:
    """Return the form in which a phone is stored: mobiles with the ninth digit."""
    area, subscriber = phone[2:4], phone[4:]
    old_mobile = len(subscriber) == 8 and subscriber[0] in _SUBSCRIBER_OF_MOBILES
    if phone.startswith(COUNTRY) and old_mobile:
        return f"{COUNTRY}{area}9{subscriber}"
    return phone
