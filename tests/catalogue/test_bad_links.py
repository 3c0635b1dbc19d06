"""Links that somebody damaged: each refused part is named once, word for word, and the rest of the link stands."""

from __future__ import annotations

import base64
import time
import tracemalloc
import zlib
from dataclasses import replace

import pytest

from model import Move, Scenario, assumptions, links, load_shipped, moves, read_link, read_move, write_link
from model.errors import ScenarioError
from model.links import Reading, pack, read_query

STANDS = (Move("retention_rate", 0.95), Move("win_rate", 0.3, "ent", 6, 3))
GOOD = "company=midmarket-saas&v=1&horizon=48&retention_rate=0.95"
ALSO_GOOD = "win_rate.ent=0.3from6over3&check=1~2~3~4"
COMPANY = load_shipped("midmarket-saas")


def base(name: str, segment: str = "") -> str:
    """Return a base value of the company as messages show it."""
    value = COMPANY.assumptions[name][segment] if segment else COMPANY.mean(name)
    return assumptions()[name].show(value)


WIN_RATE_BASE = f"The base, {base('win_rate')}, is used."
WIN_RATE = f"it must lie between 0.0\u202f% and 100.0\u202f% (share of opportunities decided). {WIN_RATE_BASE}"
LEADS = f"it must lie between 0 and 10,000,000 (leads per month). The base, {base('leads_per_month')}, is used."
TIMING = f"it must start in month 1 to 120 and take 0 to 120 months. {WIN_RATE_BASE}"
WRITE = f"has a timing that cannot be read; write 0.4from6 or 0.4from6over3. {WIN_RATE_BASE}"
DAMAGED = "The company inside this link is damaged or too large; ask for the link again."
USED_INSTEAD = "Mid-market SaaS is used instead of the company inside this link."
HORIZON = "must be a whole number of months from 12 to 120. 36 is used."
OTHERS = "here; there are launchpad, midmarket-saas, enterprise-multiyear. Mid-market SaaS is used."
OWN = "A company of your own travels in a copied link, or as its file."

