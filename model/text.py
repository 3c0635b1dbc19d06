"""Numbers as people read them: the one place where they are formatted."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

ShownAs = Literal["money", "rate", "count", "ratio", "times", "months"]
Over = Literal["month", "3 months", "12 months", "quarter to date", "plan to date"]
"""Which months a figure is of, up to the one it is told for."""

MINUS = "\u2212"
NARROW_SPACE = "\u202f"
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
HUGE = 1e15
"""From there on a number is written with an exponent."""
MOST_DECIMALS = 6
SYMBOLS = {
    "AUD": "A$", "BRL": "R$", "CAD": "C$", "CHF": "CHF ", "CNY": "CN¥", "DKK": "kr ", "EUR": "€", "GBP": "£", "ILS": "₪",
    "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NOK": "kr ", "NZD": "NZ$", "PLN": "zł ", "SEK": "kr ", "USD": "$",
}  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def symbol(currency: str) -> str:
    """Return the sign people write before an amount, or the code itself and a space.

    >>> symbol("USD"), symbol("XAF")
    ('$', 'XAF ')
    """
    return SYMBOLS.get(currency, f"{currency} ")


def money(value: float, currency: str = "USD") -> str:
    """Return an amount with three significant digits and K, M, B or T, or an exponent beyond.

    >>> money(7_304_000), money(-328_400), money(999_950), money(-1e-9), money(1e21)
    ('$7.30M', '−$328K', '$1.00M', '$0', '$1.00e21')
    """
    if not math.isfinite(value):
        return "–"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if float(f"{size:.3g}") >= HUGE:
        return f"{sign}{symbol(currency)}{_with_exponent(size)}"
    for unit, letter in SCALES:
        if float(f"{size:.3g}") >= unit:
            scaled = float(f"{size / unit:.3g}")
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{sign}{symbol(currency)}{scaled:,.{digits}f}{letter}"
    if size < 0.005:
        return f"{symbol(currency)}0"
    digits = 0 if size >= 10 else 2
    return f"{sign}{symbol(currency)}{size:.{digits}f}"


def rate(value: float, digits: int = 1) -> str:
    """Return a fraction as per cent with one decimal.

    >>> rate(0.92), rate(-0.015)
    ('92.0\u202f%', '−1.5\u202f%')
    """
    return f"{number(100 * value, digits)}{NARROW_SPACE}%"


def alike(value: float, other: float) -> bool:
    """Say whether two amounts differ by nothing that a reader would see: 0.0 % of the other.

    >>> alike(1_000_200, 1_000_000), alike(1_000_600, 1_000_000), alike(0, 0)
    (True, False, True)
    """
    return value == other or abs(value - other) < 0.0005 * abs(other)


def reads_alike(value: float, other: float, shown_as: ShownAs, currency: str = "USD") -> bool:
    """Say whether two values are the same to a reader: alike, or the same at the digits shown.

    >>> reads_alike(45_000_768, 45_000_000, "money"), reads_alike(10_040_000, 10_000_000, "money")
    (True, True)
    >>> reads_alike(9_960_000, 10_000_000, "money"), reads_alike(0.9234, 0.9228, "rate")
    (False, True)
    """
    return alike(value, other) or shown(value, shown_as, currency) == shown(other, shown_as, currency)


def points(value: float) -> str:
    """Return a difference of rates in percentage points, with its sign.

    >>> points(0.04), points(-0.005)
    ('+4.0 pts', '−0.5 pts')
    """
    return f"{signed(number(100 * value, 1))} pts"


def number(value: float, digits: int = 0) -> str:
    """Return a plain number with a true minus and thousands apart; never "−0".

    >>> number(1234.5, 1), number(-0.04, 1), number(-1e21)
    ('1,234.5', '0.0', '−1.00e21')
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= HUGE:
        return _with_exponent(value).replace("-", MINUS)
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def _with_exponent(value: float) -> str:
    return f"{value:.2e}".replace("e+", "e")


def signed(text: str) -> str:
    """Put a plus before a formatted number that has no minus."""
    return text if text.startswith(MINUS) else f"+{text}"


