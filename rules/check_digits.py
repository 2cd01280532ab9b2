"""Check digits of PIR and tax numbers, and the one computed from the other (policy.md §2; domain.md §1.2)."""

from __future__ import annotations

from functools import lru_cache

PIR_WEIGHTS = (9, 7, 3, 1, 9, 1)
TAX_WEIGHTS = (9, 7, 3, 1, 9, 7, 3, 1)


@lru_cache(maxsize=512)  # a number is asked about in its line, its cell and its text
def is_pir(digits: str) -> bool:
    """Six ASCII digits whose weighted sum 9·7·3·1·9·1 is divisible by ten, the first not 0."""
    return _holds(digits, PIR_WEIGHTS)


def is_tax_core(digits: str) -> bool:
    """The eight digits of a tax number whose check digit holds."""
    return _holds(digits, TAX_WEIGHTS)


def pir_from_tax(digits: str) -> str:
    """The PIR of the body with this tax number (8 or 11 digits), or "" where it cannot be told."""
    core = digits[:8]
    if not core.startswith("15") or not is_tax_core(core):
        return ""
    five = core[2:7]
    check = -sum(weight * int(digit) for weight, digit in zip(PIR_WEIGHTS, five, strict=False)) % 10
    pir = five + str(check)
    return pir if is_pir(pir) else ""


def likely_pir(digits: str) -> str:
    """The PIR probably meant by six digits that are none: those cut off a tax number; else ""."""
    return pir_from_tax("15" + digits) if len(digits) == 6 else ""


def _holds(digits: str, weights: tuple[int, ...]) -> bool:
    if len(digits) != len(weights) or not digits.isascii() or not digits.isdecimal() or digits[0] == "0":
        return False
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 10 == 0
