"""What the columns of exports hold: kinds of files, their fields, the headers and words they go by."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from model.catalogue import DATA, Declaration, declarations
from model.history.reading.texts import listed, matched, plain_word, shown_text

_UNIT = re.compile(
    r"(.*?\S)(?:\s*\(([^()]*)\)|\s*\[([^\[\]]*)\]|[\s_]+(?:in[\s_]+)?([^\s_]+))\s*", re.IGNORECASE | re.DOTALL
)
"""A header with something in brackets, or as a last word, that may be its unit."""
_CUSTOM = re.compile(
    r"(?:cf|custom(?:[\s_]*fields?)?)[\s_.:-]+(.+)|metadata[\s_.:\[-]+([^\]]+)\]?|(.+?)(?:__c|\(metadata\))",
    re.IGNORECASE,
)
"""A header that a company gave a column of its own, as billing systems and CRMs write it."""

FAR_MORE = 3
"""A kind that lacks a needed column may still be the right one where it reads so many columns more than others."""
FieldType = Literal["key", "name", "text", "day", "month", "period", "amount", "number", "yes", "conversion", "term"]


class Field(Declaration):
    """What a column holds and the headers it goes by.

    Attributes
    ----------
    type : str
        How its cells are read: key (as written), name (spelled alike without regard to case), text (words), day,
        month (a day or month: its first day), period (a quarter too), amount, number, yes, conversion (yes or a day), term (months).
    needed : bool
        Without such a column the file cannot be read.
    filled : bool
        A row without it is set aside.
    unique : bool
        A row whose value stands in an earlier one is set aside.
    alike : bool
        A row whose value stands in an earlier one is set aside only where all columns read are alike.
    past : bool
        It is history: a day that lies alone far behind all others is set aside.
    signed : bool
        Amounts below zero are used.
    instead : tuple of str
        It is not needed where all of these fields have a column.
    unless : mapping of str to tuple of str
        Headers that hold something else where one of these stands beside them.
    beside : str
        An earlier field that it belongs to: it is read only beside it, out of another column.
    alone : bool
        A column that is read for a field before it is not read for this one too.
    parts : bool
        Files may have it in parts, each in a column of its own; but for those that are added, only one of them can be read.
    added_to : tuple of str
        It is a part of the field it is beside, read and added to it where the column of that goes by one of these headers: the other part.
    added : bool
        It is always added to the field it is beside.
    rather : tuple of str
        Of these headers, a line within a group is read rather than the group's total, which holds more than the field means.
    """

    type: FieldType
    says: str
    needed: bool = False
    filled: bool = False
    unique: bool = False
    alike: bool = False
    past: bool = False
    signed: bool = False
    instead: tuple[str, ...] = ()
    unless: Mapping[str, tuple[str, ...]] = {}
    beside: str = ""
    alone: bool = False
    parts: bool = False
    added_to: tuple[str, ...] = ()
    added: bool = False
    rather: tuple[str, ...] = ()
    headers: tuple[str, ...]


class Kind(Declaration):
    """A kind of file: what a row of it is, and its fields."""

    title: str
    says: str
    one_of: tuple[str, ...] = ()
    fields: Mapping[str, Any]


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of file by id, the one most often given first."""
    order = ("opportunities", "subscriptions", "invoices", "leads", "payments", "people", "forecasts", "actuals")
    read = {kind: tomllib.loads((DATA / "columns" / f"{kind}.toml").read_text(encoding="utf-8")) for kind in order}
    return MappingProxyType(declarations(Kind, read, "columns"))


@cache
def fields(kind: str) -> Mapping[str, Field]:
    """Return the fields of a kind of file."""
    return MappingProxyType(declarations(Field, kinds()[kind].fields, f"columns/{kind}.toml"))


@cache
def _written() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))


@cache
def words(group: str) -> frozenset[str]:
    """Return the words of a group, as `plain_word` writes them."""
    return frozenset(map(plain_word, _written()["words"][group]))


@cache
def terms() -> Mapping[str, float]:
    """Return the months that the words for a contract term or billing period mean."""
    return {plain_word(word): float(months) for months, spelled in _written()["terms"].items() for word in spelled}


@cache
def currencies() -> Mapping[str, str]:
    """Return the currency by the sign beside an amount."""
    return {sign.upper(): code for code, signs in _written()["currencies"].items() for sign in signs}


