"""Several scenarios in one link: what is read is what was written, and what is refused, word for word."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from model import Move, Scenario, ScenarioError, assumptions, load_shipped, read_link
from model.company_file import company_from, company_raw
from model.links import MAX_PARAMETERS, write_query
from model.studies.beside import Beside, Named, read_beside, read_pasted

COMPANY = load_shipped("midmarket-saas")
FIRST = Scenario.of(COMPANY, [Move("retention_rate", 0.93)])
CAUTIOUS = Scenario.of(COMPANY, [Move("retention_rate", 0.9, "", 6, 3, (0.88, 0.92)), Move("win_rate", 0.2, "ent")], 24)
OTHER = Scenario.of(load_shipped("launchpad"), [Move("leads_per_month", 900)], 60)
OWN = company_from(company_raw(COMPANY) | {"id": "own", "title": "Own"})


def query_of(scenario: Scenario, beside: Beside) -> dict[str, str]:
    """Return the parameters of a link as a browser hands them over."""
    return dict(parse_qsl(urlencode(write_query(scenario) | beside.written(scenario.company)), keep_blank_values=True))


def test_a_set_is_read_as_it_was_written() -> None:
    beside = Beside(
        "Bold", (Named("Cautious", CAUTIOUS), Named("A & B = <i>ü</i>", OTHER), Named("Base", FIRST.base)), "b"
    )
    query = query_of(FIRST, beside)
    assert query["b.name"] == "Cautious"
    assert query["b.retention_rate"] == "0.9in0.88to0.92from6over3"
    assert (query["c.company"], query["c.v"], query["c.horizon"], query["c.leads_per_month"]) == (
        "launchpad",
        "1",
        "60",
        "900",
    )
    assert read_beside(query, FIRST) == (beside, ())
    reading = read_link("/compare?" + urlencode(query))
    assert (reading.scenario, reading.problems) == (FIRST, ())


def test_a_company_of_one_s_own_travels_once_where_it_is_the_same() -> None:
    first, other = Scenario.of(OWN), Scenario.of(OWN, [Move("win_rate", 0.3)])
    same = query_of(first, Beside(pinned=(Named("Other", other),)))
    assert "b.file" not in same
    assert "b.company" not in same
    assert read_beside(same, first) == (Beside(pinned=(Named("Other", other),)), ())
    apart = query_of(FIRST, Beside(pinned=(Named("Other", other),)))
    assert apart["b.file"]
    assert read_beside(apart, FIRST)[0].pinned[0].scenario == other


@pytest.mark.parametrize(("query", "problem"), [
    ("b.retention_rate=9", "Scenario B: Retention (retention_rate=9) is 900.0\u202f%; it must lie between 0.0\u202f% and "
     "100.0\u202f% (share of ARR per year, first year of life). The base, 88.2\u202f%, is used."),
    ("b.company=nobody", "Scenario B: There is no company 'nobody' here; there are launchpad, midmarket-saas, "
     "enterprise-multiyear. Mid-market SaaS is used. A company of your own travels in a copied link, or as its file."),
    ("b.horizon=1e999", "Scenario B: Horizon (horizon=1e999) must be a whole number of months from 12 to 120. 36 is used."),
    ("b.<b>=1", "Scenario B: There is no assumption '<b>' (<b>=1). It is left out."),
    ("b.win_rate=" + "9" * 300, "Scenario B: win_rate has a value of 300 characters; at most 200 are read. It is left out."),
    ("b.name=" + "x" * 41 + "&b.v=1", f"b.name must be a text of at most 40 characters on one line; '{'x' * 39}…' is used."),
    ("b.name=a%00b&b.v=1", "b.name must be a text of at most 40 characters on one line; 'a\ufffdb' is used."),
    ("b.b.win_rate=0.3", "b.b.win_rate has two letters before its name. It is left out."),
    ("a.win_rate=0.3", "a.win_rate is written without its letter. It is left out."),
    ("e.win_rate=0.3", "e.win_rate: at most 4 scenarios, a to d, are side by side. Scenario E is left out."),
    ("reference=c", "reference=c names no scenario; there is a, b. It is left out."),
    ("b.file=eNoAAAA", "Scenario B: The company inside this link is damaged or too large; ask for the link again."),
])  # fmt: skip
def test_what_is_refused_is_named_and_the_rest_stands(query: str, problem: str) -> None:
    found, problems = read_beside(dict(parse_qsl(query + "&b.upsell_rate=0.1")), FIRST)
    assert problems[0] == problem
    assert found.pinned[0].scenario.by_key["upsell_rate"].target == 0.1
    assert len(found.pinned) == 1


def test_another_company_is_called_by_its_title_and_a_second_time_by_its_letter() -> None:
    found, problems = read_beside(dict(parse_qsl("b.company=launchpad&c.company=launchpad&d.win_rate=0.3")), FIRST)
    assert [one.name for one in found.pinned] == ["Launchpad, self-serve", "Scenario C", "Scenario D"]
    assert not problems


def test_there_is_room_for_four_and_for_five_hundred_parameters() -> None:
    beside = Beside()
    for _ in range(3):
        beside = beside.with_pin(FIRST, FIRST)
    assert [one.name for one in beside.pinned] == ["Scenario B", "Scenario C", "Scenario D"]
    with pytest.raises(ScenarioError) as error:
        beside.with_pin(FIRST, FIRST)
    assert error.value.problems == ("4 scenarios are side by side already; remove one to add another.",)
    raw = company_raw(COMPANY) | {"segments": {f"s{number}": f"S{number}" for number in range(8)}}
    raw["assumptions"] = {name: next(iter(by.values())) for name, by in raw["assumptions"].items()}
    company = company_from(raw)
    movable = [name for name, entry in assumptions().items() if entry.scope == "segment" and entry.across != "fact"][
        :22
    ]
    wide = Scenario.of(company, [Move(name, 0.1, segment) for name in movable for segment in company.segments])
    beside = Beside().with_pin(wide, wide)
    with pytest.raises(ScenarioError) as error:
        beside.with_pin(wide, wide)
    count = 4 + 3 * 176 + 2 * 2
    assert error.value.problems == (
        f"A link holds {MAX_PARAMETERS} parameters; with this scenario it would need {count}.",
    )


def test_scenarios_are_renamed_removed_and_made_the_current_one() -> None:
    beside = Beside().with_pin(FIRST, CAUTIOUS, "Cautious").with_pin(FIRST, OTHER, "Launch")
    shown, swapped = beside.swapped(FIRST, 2)
    assert shown == OTHER
    assert swapped.name == "Launch"
    assert swapped.pinned == (Named("Cautious", CAUTIOUS), Named("This scenario", FIRST))
    again, back = swapped.swapped(shown, 2)
    assert (again, back.pinned) == (FIRST, beside.pinned)
    assert beside.renamed(0, " Bold  move ").name == "Bold move"
    assert beside.renamed(1, "x" * 60).pinned[0].name == "x" * 39 + "…"
    assert beside.renamed(1, "  ") == beside
    assert beside.without(1).pinned == (Named("Launch", OTHER),)


def test_a_base_stands_beside_a_scenario_that_is_alone_and_is_the_reference() -> None:
    assert [side.name for side in Beside().sides(FIRST)] == ["This scenario", "Base"]
    assert Beside().compared_with(FIRST) == 1
    assert [side.name for side in Beside().sides(FIRST.base)] == ["This scenario"]
    assert Beside(pinned=(Named("Cautious", CAUTIOUS),)).compared_with(FIRST) == 0
    assert Beside(pinned=(Named("Cautious", CAUTIOUS),), reference="b").compared_with(FIRST) == 1


def test_any_address_can_be_pasted_and_what_is_none_is_refused() -> None:
    found, problems = read_pasted("  https://revlens.example/expand?company=launchpad&v=1&win_rate=7#x ")
    assert found == Scenario.of(load_shipped("launchpad"))
    assert problems == ("In the link pasted: Win rate (win_rate=7) is 700.0\u202f%; it must lie between 0.0\u202f% and 100.0\u202f% "
                        "(share of opportunities decided). The base, 20.6\u202f%, is used.",)  # fmt: skip
    for text in ("", "hello", "https://example.com/"):
        with pytest.raises(ScenarioError) as error:
            read_pasted(text)
        assert error.value.problems == (f"{text!r} is no address of a scenario; it has a part such as ?company=….",)