BAD_PARTS = {
    "unknown name": ("winrate=0.4", "There is no assumption 'winrate' (winrate=0.4). It is left out."),
    "unknown name in capitals": ("Win_Rate=0.4", "There is no assumption 'Win_Rate' (Win_Rate=0.4). It is left out."),
    "no name": ("=0.4", "There is no assumption '' (=0.4). It is left out."),
    "name with HTML": ("%3Cb%3Ex%3C/b%3E=1", "There is no assumption '<b>x</b>' (<b>x</b>=1). It is left out."),
    "name with Markdown": ("**x**[y](z)=1", "There is no assumption '**x**[y](z)' (**x**[y](z)=1). It is left out."),
    "name with control characters": (
        "win%00_%0Arate=1",
        "There is no assumption 'win�_�rate' (win�_�rate=1). It is left out.",
    ),
    "name of 10,000 characters": (
        "x" * 10_000 + "=1",
        f"There is no assumption '{'x' * 39}…' ({'x' * 79}…). It is left out.",
    ),
    "above its bound": ("win_rate=9", f"Win rate (win_rate=9) is 900.0\u202f%; {WIN_RATE}"),
    "below its bound": ("win_rate=-0.1", f"Win rate (win_rate=-0.1) is −10.0\u202f%; {WIN_RATE}"),
    "far out of its bound": ("leads_per_month=1e199", f"Leads (leads_per_month=1e199) is 1.00e199; {LEADS}"),
    "money out of its bound": (
        "average_selling_price=1e10",
        "Selling price (average_selling_price=1e10) is $10.0B; it must lie between $0 and $1.00B "
        f"(currency per year per new customer). The base, {base('average_selling_price')}, is used.",
    ),
    "nan": ("win_rate=nan", f"Win rate (win_rate=nan) is not a finite number; {WIN_RATE}"),
    "NaN": ("win_rate=NaN", f"Win rate (win_rate=NaN) is not a finite number; {WIN_RATE}"),
    "inf": ("win_rate=inf", f"Win rate (win_rate=inf) is not a finite number; {WIN_RATE}"),
    "-inf": ("win_rate=-inf", f"Win rate (win_rate=-inf) is not a finite number; {WIN_RATE}"),
    "infinity": ("win_rate=infinity", f"Win rate (win_rate=infinity) is not a finite number; {WIN_RATE}"),
    "1e999": ("win_rate=1e999", f"Win rate (win_rate=1e999) is not a finite number; {WIN_RATE}"),
    "-1e999": ("win_rate=-1e999", f"Win rate (win_rate=-1e999) is not a finite number; {WIN_RATE}"),
    "a word": ("win_rate=high", f"Win rate (win_rate=high) is not a number; {WIN_RATE}"),
    "nothing": ("win_rate=", f"Win rate (win_rate=) is not a number; {WIN_RATE}"),
    "not even an equals sign": ("win_rate", f"Win rate (win_rate=) is not a number; {WIN_RATE}"),
    "underscores": ("leads_per_month=1_000", f"Leads (leads_per_month=1_000) is not a number; {LEADS}"),
    "thousands apart": ("leads_per_month=1,000", f"Leads (leads_per_month=1,000) is not a number; {LEADS}"),
    "per cent": ("win_rate=40%25", f"Win rate (win_rate=40%) is not a number; {WIN_RATE}"),
    "a space": ("win_rate=+0.4", f"Win rate (win_rate= 0.4) is not a number; {WIN_RATE}"),
    "a line break": ("win_rate=0.4%0A", f"Win rate (win_rate=0.4�) is not a number; {WIN_RATE}"),
    "hexadecimal": ("win_rate=0x1", f"Win rate (win_rate=0x1) is not a number; {WIN_RATE}"),
    "digits of another script": ("win_rate=٠.٤", f"Win rate (win_rate=٠.٤) is not a number; {WIN_RATE}"),
    "not UTF-8": ("win_rate=%FF", f"Win rate (win_rate=�) is not a number; {WIN_RATE}"),
    "another separator": ("win_rate=0.4;x=1", f"Win rate (win_rate=0.4;x=1) is not a number; {WIN_RATE}"),
    "a value of 10,000 digits": (
        "win_rate=" + "9" * 10_000,
        "win_rate has a value of 10,000 characters; at most 200 are read. It is left out.",
    ),
    "a value of 200 digits": (
        "win_rate=" + "9" * 200,
        f"Win rate (win_rate={'9' * 70}…) is 1.00e202\u202f%; {WIN_RATE}",
    ),
    "no such segment": (
        "win_rate.pub=0.4",
        "Mid-market SaaS has no segment 'pub' (win_rate.pub=0.4); it has smb, mid, ent. It is left out.",
    ),
    "an empty segment": (
        "win_rate.=0.4",
        "Mid-market SaaS has no segment '' (win_rate.=0.4); it has smb, mid, ent. It is left out.",
    ),
    "a segment of a segment": (
        "win_rate.ent.ent=0.4",
        "Mid-market SaaS has no segment 'ent.ent' (win_rate.ent.ent=0.4); it has smb, mid, ent. It is left out.",
    ),
    "a segment's value out of bounds": (
        "win_rate.mid=9",
        "Win rate of Mid-market (win_rate.mid=9) is 900.0\u202f%; it must lie between 0.0\u202f% and 100.0\u202f% "
        f"(share of opportunities decided). It is left out; the base of Mid-market is {base('win_rate', 'mid')}.",
    ),
    "a segment of a company's value": (
        "fixed_costs.ent=1",
        "Fixed costs (fixed_costs.ent=1) is one value for the company, not by segment. It is left out.",
    ),
    "a fact": (
        "opening_arr=5",
        "Opening ARR (opening_arr=5) is a fact of the company and cannot be moved. It is left out.",
    ),
    "a fact with choices": (
        "contract_term_months.ent=12",
        "Contract term (contract_term_months.ent=12) is a fact of the company and cannot be moved. It is left out.",
    ),
    "starts in month 0": ("win_rate=0.4from0", f"Win rate (win_rate=0.4from0) has a timing out of range; {TIMING}"),
    "starts in month 500": (
        "win_rate=0.4from500",
        f"Win rate (win_rate=0.4from500) has a timing out of range; {TIMING}",
    ),
    "takes 500 months": (
        "win_rate=0.4from3over500",
        f"Win rate (win_rate=0.4from3over500) has a timing out of range; {TIMING}",
    ),
    "starts in a month of 150 digits": (
        f"win_rate=0.4from{'9' * 150}",
        f"Win rate (win_rate=0.4from{'9' * 63}…) has a timing out of range; {TIMING}",
    ),
    "starts without a month": ("win_rate=0.4from", f"Win rate (win_rate=0.4from) {WRITE}"),
    "starts before the plan": ("win_rate=0.4from-1", f"Win rate (win_rate=0.4from-1) {WRITE}"),
    "takes months from nowhere": ("win_rate=0.4over3", f"Win rate (win_rate=0.4over3) {WRITE}"),
    "takes no number of months": ("win_rate=0.4from6over", f"Win rate (win_rate=0.4from6over) {WRITE}"),
    "starts in half a month": ("win_rate=0.4from2.5", f"Win rate (win_rate=0.4from2.5) {WRITE}"),
    "a plan that starts late": (
        "maturity.gartner.data=2to4from49",
        "Data 2 → 4 begins to act after the last month, 48; it is kept, and acts once the horizon is longer.",
    ),
    "starts late": (
        "slip_rate.ent=0.1from49over2",
        "Slip rate of Enterprise (slip_rate.ent=0.1from49over2) starts in month 49, after the last month, 48; "
        "it is kept, and acts once the horizon is longer.",
    ),
    "twice the same": ("slip_rate=9&slip_rate=0.1", "slip_rate is given twice in this link; only the last is used."),
    "three times the same": (
        "slip_rate=9&slip_rate=0.2&slip_rate=0.1",
        "slip_rate is given 3 times in this link; only the last is used.",
    ),
    "a view twice": ("segment=ent&segment=mid", "segment is given twice in this link; only the last is used."),
    "a view of 10,000 characters": (
        "segment=" + "x" * 10_000,
        "segment has a value of 10,000 characters; at most 200 are read. It is left out.",
    ),
}  # fmt: skip
KEPT = {"starts late": (Move("slip_rate", 0.1, "ent", 49, 2),), "twice the same": (Move("slip_rate", 0.1),),
        "three times the same": (Move("slip_rate", 0.1),)}  # fmt: skip