def without_unit(header: str, *, scaled: bool = False) -> tuple[str, str]:
    """Return what stands before the unit at the end of a header, and the unit; "" if there is none.

    Only units that leave amounts as they are count, unless they may be `scaled`: else "(in thousands)" or "(%)" make another
    column of it.

    >>> without_unit("MRR (€)"), without_unit("Betrag in EUR"), without_unit("Churn (%)")
    (('MRR', '€'), ('Betrag', 'EUR'), ('Churn (%)', ''))
    """
    found = _UNIT.fullmatch(header)
    unit = next(filter(None, found.groups()[1:]), "").strip() if found else ""
    known = matched(unit) in words("unit") or currency_named(unit) or (scaled and scale_in(unit))
    return (found[1], unit) if found and known else (header, "")


_PART = re.compile(r"[^\W\d_]+|[€$£¥₹]|(?<![\d.,])000s?(?!\d)")


def _parts(text: str) -> list[str]:
    """Return the words and signs of a text; what stands before a code without a space ("TEUR") is a word of its own."""
    found = []
    for part in _PART.findall(text):
        glued = len(part) > 3 and part[0] in "kKTmM" and part[1:].isupper() and currency_named(part[1:])
        found += [part[0], part[1:]] if glued else [part]
    return found


def _code(part: str) -> str:
    return currency_named(part) if part.isupper() or not part.isalpha() else ""


def currency_in(text: str) -> str:
    """Return the currency that a text names, "" if it names none or several.

    >>> currency_in("ARR (EUR k)"), currency_in("TEUR"), currency_in("in $m"), currency_in("EUR and USD"), currency_in("try")
    ('EUR', 'EUR', 'USD', '', '')
    """
    codes = set(filter(None, map(_code, _parts(text))))
    return codes.pop() if len(codes) == 1 else ""


def scale_in(text: str) -> str:
    """Return whether a text says that amounts are in "thousands" or "millions", "" if it does not.

    >>> scale_in("EUR k"), scale_in("in thousands"), scale_in("TEUR"), scale_in("$m"), scale_in("Team K"), scale_in("months (m)")
    ('thousands', 'thousands', 'thousands', 'millions', '', '')
    """
    parts = _parts(text)
    for place, part in enumerate(parts):
        beside = (len(parts) == 1 and part in "kK") or any(map(_code, parts[max(0, place - 1) : place + 2]))
        for scale in ("thousands", "millions"):
            if plain_word(part) in words(scale) or (beside and plain_word(part) in words(f"{scale}_beside")):
                return scale
    return ""


def currency_named(text: str) -> str:
    """Return the code of the currency that a text is the sign or code of, "" if it is none.

    >>> currency_named("€"), currency_named("usd"), currency_named("UTC")
    ('EUR', 'USD', '')
    """
    code = currencies().get(text.strip().upper(), text.strip().upper())
    return code if code in currencies().values() else ""


