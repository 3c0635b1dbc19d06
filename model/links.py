"""Links: a scenario as readable query parameters, and back, whatever a person made of them by hand."""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from model import doubt_link, view_words
from model.company import HORIZON_MONTHS, Company
from model.company_file import MAX_FILE_BYTES, company_toml, load_shipped, read_company, shipped
from model.errors import CompanyError, ScenarioError
from model.frameworks.delivery import WORD as DELIVERY
from model.frameworks.delivery_link import read_delivery
from model.frameworks.maturity import WORD as MATURITY
from model.frameworks.maturity_link import read_maturity
from model.frameworks.scoring import WORD as SCORES
from model.frameworks.scoring import read_scores
from model.moves import Move, read_move
from model.plans import Plan, Reader
from model.scenario import Scenario, horizon_problem
from model.text import glance

DEFAULT_COMPANY = "midmarket-saas"
MAX_PARAMETERS = 500
MAX_VALUE = 200

PLANS: Mapping[str, Reader] = {SCORES: read_scores, DELIVERY: read_delivery, MATURITY: read_maturity}
"""The reader of each kind of plan, by the word its parameters begin with."""


@dataclass(frozen=True)
class Reading:
    """What a link holds: always a scenario that can be projected, and one sentence for each part that was refused."""

    scenario: Scenario
    problems: tuple[str, ...] = ()
    check: str = ""


def write_query(scenario: Scenario, check: str = "") -> dict[str, str]:
    """Return the query parameters of a scenario; only moves and plans are written, the company makes them complete.

    A company that is not shipped travels inside the link, compressed, as `file`.
    """
    company = scenario.company
    query = {"company": company.id, "v": str(company.version)}
    if not is_shipped(company):
        query["file"] = pack(company)
    query["horizon"] = str(scenario.horizon)
    query |= scenario.written
    return query | ({"check": check} if check else {})


def write_link(scenario: Scenario, page: str = "/", check: str = "") -> str:
    """Return the address of a scenario on a page: "/execute?company=…"."""
    return f"{page}?{urlencode(write_query(scenario, check))}"


def read_link(address: str) -> Reading:
    """Return what an address holds; only its query is read, so any host and page will do, or none."""
    return read_query(_pairs_of(address))


def query_of(address: str) -> dict[str, str]:
    """Return the query parameters of an address, as many as are read of one."""
    return dict(_pairs_of(address)[:MAX_PARAMETERS])


def _pairs_of(address: str) -> list[tuple[str, str]]:
    page, mark, query = address.strip().partition("#")[0].partition("?")
    if not mark and "=" in page:
        query = page
    return parse_qsl(query, keep_blank_values=True)


def read_address(address: str) -> Reading:
    """Return what an address that somebody typed or pasted holds.

    Raises
    ------
    ScenarioError
        The text is no address of a scenario.
    """
    if "=" not in address:
        raise ScenarioError(
            f"{glance(address.strip())!r} is no address of a scenario; it has a part such as ?company=…."
        )
    return read_link(address)


def read_query(pairs: Sequence[tuple[str, str]], company_of: Company | None = None) -> Reading:
    """Return what query parameters hold; what cannot be used is named once, the rest stands.

    Parameters
    ----------
    company_of : Company, optional
        The company of a query that names none; the default one unless given.
    """
    problems: list[str] = []
    if len(pairs) > MAX_PARAMETERS:
        problems.append(f"This link has {len(pairs):,} parameters; only the first {MAX_PARAMETERS} are read.")
        pairs = pairs[:MAX_PARAMETERS]
    query = _once(pairs, problems)
    company = _company(query, problems, company_of)
    horizon = _horizon(query.pop("horizon", None), company, problems)
    check = query.pop("check", "")
    plans = list(read_plans(query, company, problems))
    doubt = doubt_link.take(query)
    moves = list(_moves(query.items(), company, problems))
    scenario = doubt_link.read_doubt(doubt, Scenario.of(company, moves, horizon, plans), problems)
    return Reading(scenario, (*problems, *scenario.late_starts()), check)


def segment_of_link(query: Mapping[str, str], company: Company) -> tuple[str, tuple[str, ...]]:
    """Return the segment that a link has in view, '' for all, and what could not be used of it."""
    wanted = query.get(view_words.SEGMENT, "")
    if not wanted or wanted in company.segments:
        return wanted, ()
    there = ", ".join(company.segments)
    return "", (f"There is no segment {glance(wanted)!r} to show; there is {there}. All segments are shown.",)