def bad(part: str) -> Reading:
    """Return the reading of a link with good parts before and behind the bad one."""
    return read_link(f"/execute?{GOOD}&{part}&{ALSO_GOOD}")


@pytest.mark.parametrize("case", BAD_PARTS)
def test_a_bad_part_is_named_and_the_rest_stands(case: str) -> None:
    part, message = BAD_PARTS[case]
    reading = bad(part)
    assert reading.problems == (message,)
    assert len(message) < 400
    assert reading.check == "1~2~3~4"
    assert (reading.scenario.company, reading.scenario.horizon) == (COMPANY, 48)
    assert set(reading.scenario.moves) == {*STANDS, *KEPT.get(case, ())}


def test_all_bad_parts_together_are_all_named() -> None:
    cases = {
        key: case for key, case in BAD_PARTS.items() if not key.startswith(("a view", "twice", "three", "nothing"))
    }
    pairs = [tuple(part.split("=", 1)) if "=" in part else (part, "") for part, _ in cases.values()]
    names = [key for key, _ in pairs]
    alone = [pair for pair in pairs if names.count(pair[0]) == 1]
    reading = read_query([("retention_rate", "0.95"), *alone])
    assert len(reading.problems) == len(alone)
    assert reading.scenario.moves[0] == STANDS[0]


@pytest.mark.parametrize("given", ["0", "7", "11", "121", "1000", "12.5", "-12", "three", "", "1e2", "٣٦", "9" * 60])
def test_a_bad_horizon_gives_the_company_s_own(given: str) -> None:
    reading = read_link(f"?company=midmarket-saas&horizon={given}&retention_rate=0.95&win_rate.ent=0.3from6over3")
    shown = given if len(given) <= 40 else f"{given[:39]}…"
    assert reading.problems == (f"Horizon (horizon={shown}) {HORIZON}",)
    assert reading.scenario == Scenario(COMPANY, STANDS, 36)


VERSIONS = [*((text, text) for text in ("9", "x", "-1", "", "0", "1.0")), ("9" * 50, f"{'9' * 39}…")]
NAMES = [*((text, text) for text in ("acme", "", "MIDMARKET-SAAS", "<img src=x>", "../1-launchpad.v1")),
         ("x" * 100, f"{'x' * 39}…")]  # fmt: skip