def plus(text: str) -> str:
    """Put a plus before a formatted number above zero.

    >>> plus("$3.20K"), plus("$0"), plus("−$1")
    ('+$3.20K', '$0', '−$1')
    """
    return signed(text) if any(digit in text for digit in "123456789") else text


def plain(value: float) -> str:
    """Return the shortest text that reads back as the same number, without a plus sign: safe in an address.

    >>> plain(0.93), plain(5_000_000.0), plain(1e22), plain(-0.0)
    ('0.93', '5000000', '1e22', '0')
    """
    if value == int(value) and abs(value) < 1e15 if math.isfinite(value) else False:
        return str(int(value))
    return repr(float(value)).replace("e+", "e")


def shown(value: float, shown_as: ShownAs, currency: str = "USD", digits: int = 1) -> str:
    """Return a value the way its declaration says it is shown."""
    if not math.isfinite(value):
        return "–"
    if shown_as == "money":
        return money(value, currency)
    if shown_as == "rate":
        return rate(value, digits)
    if shown_as == "count":
        return number(value, 0 if abs(value) >= 100 or value == round(value) else 1)
    if shown_as == "times":
        return f"{number(value, 1)}×"
    if shown_as == "months":
        return f"{number(value, 1)} months"
    return number(value, 2 if abs(value) < 10 else 1)


def apart(
    value: float, other: float, texts: tuple[str, str], shown_as: ShownAs, currency: str = "USD"
) -> tuple[str, str]:
    """Return two values that differ as people read them, with as few digits more as tell them apart, at most six decimals.

    `texts` is how they are shown otherwise. What not even six decimals tell apart is said to be hardly more, or less.

    >>> apart(0.2011, 0.2013, ("20.1\u202f%", "20.1\u202f%"), "rate")
    ('20.11\u202f%', '20.13\u202f%')
    >>> apart(61_893, 61_912.4, ("$61.9K", "$61.9K"), "money")
    ('$61,893', '$61,912')
    >>> apart(2, 2 + 1e-9, ("2.0 months", "2.0 months"), "months")
    ('2.0 months', 'hardly more than 2.0 months')
    """
    if texts[0] != texts[1] or value == other:
        return texts
    decimals = re.search(r"\.(\d+)(?![\d.]*[KMBT])", texts[0])  # those of an amount in thousands are none
    fewest = len(decimals[1]) + 1 if decimals else 0 if shown_as == "money" else 1
    for digits in range(fewest, MOST_DECIMALS + 1):
        finer = _finer(value, shown_as, currency, digits), _finer(other, shown_as, currency, digits)
        if finer[0] != finer[1]:
            return finer
    return texts[0], f"hardly {'more' if other > value else 'less'} than {texts[0]}"


def _finer(value: float, shown_as: ShownAs, currency: str, digits: int) -> str:
    """Return a value with that many decimals."""
    if shown_as == "rate":
        return rate(value, digits)
    if shown_as == "money":
        return f"{MINUS if value < 0 else ''}{symbol(currency)}{number(abs(value), digits)}"
    return number(value, digits) + {"times": "×", "months": " months"}.get(shown_as, "")


def difference(value: float, shown_as: ShownAs, currency: str = "USD") -> str:
    """Return a change the way its declaration says it is shown, with its sign."""
    if shown_as == "rate":
        return points(value)
    return signed(shown(value, shown_as, currency))


def apart_by(value: float, shown_as: ShownAs, currency: str = "USD") -> str:
    """Return how far two values are apart the way their declaration says it is shown, of rates in points, or '' where it is nothing.

    >>> apart_by(-0.9271, "rate"), apart_by(240_000, "money"), apart_by(0.03, "months")
    ('92.7 pts', '$240K', '')
    """
    text = difference(abs(value), shown_as, currency).removeprefix("+")
    return text if any(digit in text for digit in "123456789") else ""


