"""`revlens study compare` and `explain`: what they write, byte for byte, and what they refuse, word for word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from model import Scenario, load_shipped, read_link, write_link
from model.command_line import main
from model.outcomes import Outcome
from model.studies.beside import Named
from model.studies.compare import TABLES, compare, comparison_csv
from model.studies.explain import explain, explanation_csv

MOVED = "https://revlens.example/explain?company=midmarket-saas&v=1&retention_rate=0.93&win_rate=0.3from6over3"
OTHER = "company=midmarket-saas&retention_rate=0.9&horizon=24"
SCENARIO, CAUTIOUS = read_link(MOVED).scenario, read_link(OTHER).scenario

Run = Callable[..., tuple[int, bytes, list[str]]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs a study: exit code, what it wrote, what it complained of."""

    def command(*arguments: str) -> tuple[int, bytes, list[str]]:
        code = main(["study", *arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out, [line.removeprefix("revlens: ") for line in err.decode().splitlines()]

    return command


def refused(*problems: str) -> tuple[int, bytes, list[str]]:
    return 2, b"", [*problems, "Nothing was written."]


@pytest.mark.parametrize("table", TABLES)
def test_compare_writes_the_tables_of_the_page(run: Run, table: str) -> None:
    code, out, _ = run("compare", "--link", MOVED, "--link", OTHER, "--name", "Bold", "--name", "Cautious",
                       "--reference", "b", "--table", table)  # fmt: skip
    sides = (Named("Bold", SCENARIO), Named("Cautious", CAUTIOUS))
    assert (code, out) == (0, comparison_csv(compare(sides, 1), table))


def test_compare_sets_a_scenario_beside_its_base_and_reads_a_whole_set(run: Run, tmp_path: Path) -> None:
    sides = (Named("This scenario", SCENARIO), Named("Base", SCENARIO.base))
    assert run("compare", "--link", MOVED)[1] == comparison_csv(compare(sides, 1), "figures")
    whole = f"{MOVED}&a.name=Bold&b.name=Cautious&b.retention_rate=0.9&b.horizon=24"
    assert run("compare", "--link", whole, "--out", str(tmp_path / "out.csv"))[:2] == (0, b"")
    sides = (Named("Bold", SCENARIO), Named("Cautious", CAUTIOUS))
    assert (tmp_path / "out.csv").read_bytes() == comparison_csv(compare(sides), "figures")


def test_compare_takes_all_scenarios_of_a_further_link(run: Run) -> None:
    whole = f"{MOVED}&a.name=Bold&b.name=Cautious&b.retention_rate=0.9&b.horizon=24"
    sides = (Named("This scenario", CAUTIOUS), Named("Bold", SCENARIO), Named("Cautious", CAUTIOUS))
    assert run("compare", "--link", OTHER, "--link", whole)[1] == comparison_csv(compare(sides), "figures")
    assert run("compare", "--link", whole, "--link", whole, "--link", OTHER) == refused(
        "4 scenarios are side by side already; remove one to add another."
    )


def test_compare_names_all_that_is_wrong(run: Run) -> None:
    five = [part for _ in range(5) for part in ("--link", OTHER)]
    assert run("compare", *five) == refused("4 scenarios are side by side already; remove one to add another.")
    alone = "There is one scenario without moves, and nothing to set it against; give another --link."
    assert run("compare", "--link", "company=launchpad") == refused(alone)
    assert run("compare", "--link", "company=launchpad", "--link", "x", "--reference", "d") == refused(
        "'x' is no address of a scenario; it has a part such as ?company=….",
        "--reference d names no scenario; there is a.", alone,
    )  # fmt: skip
    names = ("--name", "One", "--name", "Two", "--name", "Three")
    assert run("compare", "--link", MOVED, "--link", OTHER, *names) == refused(
        "Three names are given, for two scenarios."
    )
    assert run("compare", "--link", "", "--link", OTHER) == refused(
        "'' is no address of a scenario; it has a part such as ?company=…."
    )
    assert run("compare", "--link", MOVED, "--link", f"{OTHER}&win_rate=x")[0] == 2


def test_explain_writes_what_the_page_downloads(run: Run) -> None:
    outcome = Outcome("operating_profit", month=24)
    options = ("--move", "retention_rate=0.93", "--move", "win_rate=0.3from6over3")
    end = Scenario.of(load_shipped("midmarket-saas"), SCENARIO.moves)
    wanted = explanation_csv(explain(end.base, end, outcome))
    assert run("explain", *options, "--kpi", "operating_profitat24")[:2] == (0, wanted)
    assert run("explain", "--link", MOVED, "--kpi", "operating_profitat24")[:2] == (0, wanted)
    by_stage = explanation_csv(explain(CAUTIOUS, SCENARIO, Outcome(), by_stage=True))
    assert run("explain", "--link", MOVED, "--from", OTHER, "--by", "stages")[:2] == (0, by_stage)


def test_explain_names_what_is_wrong(run: Run) -> None:
    assert run("explain") == refused("There is nothing to explain: no move or plan tells the two scenarios apart.")
    assert run("explain", "--link", MOVED, "--kpi", "nrrat3") == refused(
        "NRR has no value in Mar 2026, so its difference cannot be explained; choose another month or metric."
    )
    assert run("explain", "--link", MOVED, "--from", "company=launchpad")[2][0].startswith(
        "Mid-market SaaS and Launchpad, self-serve differ in more than moves;"
    )
    assert run("explain", "--link", MOVED, "--from", write_link(SCENARIO) + "&upsell_rate=9")[0] == 2


def test_a_file_of_an_explanation_has_all_ways_of_telling_and_no_formula() -> None:
    found = explain(SCENARIO.base, SCENARIO, Outcome())
    rows = explanation_csv(found).decode().splitlines()
    assert rows[0] == "row,label,keys,value,lowest,highest,alone,in_order_made,taken_back,standard_error"
    assert [row.split(",")[0] for row in rows[1:]] == ["start", "share", "share", "unexplained_alone", "pair", "end"]
    shares = [float(row.split(",")[3]) for row in rows[2:4]]
    assert shares == found.shares.tolist()
    assert rows[5].startswith("pair,Retention × Win rate,,")


def test_compare_is_of_the_segment_that_the_link_has_in_view(run: Run) -> None:
    sides = (Named("This scenario", SCENARIO), Named("Base", SCENARIO.base))
    assert run("compare", "--link", f"{MOVED}&segment=ent")[1] == comparison_csv(compare(sides, 1, "ent"), "figures")
    code, written, told = run("compare", "--link", f"{MOVED}&segment=none")
    assert (code, written) == (2, b"")
    assert "There is no segment 'none' to show; there is smb, mid, ent. All segments are shown." in told