@pytest.mark.parametrize(("version", "shown"), VERSIONS)
@pytest.mark.parametrize("company", ["company=midmarket-saas&", ""], ids=["named", "default"])
def test_a_wrong_version_gives_the_newest(company: str, version: str, shown: str) -> None:
    reading = read_link(f"?{company}v={version}&retention_rate=0.95")
    assert reading.problems == (f"Mid-market SaaS has no version '{shown}' here; version 1 is used.",)
    assert reading.scenario == Scenario(COMPANY, STANDS[:1], 36)


@pytest.mark.parametrize(("given", "shown"), NAMES)
def test_an_unknown_company_gives_the_default_one(given: str, shown: str) -> None:
    reading = read_link(f"?company={given}&v=3&horizon=48&retention_rate=0.95&win_rate.ent=0.3from6over3")
    assert reading.problems == (f"There is no company '{shown}' {OTHERS} {OWN}",)
    assert reading.scenario == Scenario(COMPANY, STANDS, 48)


def test_a_link_names_at_most_500_parameters() -> None:
    many = "&".join(f"n{number}=1" for number in range(600))
    reading = read_link(f"?{GOOD}&win_rate.ent=0.3from6over3&{many}")
    assert reading.problems[0] == "This link has 605 parameters; only the first 500 are read."
    assert reading.problems[1] == "There is no assumption 'n0' (n0=1). It is left out."
    assert len(reading.problems) == 1 + 500 - 5
    assert reading.scenario == Scenario(COMPANY, STANDS, 48)


@pytest.mark.parametrize("count", [6_000, 100_000])
def test_thousands_of_parameters_are_read_as_far_as_500_and_soon(count: int) -> None:
    address = f"?{GOOD}&win_rate.ent=0.3from6over3&" + "&".join(f"n{number}=1" for number in range(count))
    begun = time.perf_counter()
    reading = read_link(address)
    assert time.perf_counter() - begun < 2
    assert reading.problems[0] == f"This link has {count + 5:,} parameters; only the first 500 are read."
    assert len(reading.problems) == 1 + 500 - 5
    assert reading.scenario == Scenario(COMPANY, STANDS, 48)


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


TOO_LARGE = packed(b"#" * 1_000_001)
OURS = pack(replace(load_shipped("launchpad"), id="ours", title="Ours"))
DAMAGED_FILES = {
    "empty": "",
    "a word": "abc",
    "no base64": "!!!",
    "one character": "A",
    "not ASCII": "ä",
    "not compressed": base64.urlsafe_b64encode(b"id = 'ours'").decode(),
    "cut short": OURS[:-20],
    "cut to half": OURS[: len(OURS) // 2],
    "one letter changed": OURS[:50] + ("A" if OURS[50] != "A" else "B") + OURS[51:],
    "one letter left out": OURS[:50] + OURS[51:],
    "not UTF-8": packed(b"\xff\xfe"),
    "too large": TOO_LARGE,
}


@pytest.mark.parametrize("case", DAMAGED_FILES)
def test_a_damaged_company_inside_a_link_is_refused_and_the_rest_stands(case: str) -> None:
    reading = read_link(
        f"?company=ours&v=1&file={DAMAGED_FILES[case]}&horizon=48&retention_rate=0.95&win_rate.ent=0.3from6over3"
    )
    assert reading.problems == (DAMAGED, USED_INSTEAD)
    assert reading.scenario == Scenario(COMPANY, STANDS, 48)


def test_a_damaged_company_of_a_shipped_name_gives_the_shipped_one() -> None:
    reading = read_link("?company=launchpad&v=1&file=abc&retention_rate=0.95")
    assert reading.problems == (DAMAGED, "Launchpad, self-serve is used instead of the company inside this link.")
    assert reading.scenario == Scenario(load_shipped("launchpad"), STANDS[:1], 36)


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = packed(b"\0" * 200_000_000)
    assert len(bomb) < 300_000
    tracemalloc.start()
    begun = time.perf_counter()
    reading = read_link(f"?file={bomb}&retention_rate=0.95")
    spent, (_, peak) = time.perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reading.problems == (DAMAGED, USED_INSTEAD)
    assert reading.scenario == Scenario(COMPANY, STANDS[:1], 36)
    assert spent < 1
    assert peak < 10_000_000


def test_a_company_inside_a_link_that_is_none_has_all_its_problems_named() -> None:
    text = packed(b'id = "ours"\nversion = 0\n')
    *problems, last = read_link(f"?company=ours&file={text}&retention_rate=0.95").problems
    assert (
        "Company inside the link, line 2: version is 0; a whole number from 1 to 1,000,000,000 is needed." in problems
    )
    assert "Company inside the link: company is missing; a table with 5 values is needed." in problems
    assert len(problems) == 8
    assert last == USED_INSTEAD


def test_a_company_inside_a_link_goes_before_its_name() -> None:
    reading = read_link(f"?company=midmarket-saas&v=9&file={OURS}&win_rate.team=0.3")
    assert reading.problems == ()
    assert (reading.scenario.company.title, reading.scenario.moves) == ("Ours", (Move("win_rate", 0.3, "team"),))


@pytest.mark.parametrize("segment", ["ent", "pub", "", "<b>"])
def test_the_segment_in_view_is_no_part_of_the_scenario(segment: str) -> None:
    reading = bad(f"segment={segment}")
    assert reading.problems == ()
    assert reading.scenario == Scenario(COMPANY, STANDS, 48)


@pytest.fixture
def _renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "retired", lambda: {"renewal_rate": "retention_rate"})