def places_of(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Return the column of each field that is there.

    Parameters
    ----------
    kind : str
        One of `kinds()`.
    header : sequence of str
        The header cells of the file.
    columns : mapping of str to str
        Header by field, where it goes by none of the known ones; "" for a field that no column holds.
    """
    where, custom = _by_name(header, scaled=kind == "actuals"), _by_custom_name(header)
    chosen = {where[matched(name)] for name in columns.values() if matched(name) in where}
    places: dict[str, int] = {}
    for name, entry in fields(kind).items():
        given = columns.get(name)
        if given is not None:
            places |= {name: where[matched(given)]} if matched(given) in where else {}
            continue
        if entry.added_to and not _is_added(entry, header, places, columns):
            continue
        taken = chosen | ({places[entry.beside]} if entry.beside in places else set())
        taken |= set(places.values()) if entry.alone else set()
        found = (place for place in _candidates(entry, where, custom) if place not in taken)
        if (place := next(found, None)) is not None and (not entry.beside or entry.beside in places):
            places[name] = place
    return places


def _is_added(entry: Field, header: Sequence[str], places: Mapping[str, int], columns: Mapping[str, str]) -> bool:
    """Say whether the field that this one is a part of was found by itself, in a column that says it is the other part."""
    place = places.get(entry.beside)
    return (
        place is not None and columns.get(entry.beside) is None and _bare(header[place]) in map(matched, entry.added_to)
    )


def _bare(header: str) -> str:
    """Return a line of actual months as it is compared, without its unit."""
    return matched(without_unit(header, scaled=True)[0])


def _candidates(entry: Field, where: Mapping[str, int], custom: Mapping[str, int]) -> Iterator[int]:
    """Yield the columns that may hold a field, the likeliest first; a company's own come last, but for segments: they say more than a plan."""
    spellings, both = _spellings(entry, where), [where, custom]
    if entry.id == "segment":
        yield from (those[text] for text in spellings for those in both if text in those)
    else:
        yield from (those[text] for those in both for text in spellings if text in those)


def _spellings(entry: Field, where: Mapping[str, int]) -> list[str]:
    """Return the headers a field goes by as they are compared, without those that hold something else in this file."""
    foreign = {
        matched(name) for name, beside in entry.unless.items() if any(matched(other) in where for other in beside)
    }
    return [text for text in map(matched, entry.headers) if text not in foreign]


def _by_name(header: Sequence[str], *, scaled: bool) -> dict[str, int]:
    """Return the columns by header as compared, and by what stands before its unit where no other column has that name."""
    where = {matched(name): place for place, name in reversed(list(enumerate(header))) if name.strip()}
    bare = [matched(without_unit(name, scaled=scaled)[0]) for name in header]
    count = Counter(bare)
    return {name: place for place, name in enumerate(bare) if name and count[name] == 1} | where


def _by_custom_name(header: Sequence[str]) -> dict[str, int]:
    """Return the columns that a company added itself by what they are called: cf_Segment (Chargebee), Segment__c (Salesforce)."""
    found = ((place, _CUSTOM.fullmatch(name.strip())) for place, name in reversed(list(enumerate(header))))
    return {matched(next(filter(None, named.groups()))): place for place, named in found if named}


def column_problems(file: str, kind: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with columns named by hand, then a sentence for each needed field without a column."""
    yield from named_problems(file, kind, header, columns)
    yield from missing_problems(file, kind, header, columns)


def named_problems(file: str, kind: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with columns named by hand."""
    known, seen = fields(kind), listed([name for name in header if name.strip()], 40)
    for name, given in columns.items():
        if name not in known:
            yield (f"{file}: {shown_text(name)} is not a field of {kind}; there are {', '.join(known)}. "
                   "Write HEADER=FIELD.")  # fmt: skip
        elif given.strip() and matched(given) not in map(matched, header):
            yield f"{file}: there is no column {shown_text(given)!r} for {name}; the file has {seen}."


def missing_problems(file: str, kind: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each needed field without a column."""
    known, seen = fields(kind), listed([name for name in header if name.strip()], 40)
    for names in missing_fields(kind, places_of(kind, header, columns)):
        what = " or ".join(f"{name} ({known[name].says})" for name in names[:3])
        headers = listed([text for name in names[:3] for text in known[name].headers[:6]], 18)
        yield (f"{file}: no column for {what}; known headers are {headers} and others; the file has {seen}. "
               f"Name the right one: HEADER={names[0]}.")  # fmt: skip


def alike_problems(file: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each movement of actual months that several lines hold, unless one is named by hand: none is left out unsaid.

    Parts that are added to each other are one.
    """
    places = places_of("actuals", header, columns)
    added = {header[places[part]] for part, entry in fields("actuals").items() if entry.added_to and part in places}
    for name, entry in fields("actuals").items():
        if not entry.parts or columns.get(name) is not None:
            continue
        spellings = set(map(matched, entry.headers))
        those = [text for text in header if _bare(text) in spellings]
        if len(set(those) - added) > 1:
            yield (f"{file}: {listed(those)} are each {entry.says}; give them as one, added up, or name the one that holds all of it: "
                   f"HEADER={name}.")  # fmt: skip


def missing_fields(kind: str, places: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return the fields that are needed and have no column; those of which one would do stand together."""
    missing = [(name,) for name, entry in fields(kind).items() if entry.needed and name not in places
               and not (entry.instead and all(other in places for other in entry.instead))]  # fmt: skip
    one_of = kinds()[kind].one_of
    return missing + ([one_of] if one_of and not any(name in places for name in one_of) else [])


def likely_kinds(header: Sequence[str]) -> list[str]:
    """Return the kinds whose needed columns are all there, the one that explains most of the header first.

    >>> likely_kinds(["Deal ID", "Deal Stage", "Create Date", "Close Date", "Amount"])
    ['opportunities']
    """
    places = {kind: places_of(kind, header, {}) for kind in kinds()}
    explained = {kind: len(set(found.values())) for kind, found in places.items() if not missing_fields(kind, found)}
    return sorted(explained, key=lambda kind: -explained[kind])


def rival_kinds(header: Sequence[str], likely: Sequence[str]) -> list[str]:
    """Return the kinds that lack a needed column and yet explain far more of a header than the likely ones.

    >>> header = ["Deal ID", "Deal Type", "Deal Owner", "Company", "Amount", "Created At", "Status"]
    >>> likely_kinds(header), rival_kinds(header, ["invoices", "leads"])
    (['invoices', 'leads'], ['opportunities'])
    """
    explained = {kind: len(set(places_of(kind, header, {}).values())) for kind in kinds()}
    most = max((explained[kind] for kind in likely), default=0)
    rivals = [kind for kind in kinds() if likely and kind not in likely and explained[kind] >= most + FAR_MORE]
    return sorted(rivals, key=lambda kind: -explained[kind])