def is_beside(key: str) -> bool:
    """Say whether a parameter belongs to a scenario beside the first: it has a letter before its name."""
    return key[1:2] == "." and "a" <= key[0] <= "z"


def _once(pairs: Sequence[tuple[str, str]], problems: list[str]) -> dict[str, str]:
    """Return each parameter once; of a repeated one the last counts, and is named."""
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            times = "twice" if count == 2 else f"{count} times"
            problems.append(f"{glance(key)} is given {times} in this link; only the last is used.")
    query: dict[str, str] = {}
    for key, value in pairs:
        if is_beside(key) or view_words.has_parts(key):
            continue
        if len(value) > MAX_VALUE and key != "file":
            problems.append(f"{glance(key)} has a value of {len(value):,} characters; at most {MAX_VALUE} are read. "
                            "It is left out.")  # fmt: skip
            query.pop(key, None)
        elif key not in view_words.WORDS:
            query[key] = value
    return query


def _company(query: dict[str, str], problems: list[str], unnamed: Company | None = None) -> Company:
    """Take company, v and file out of a query and return the company they name, or the default one."""
    name, version, packed = query.pop("company", None), query.pop("v", None), query.pop("file", None)
    if unnamed and name is None and packed is None:
        return unnamed
    if packed is not None:
        try:
            return unpack(packed)
        except CompanyError as error:
            used = load_shipped(name if name in shipped() else DEFAULT_COMPANY)
            problems += [*error.problems, f"{used.title} is used instead of the company inside this link."]
            return used
    name = DEFAULT_COMPANY if name is None else name
    if name not in shipped():
        default = load_shipped(DEFAULT_COMPANY)
        problems.append(f"There is no company {glance(name)!r} here; there are {', '.join(shipped())}. "
                        f"{default.title} is used. A company of your own travels in a copied link, or as its file.")  # fmt: skip
        return default
    if version is None:
        return load_shipped(name)
    try:
        return load_shipped(name, int(version) if re.fullmatch(r"\d{1,9}", version, re.ASCII) else -1)
    except CompanyError:
        newest = load_shipped(name)
        problems.append(f"{newest.title} has no version {glance(version)!r} here; version {newest.version} is used.")
        return newest


def _horizon(given: str | None, company: Company, problems: list[str]) -> int:
    if given is None:
        return company.horizon_months
    low, high = HORIZON_MONTHS
    if re.fullmatch(r"\d{1,9}", given, re.ASCII) and low <= int(given) <= high:
        return int(given)
    problems.append(f"{horizon_problem(glance(given))} {company.horizon_months} is used.")
    return company.horizon_months


def read_plans(query: dict[str, str], company: Company, problems: list[str]) -> Iterable[Plan]:
    """Take the parameters of plans out of a query and yield the plans they describe."""
    for word, read in PLANS.items():
        own = {key: query.pop(key) for key in list(query) if key.partition(".")[0] == word}
        if own:
            plan, refused = read(own, company)
            problems += refused
            if plan is not None:
                yield plan


def _moves(items: Iterable[tuple[str, str]], company: Company, problems: list[str]) -> Iterable[Move]:
    found: dict[str, str] = {}
    for key, value in items:
        try:
            move = read_move(key, value, company)
        except ScenarioError as error:
            problems += error.with_instead
            continue
        if move.key in found:
            problems.append(f"{found[move.key]} and {key} in this link are the same assumption; only the last is used.")
        found[move.key] = key
        yield move


def is_shipped(company: Company) -> bool:
    """Say whether this very company is one of those shipped, so that a link need only name it."""
    try:
        return load_shipped(company.id, company.version).fingerprint == company.fingerprint
    except CompanyError:
        return False


@lru_cache(maxsize=64)
def pack(company: Company) -> str:
    """Return a company as text that needs no escaping in an address."""
    return base64.urlsafe_b64encode(zlib.compress(company_toml(company).encode(), 9)).decode().rstrip("=")


def unpack(text: str) -> Company:
    """Return the company in a packed text.

    Raises
    ------
    CompanyError
        The text is damaged, too large, or what it holds is not a company; it names every problem.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(raw, MAX_FILE_BYTES)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ValueError
        content = plain.decode("utf-8")
    except (ValueError, zlib.error) as error:
        raise CompanyError("The company inside this link is damaged or too large; ask for the link again.") from error
    return read_company(content, "Company inside the link")