@pytest.mark.usefixtures("_renamed")
def test_a_name_of_an_earlier_version_still_works() -> None:
    reading = read_link("?renewal_rate=0.95&renewal_rate.ent=0.96from3")
    assert reading.problems == ()
    assert reading.scenario.moves == (STANDS[0], Move("retention_rate", 0.96, "ent", 3))
    assert "renewal_rate" not in write_link(reading.scenario)


@pytest.mark.usefixtures("_renamed")
def test_a_bad_value_under_an_earlier_name_is_named_as_it_stands_in_the_link() -> None:
    with pytest.raises(ScenarioError) as error:
        read_move("renewal_rate", "9", COMPANY)
    assert error.value.problems == (
        "Retention (renewal_rate=9) is 900.0\u202f%; it must lie between 0.0\u202f% and 100.0\u202f% "
        "(share of ARR per year, first year of life).",
    )
    assert error.value.with_instead == (f"{error.value.problems[0]} The base, {base('retention_rate')}, is used.",)


@pytest.mark.usefixtures("_renamed")
def test_an_earlier_and_a_present_name_together_are_said_to_be_the_same() -> None:
    reading = read_link("?renewal_rate=0.9&retention_rate=0.95")
    assert reading.problems == (
        "renewal_rate and retention_rate in this link are the same assumption; only the last is used.",
    )
    assert reading.scenario.moves == STANDS[:1]


@pytest.mark.parametrize(
    "address",
    [
        "https://plans.example.com/execute?retention_rate=0.95",
        "http://localhost:8501/?retention_rate=0.95",
        "localhost:8501/execute?retention_rate=0.95#chart",
        "/execute?retention_rate=0.95",
        "?retention_rate=0.95",
        "retention_rate=0.95",
        "retention_rate=0.95#part",
        "  https://plans.example.com/a/b/execute?retention_rate=0.95\n",
        "https://[::1]:8501/?retention_rate=0.95",
        "https://[damaged/?retention_rate=0.95",
        "?&&retention_rate=0.95&",
        "?retention%5Frate=%30.95",
    ],
)
def test_an_address_of_any_host_and_page_is_read(address: str) -> None:
    assert read_link(address) == Reading(Scenario(COMPANY, STANDS[:1], 36))


@pytest.mark.parametrize(
    "address", ["", "?", "/", "/execute", "execute", "https://plans.example.com/execute", "#?win_rate=0.4"]
)
def test_an_address_without_parameters_is_the_default_company(address: str) -> None:
    assert read_link(address) == Reading(Scenario.of(load_shipped(links.DEFAULT_COMPANY)))


