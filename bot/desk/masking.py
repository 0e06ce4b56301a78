"""CPF and phone as they are shown until somebody asks to see them, which is noted."""


def mask_phone(phone: str | None) -> str:
    """`5511987654321` as `(11) •••••-4321`; empty when there is none."""
    if not phone:
        return ""
    area = phone[2:4] if phone.startswith("55") and len(phone) >= 12 else "••"
    return f"({area}) •••••-{phone[-4:]}"


def format_phone(phone: str) -> str:
    """`5511987654321` as `+55 11 98765-4321`; anything else as it is."""
    if phone.startswith("55") and len(phone) in (12, 13):
        return f"+55 {phone[2:4]} {phone[4:-4]}-{phone[-4:]}"
    return phone


def mask_document(document: str) -> str:
    """CPF or CNPJ by its last digits: `•••.•••.•47-25`."""
    if len(document) == 11:
        return f"•••.•••.•{document[7:9]}-{document[9:]}"
    return f"••.•••.•••/•{document[-5:-2]}-{document[-2:]}"


def format_document(document: str) -> str:
    """CPF or CNPJ in full, with its marks."""
    if len(document) == 11:
        return f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    return f"{document[:2]}.{document[2:5]}.{document[5:8]}/{document[8:12]}-{document[12:]}"
