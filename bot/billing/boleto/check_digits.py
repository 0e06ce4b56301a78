"""The two sums behind every check digit on a boleto (FEBRABAN)."""

from itertools import cycle


def mod10(digits: str) -> int:
    """Return the mod 10 check digit: weights 2, 1 from the right, digits of each product added."""
    products = (int(d) * weight for d, weight in zip(reversed(digits), cycle((2, 1)), strict=False))
    return -sum(product // 10 + product % 10 for product in products) % 10


def mod11(digits: str, highest: int = 9) -> int:
    """Return 11 − (sum mod 11), from 1 to 11, with weights 2 to `highest` from the right.

    What 10 and 11 become is the caller's: each field and bank has its own rule.
    """
    weights = cycle(range(2, highest + 1))
    total = sum(int(d) * weight for d, weight in zip(reversed(digits), weights, strict=False))
    return 11 - total % 11


def mod11_or_zero(digits: str) -> int:
    """Return the mod 11 check digit of most banks' fields: 10 and 11 become 0."""
    return _replace(mod11(digits), 0)


def mod11_or_one(digits: str) -> int:
    """Return the mod 11 check digit of a bank barcode: 10 and 11 become 1."""
    return _replace(mod11(digits), 1)


def _replace(result: int, instead: int) -> int:
    return instead if result in (10, 11) else result