@pytest.mark.parametrize("page", ["/", "/execute", "https://plans.example.com/execute"])
def test_a_link_leads_back_to_its_scenario(page: str) -> None:
    wanted = Scenario(COMPANY, STANDS, 48)
    assert read_link(write_link(wanted, page, "1~2~3~4")) == Reading(wanted, (), "1~2~3~4")
    own = Scenario(replace(load_shipped("launchpad"), title="=1+1 <b>Ü</b> & Söhne?#"), (), 12)
    assert read_link(write_link(own, page)) == Reading(own)


CLIPPED = {
    "win_rate=0": "Win rate moves segments by the same points: for 0.0\u202f% as a whole, Mid-market and Enterprise would have to "
    "pass their bound of 0.0\u202f%; they stay there, so that the company stands at 0.7\u202f%, weighed by opening ARR.",
    "card_share=0from6over3": "Paid by card moves segments by the same points: for 0.0\u202f% as a whole, Mid-market and Enterprise "
    "would have to pass their bound of 0.0\u202f%; they stay there, so that the company stands at 10.2\u202f%, weighed by opening ARR.",
    "retention_rate=0.98": "Retention moves segments by the same points: for 98.0\u202f% as a whole, Enterprise would have to pass "
    "its bound of 100.0\u202f%; it stays there, so that the company stands at 97.1\u202f%, weighed by opening ARR.",
    "price_discount=0": "Discount moves segments by the same points: for 0.0\u202f% as a whole, Small business and Mid-market would "
    "have to pass their bound of 0.0\u202f%; they stay there, so that the company stands at 1.6\u202f%, weighed by opening ARR.",
    "referral_rate=10": "Referrals move segments by the same factor: for 10.0 as a whole, Enterprise would have to pass its bound of "
    "10.0; it stays there, so that the company stands at 8.70, weighed by opening ARR.",
    "retention_rate=0.98&retention_rate.ent=0.9": "",
    "win_rate=0.2": "",
}


@pytest.mark.parametrize("move", CLIPPED)
def test_where_a_bound_holds_segments_the_company_as_a_whole_is_told(move: str) -> None:
    scenario = read_link(f"?company=midmarket-saas&horizon=24&{move}").scenario
    assert scenario.warnings() == ((CLIPPED[move],) if CLIPPED[move] else ())
    if CLIPPED[move]:
        name = scenario.moves[0].name
        stands = scenario.path(name)[-1] @ scenario.company.opening_shares
        assert f"stands at {assumptions()[name].show(float(stands), 'USD')}, " in CLIPPED[move]


def test_plans_that_act_on_the_same_are_named() -> None:
    scenario = read_link("?scores=on&delivery=agile&maturity.gartner.data=2to3").scenario
    assert [told for told in scenario.warnings() if "same work" in told] == [
        "Leads in score order ×1.27 and Agile delivery both act on lead conversion; where they are the same work, it counts twice.",
        "Agile delivery and Data 2 → 3 both act on forecast accuracy, leakage, renewal coverage; where they are the same work, "
        "it counts twice.",
    ]


RANGES = {
    "0.93in0.96to0.88": "has a range from 0.96 to 0.88; it must rise and hold 0.93.",
    "0.93in0.94to0.96": "has a range from 0.94 to 0.96; it must rise and hold 0.93.",
    "0.93in0.93to0.93": "has a range from 0.93 to 0.93; it must rise and hold 0.93.",
    "0.93in0.9": "has a range that cannot be read; write 0.93in0.6to0.99.",
    "0.93into": "has a range that cannot be read; write 0.93in0.6to0.99.",
    "0.93infrom3": "has a range that cannot be read; write 0.93in0.6to0.99.",
    "0.93in0.9tonan": "has a range whose end is not a finite number; it must lie between 0.0\u202f% and 100.0\u202f% "
    "(share of ARR per year, first year of life).",
    "0.93in0.9to1.2": "has a range whose end is 120.0\u202f%; it must lie between 0.0\u202f% and 100.0\u202f% "
    "(share of ARR per year, first year of life).",
}


@pytest.mark.parametrize("value", RANGES)
def test_a_range_that_cannot_be_used_is_named(value: str) -> None:
    reading = read_query([("company", "midmarket-saas"), ("retention_rate", value), ("win_rate", "0.3in0.2to0.4")])
    assert reading.problems == (f"Retention (retention_rate={value}) {RANGES[value]} The base, 88.2\u202f%, is used.",)
    assert [move.range for move in reading.scenario.moves] == [(0.2, 0.4)]
