"""Amounts as people write them: 1,234.50 and 1.234,50 €, (5) and −5, $ and EUR."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from model.history.reading.column import Numbers
from model.history.reading.columns import currencies

PLAIN = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
"""What most exports write: read without looking at each cell."""
PLAIN_GROUP = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
"""Plain, but a point between thousands to those whose decimal mark is the comma."""

_SIGN = r"(?:[A-Za-z]{3}|[A-Za-z]{0,3}[$€£¥₹₪₩₺₽฿₫₴₦]|kr\.?|zł|Fr\.)?"
_AMOUNT = re.compile(rf"([-−–+]?)\(?([-−–+]?)\s*({_SIGN})\s*([-−–+]?)([0-9.,'’\s]*[0-9][.,]?)\s*({_SIGN})([-−]?)\)?")
_GROUPS = {mark: re.compile(rf"(?:[0-9]*|[1-9][0-9]{{0,2}}(?=([{group}'’\s]))(?:\1[0-9]{{2,3}})*\1[0-9]{{3}})(?:[{mark}][0-9]*)?")
           for mark, group in ((".", ","), (",", "."))}  # fmt: skip
"""A number by decimal mark: thousands apart by the other mark, an apostrophe or a space, always the same."""


def read_amounts(texts: pa.Array) -> dict[str, Numbers]:
    """Return what different texts are as amounts, by decimal mark; NaN where they are none."""
    plain = pc.match_substring_regex(texts, PLAIN).to_numpy(zero_copy_only=False)
    point = np.full(len(texts), np.nan)
    point[plain] = texts.filter(pa.array(plain)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    grouped = pc.match_substring_regex(texts, PLAIN_GROUP).to_numpy(zero_copy_only=False)
    has_point = pc.match_substring(texts, ".").to_numpy(zero_copy_only=False)
    comma = np.where(grouped, np.round(point * 1000), np.where(has_point, np.nan, point))
    rest = np.flatnonzero(~plain)
    for row, text in zip(rest.tolist(), texts.take(pa.array(rest)).to_pylist(), strict=True):
        number, _ = split_amount(text)
        point[row], comma[row] = _value(number, "."), _value(number, ",")
    return {".": point, ",": comma}


def split_amount(text: str) -> tuple[str, str]:
    """Return the number with its separators and a minus if it is negative, and the sign of the currency.

    >>> split_amount("(1.234,50) "), split_amount("US$ 5"), split_amount("5 €"), split_amount("=1+1")
    (('-1.234,50', ''), ('5', 'US$'), ('5', '€'), ('', ''))
    """
    text = text.strip()
    found = _AMOUNT.fullmatch(text)
    if not found or text.startswith("(") != text.endswith(")") or (found[3] and found[6]):
        return "", ""
    minus = "-" if text.startswith("(") or set("-−–") & set(found[1] + found[2] + found[4] + found[7]) else ""
    return minus + found[5].strip(), (found[3] + found[6]).upper()


def _value(number: str, mark: str) -> float:
    digits = number.lstrip("-")
    if not digits or not _GROUPS[mark].fullmatch(digits):
        return float("nan")
    plain = re.sub(rf"[^0-9{mark}]", "", digits).replace(mark, ".")
    value = float(plain) if plain.strip(".") else float("nan")
    return -value if number.startswith("-") else value


def currency_codes(signs: Sequence[str]) -> list[str]:
    """Return the currencies that signs mean: the code where one is known, else the sign itself, each once.

    >>> currency_codes(["$", "USD", "KR"])
    ['USD', 'KR']
    """
    return list(dict.fromkeys(currencies().get(sign.strip().upper(), sign.strip().upper()) for sign in signs))


def says_cents(header: str) -> bool:
    """Say whether a header itself says that its amounts are in cents.

    >>> says_cents("Unit Amount In Cents"), says_cents("Amount (in cents)"), says_cents("Amount")
    (True, True, False)
    """
    return re.search(r"\bcents\b", header.replace("_", " "), re.I) is not None


def whole_texts(texts: pa.Array) -> bool:
    """Say whether no text has decimals, zeros neither: 29.00 is in whole units."""
    return not pc.any(pc.match_substring_regex(texts, r"[.,][0-9]{1,2}[^0-9.,]*$")).as_py()
