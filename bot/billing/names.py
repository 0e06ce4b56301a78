"""Names and documents as they are shown: called by, and masked for pages anybody may open."""

import re

CPF_LENGTH = 11
_LEGAL_FORM = re.compile(r",? (?:ltda\.?|s\.?/?a\.?|me|epp|eireli|mei)$", re.IGNORECASE)


def first_name(name: str, document: str) -> str:
    """Return what a person is called by; a company by its name without its legal form."""
    return name.split()[0] if len(document) == CPF_LENGTH else _LEGAL_FORM.sub("", name)


def mask_name(name: str, document: str) -> str:
    """Return `Maria S.` for Maria de Souza; a company's name is public."""
    words = name.split()
    if len(document) != CPF_LENGTH or len(words) == 1:
        return name
    return f"{words[0]} {words[-1][0]}."


def mask_document(document: str) -> str:
    """Return `***.982.247-**` for a CPF, `**.345.678/****-**` for a CNPJ."""
    if len(document) == CPF_LENGTH:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    return f"**.{document[2:5]}.{document[5:8]}/****-**"


def printed_identity(document: str) -> str:
    """Return what a document is signed for: the CNPJ in full, the CPF without its ends.

    `52998224725` is `CPF ***.982.247-**` (LGPD, art. 6 III).
    """
    if len(document) == CPF_LENGTH:
        return f"CPF {mask_document(document)}"
    return f"CNPJ {format_document(document)}"


def format_document(document: str) -> str:
    """Return a CPF or CNPJ with its punctuation."""
    d = document
    if len(d) == CPF_LENGTH:
        return f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"
    return f"{d[:2]}.{d[2:5]}.{d[5:8]}/{d[8:12]}-{d[12:]}"