def give_or_take(value: float, shown_as: ShownAs, currency: str = "USD") -> str:
    """Return an error with its first significant digit at least, of a rate in points.

    >>> give_or_take(0.0004, "rate"), give_or_take(0.012, "rate"), give_or_take(0.0, "rate"), give_or_take(31_000, "money")
    ('±0.04 pts', '±1.2 pts', '±0 pts', '±$31.0K')
    """
    if shown_as == "money" or not math.isfinite(value):
        return f"±{money(value, currency)}" if math.isfinite(value) else "–"
    size = 100 * value if shown_as == "rate" else value
    digits = 0 if size == 0 else min(6, max(1, -math.floor(math.log10(size))))
    return f"±{number(size, digits)}{' pts' if shown_as == 'rate' else ''}"


def glance(text: str, most: int = 40) -> str:
    """Return a text that somebody typed, cut short and without control characters, to be named in a message.

    >>> glance("win_rate\\n"), glance("9" * 100, 5)
    ('win_rate�', '9999…')
    """
    seen = "".join(letter if letter.isprintable() else "�" for letter in text[:most])
    return seen if len(text) <= most else f"{seen[:-1]}…"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as lines, each column as wide as its widest cell.

    >>> table([("id", "title"), ("smb", "Small")]).splitlines()
    ['id   title', 'smb  Small']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def agreeing(name: str, verb: str) -> str:
    """Return a verb as it follows a name.

    >>> agreeing("Leads", "move"), agreeing("Deals per rep", "move"), agreeing("Win rate, Partners", "reach")
    ('move', 'move', 'reaches')
    >>> agreeing("Fixed costs", "do"), agreeing("Win rate", "do")
    ('do', 'does')
    """
    head = re.split(r",| of | per | to | that ", name)[0]
    if head.endswith("s") and not head.endswith("ss"):
        return verb
    return f"{verb}es" if verb.endswith(("s", "ch", "o")) else f"{verb}s"


def month_name(year: int, month: int, *, short: bool = False) -> str:
    """Return "Dec 2028", or "Dec 28" where room is scarce."""
    return f"{MONTHS[month - 1]} {year % 100:02d}" if short else f"{MONTHS[month - 1]} {year}"


def span_name(year: int, month: int, over: Over = "month") -> str:
    """Return what the months of a figure are called that ends with one: "2028" where they are a calendar year.

    >>> span_name(2028, 12, "12 months"), span_name(2028, 6, "12 months"), span_name(2028, 6)
    ('2028', '12 months to Jun 2028', 'Jun 2028')
    """
    if over == "12 months" and month == 12:
        return str(year)
    before = {"month": "", "quarter to date": "quarter up to ", "plan to date": "first month to "}.get(
        over, f"{over} to "
    )
    return before + month_name(year, month)


def in_span(year: int, month: int, over: Over = "month") -> str:
    """Return when a figure is, as a sentence goes on.

    >>> in_span(2028, 6), in_span(2028, 12, "12 months"), in_span(2028, 6, "12 months"), in_span(2028, 6, "plan to date")
    ('in Jun 2028', 'in 2028', 'in the 12 months to Jun 2028', 'by Jun 2028')
    """
    name = span_name(year, month, over)
    if over == "plan to date":
        return f"by {month_name(year, month)}"
    return f"in {name}" if name[0].isupper() or " " not in name else f"in the {name}"


def worded(count: int) -> str:
    """Return a small count in words, as a sentence begins.

    >>> worded(0), worded(4), worded(12)
    ('No', 'Four', '12')
    """
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return words[count] if count < len(words) else str(count)


def counted(count: int, noun: str) -> str:
    """Return a small count in words with its noun, as a sentence begins: "Four moves".

    >>> counted(1, "move"), counted(4, "move"), counted(12, "move")
    ('One move', 'Four moves', '12 moves')
    """
    return f"{worded(count)} {noun}{'s' * (count != 1)}"


def numbered(count: int | str, nouns: str) -> str:
    """Return a count in digits, or as it is shown already, with its noun, which is given in the plural.

    >>> numbered(1, "months"), numbered(2_000, "customers lost"), numbered("1", "won opportunities"), numbered("1.0", "months")
    ('1 month', '2,000 customers lost', '1 won opportunity', '1.0 months')
    """
    text = count if isinstance(count, str) else f"{count:,}"
    if text == "1":
        nouns = re.sub(r"(ies|s)\b", lambda end: "y" if end[1] == "ies" else "", nouns, count=1)
    return f"{text} {nouns}"
