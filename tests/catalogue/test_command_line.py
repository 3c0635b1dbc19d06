"""The command line: what it writes, byte for byte, and what it refuses, word for word."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from model import (
    Move,
    Scenario,
    assumptions,
    company_toml,
    load_shipped,
    project,
    read_company,
    read_link,
    write_link,
)
from model.catalogue import metrics
from model.export import assumptions_csv, projection_csv
from model.fingerprint import check_of
from tests.commands import Ran, Run, refusal
from tests.quiet_company import quiet_company

ROOT = Path(__file__).resolve().parents[2]
MOVES = ("retention_rate=0.93", "win_rate.ent=0.3from6over3")
MOVED = (Move("retention_rate", 0.93), Move("win_rate", 0.3, "ent", 6, 3))
WIN_RATE = "it must lie between 0.0\u202f% and 100.0\u202f% (share of opportunities decided)."
HORIZON = "must be a whole number of months from 12 to 120."
LATE = "starts in month 40, after the last month, 36; it is kept, and acts once the horizon is longer."


def move_options(*moves: str) -> list[str]:
    return [part for move in moves for part in ("--move", move)]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def scenario(name: str = "midmarket-saas", moves: tuple[Move, ...] = MOVED, horizon: int | None = None) -> Scenario:
    return Scenario.of(load_shipped(name), moves, horizon)


def test_a_projection_goes_to_standard_output(run: Run) -> None:
    ran = run("project", *move_options(*MOVES), "--horizon", "24")
    assert (ran.code, ran.errors) == (0, [])
    assert ran.out == projection_csv(project(scenario(horizon=24)))


def test_a_projection_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    ran = run("project", "--company", "launchpad", "--period", "year", "--out", "plan.csv")
    assert ran == Ran(0, b"", [])
    assert (tmp_path / "plan.csv").read_bytes() == projection_csv(project(scenario("launchpad", ())), "year")


def test_a_company_may_be_a_file(run: Run, tmp_path: Path) -> None:
    company = replace(load_shipped("launchpad"), id="ours", title="Ours")
    (tmp_path / "ours.toml").write_text(company_toml(company), encoding="utf-8")
    ran = run("project", "--company", "ours.toml", "--move", "win_rate.team=0.3")
    assert ran.out == projection_csv(project(Scenario.of(company, [Move("win_rate", 0.3, "team")])))


def test_a_link_is_a_start_and_options_change_it(run: Run) -> None:
    link = write_link(scenario(horizon=24), "https://plans.example.com/execute")
    assert run("project", "--link", link).out == projection_csv(project(scenario(horizon=24)))
    changed = run("project", "--link", link, "--move", "retention_rate=0.9", "--horizon", "48")
    assert changed.out == projection_csv(project(scenario(moves=(Move("retention_rate", 0.9), MOVED[1]), horizon=48)))
    other = run("project", "--link", "?company=launchpad&retention_rate=0.93", "--company", "enterprise-multiyear")
    assert other.out == projection_csv(project(scenario("enterprise-multiyear", MOVED[:1])))


def test_a_start_too_late_for_a_link_may_be_in_time_for_the_horizon_asked_for(run: Run) -> None:
    link = "?company=midmarket-saas&horizon=36&win_rate=0.3from40"
    assert run("project", "--link", link) == refusal(f"Win rate (win_rate=0.3from40) {LATE}")
    late = Move("win_rate", 0.3, start=40)
    assert run("project", "--link", link, "--horizon", "48").out == projection_csv(
        project(scenario(moves=(late,), horizon=48))
    )


REFUSED = {
    "moves": (
        [*move_options("winrate=0.3", "win_rate=9", "win_rate", "win_rate.pub=0.3", "opening_arr=5", "fixed_costs.ent=1",
                       "win_rate=high", "win_rate=nan", "win_rate=0.3from0", "win_rate=0.3over2")],
        ["There is no assumption 'winrate' (winrate=0.3).",
         f"Win rate (win_rate=9) is 900.0\u202f%; {WIN_RATE}",
         "--move 'win_rate' needs an equals sign, as in retention_rate=0.93.",
         "Mid-market SaaS has no segment 'pub' (win_rate.pub=0.3); it has smb, mid, ent.",
         "Opening ARR (opening_arr=5) is a fact of the company and cannot be moved.",
         "Fixed costs (fixed_costs.ent=1) is one value for the company, not by segment.",
         f"Win rate (win_rate=high) is not a number; {WIN_RATE}",
         f"Win rate (win_rate=nan) is not a finite number; {WIN_RATE}",
         "Win rate (win_rate=0.3from0) has a timing out of range; it must start in month 1 to 120 and take 0 to 120 months.",
         "Win rate (win_rate=0.3over2) has a timing that cannot be read; write 0.3from6 or 0.3from6over3.",
         "--move gives win_rate more than once; give it once."],
    ),
    "a horizon too short": (["--horizon", "7"], [f"Horizon (horizon=7) {HORIZON}"]),
    "a horizon too long": (["--horizon", "1000"], [f"Horizon (horizon=1000) {HORIZON}"]),
    "a horizon of half a month": (["--horizon", "12.5"], [f"Horizon (horizon=12.5) {HORIZON}"]),
    "a horizon in words": (["--horizon", "three years"], [f"Horizon (horizon=three years) {HORIZON}"]),
    "a start too late": (["--move", "win_rate=0.3from40"], [f"Win rate (win_rate=0.3from40) {LATE}"]),
    "a segment's start too late": (
        ["--move", "win_rate.ent=0.3from40over2"], [f"Win rate of Enterprise (win_rate.ent=0.3from40over2) {LATE}"],
    ),
    "an unknown company": (
        ["--company", "acme"],
        ["There is no company 'acme' here; there are launchpad, midmarket-saas, enterprise-multiyear."],
    ),
    "no such file": (["--company", "acme.toml"], ["acme.toml cannot be read: No such file or directory."]),
    "a broken file": (
        ["--company", "broken.toml"], ["broken.toml, line 1: cannot be read: Expected '=' after a key in a key/value pair."],
    ),
    "a link": (
        ["--link", "/execute?company=acme&horizon=7&win_rate=9"],
        ["There is no company 'acme' here; there are launchpad, midmarket-saas, enterprise-multiyear. Mid-market SaaS is used. "
         "A company of your own travels in a copied link, or as its file.",
         f"Horizon (horizon=7) {HORIZON} 36 is used.",
         f"Win rate (win_rate=9) is 900.0\u202f%; {WIN_RATE} The base, {assumptions()['win_rate'].show(scenario().company.mean('win_rate'))}, is used."],
    ),
    "a move of a link that another company cannot take": (
        ["--link", "?win_rate.ent=0.3", "--company", "launchpad"],
        ["Launchpad, self-serve has no segment 'ent' (win_rate.ent=0.3); it has solo, team."],
    ),
    "everything at once": (
        ["--link", "?slip_rate=9", "--move", "win_rate=9", "--move", "discount=0.3", "--horizon", "x"],
        [f"Slip rate (slip_rate=9) is 900.0\u202f%; it must lie between 0.0\u202f% and 90.0\u202f% (share of decisions due). "
         f"The base, {assumptions()['slip_rate'].show(scenario().company.mean('slip_rate'))}, is used.",
         f"Win rate (win_rate=9) is 900.0\u202f%; {WIN_RATE}",
         "There is no assumption 'discount' (discount=0.3).",
         f"Horizon (horizon=x) {HORIZON}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("command", [["project"], ["project", "--out", "plan.csv"], ["link"]], ids=" ".join)
def test_a_scenario_with_a_problem_is_refused_whole(case: str, command: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("this is not a company\n", encoding="utf-8")
    options, problems = REFUSED[case]
    assert run(*command, *options) == refusal(*problems)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.toml"]


def test_an_output_that_cannot_be_written_is_named(run: Run) -> None:
    assert run("project", "--out", "no/plan.csv") == Ran(
        2, b"", ["no/plan.csv cannot be used: No such file or directory."]
    )


@pytest.mark.parametrize("command", [["project"], ["study", "tornado"]], ids=" ".join)
def test_a_full_disk_leaves_the_older_file(
    command: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "plan.csv").write_text("older")
    monkeypatch.setattr(os, "fsync", full)
    assert run(*command, "--out", "plan.csv") == Ran(2, b"", ["plan.csv cannot be used: No space left on device."])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"plan.csv": "older"}


def test_a_link_goes_on_leading_to_the_file_and_a_pipe_takes_what_comes(run: Run, tmp_path: Path) -> None:
    wanted = run("project").out
    (tmp_path / "plan.csv").write_text("older")
    (tmp_path / "link.csv").symlink_to("plan.csv")
    assert run("project", "--out", "link.csv") == Ran(0, b"", [])
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "plan.csv").read_bytes() == wanted
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit((tmp_path / "pipe").read_bytes)
        assert run("project", "--out", "pipe").code == 0
        assert read.result(20) == wanted
    assert (tmp_path / "pipe").is_fifo()


def test_a_negative_number_with_an_exponent_is_the_value_of_its_option(run: Run) -> None:
    asked = [
        "study",
        "uncertainty",
        "--runs",
        "2048",
        "--kpi",
        "operating_profit",
        "--move",
        "retention_rate=0.9in0.85to0.94",
    ]
    assert run(*asked, "--target", "-1e6") == run(*asked, "--target", "-1000000")


def test_a_move_given_more_than_once_is_refused(run: Run) -> None:
    moves = ["--move", "win_rate=0.2", "--move", "upsell_rate=0.1", "--move", "win_rate=0.3"]
    assert run("project", *moves) == refusal("--move gives win_rate more than once; give it once.")


def test_a_scenario_becomes_an_address_and_the_address_the_scenario_again(run: Run) -> None:
    page = "https://plans.example.com/execute"
    ran = run("link", *move_options(*MOVES), "--horizon", "48", "--page", page)
    wanted = scenario(horizon=48)
    address = ran.text.strip()
    assert address == write_link(wanted, page, check_of(project(wanted)))
    assert address.startswith(
        f"{page}?company=midmarket-saas&v=1&horizon=48&retention_rate=0.93&win_rate.ent=0.3from6over3"
    )
    assert read_link(address).scenario == wanted
    told = run("link", address)
    assert told.text.splitlines() == [
        "--company midmarket-saas  # version 1, Mid-market SaaS",
        "--horizon 48",
        "--move retention_rate=0.93",
        "--move win_rate.ent=0.3from6over3",
    ]
    options = [word for line in told.text.splitlines() for word in line.partition("  #")[0].split()]
    assert run("project", *options).out == projection_csv(project(wanted))


def test_an_address_with_a_problem_is_refused(run: Run) -> None:
    ran = run("link", "/execute?company=midmarket-saas&winrate=0.3&win_rate=0.3")
    assert ran == refusal("There is no assumption 'winrate' (winrate=0.3). It is left out.")


def test_the_assumptions_are_listed_for_programs(run: Run) -> None:
    found = json.loads(run("assumptions", "--json").text)
    assert [entry["id"] for entry in found] == list(assumptions())
    for entry in found:
        declared = assumptions()[entry["id"]]
        assert set(entry) >= {"id", "label", "unit", "scope", "across", "min", "max", "step", "kind", "source"}
        for key in ("unit", "scope", "across", "min", "max", "step", "kind", "source"):
            assert entry[key] == getattr(declared, key), (entry["id"], key)
    retention = next(entry for entry in found if entry["id"] == "retention_rate")
    assert (retention["unit"], retention["min"], retention["max"]) == (
        "share of ARR per year, first year of life",
        0,
        1,
    )
    assert (retention["scope"], retention["across"]) == ("segment", "shift")


def test_the_metrics_are_listed_for_programs(run: Run) -> None:
    found = json.loads(run("metrics", "--json").text)
    assert [entry["id"] for entry in found] == list(metrics())
    assert all(entry["definition"].endswith(".") and entry["unit"] for entry in found)


@pytest.mark.parametrize(("command", "count"), [("assumptions", len(assumptions())), ("metrics", len(metrics()))])
def test_the_listings_are_tables_for_people(command: str, count: int, run: Run) -> None:
    lines = run(command).text.splitlines()
    assert len(lines) == count + 1
    assert lines[0].startswith("id ")
    assert all(line == line.rstrip() for line in lines)


def test_the_companies_are_listed(run: Run) -> None:
    lines = [re.split(r"\s{2,}", line) for line in run("companies").text.splitlines()]
    assert lines == [
        ["id", "version", "title", "segments"],
        ["launchpad", "1", "Launchpad, self-serve", "solo, team"],
        ["midmarket-saas", "1", "Mid-market SaaS", "smb, mid, ent"],
        ["enterprise-multiyear", "1", load_shipped("enterprise-multiyear").title,
         ", ".join(load_shipped("enterprise-multiyear").segments)],
    ]  # fmt: skip


def test_a_good_company_s_file_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    for count in (1, 2):
        company = quiet_company(("one", "two")[:count], opening_arr=5, opening_customers=1)
        (tmp_path / "ours.toml").write_text(company_toml(company), encoding="utf-8")
        ran = run("check", "ours.toml")
        assert ran.text == f"ours.toml is a company: Quiet, version 1, {count} segment{'s' * (count > 1)}.\n"
        assert ran.code == 0


def test_a_bad_company_s_file_has_all_its_problems_named(run: Run, tmp_path: Path) -> None:
    text = company_toml(quiet_company()).replace('"USD"', '"dollars"').replace("win_rate = 1", "win_rate = 9")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    lines = {row.split(" ")[0]: number for number, row in enumerate(text.splitlines(), 1)}
    assert run("check", "ours.toml") == refusal(
        "ours.toml, line 4: currency is 'dollars'; three capital letters as in ISO 4217 are needed, such as USD.",
        f"ours.toml, line {lines['win_rate']}: assumptions.win_rate is 900.0\u202f%; {WIN_RATE}",
    )  # fmt: skip
    assert run("check", "none") == refusal("none cannot be read: No such file or directory.")


FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.example","x")')


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(formula: str, run: Run, tmp_path: Path) -> None:
    company = replace(load_shipped("launchpad"), id="ours", title=formula, segments={"solo": formula, "team": "Team"},
                      sources={"win_rate": formula})  # fmt: skip
    (tmp_path / "ours.toml").write_text(company_toml(company), encoding="utf-8")
    moved = Scenario.of(read_company(company_toml(company)), [Move("win_rate", 0.3)])
    for content in (run("project", "--company", "ours.toml").out, assumptions_csv(moved)):
        for row in csv.reader(io.StringIO(content.decode())):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
                assert not cell.startswith("-") or float(cell) < 0, cell
    told = {row["source"] for row in rows(assumptions_csv(moved)) if row["assumption"] == "win_rate"}
    assert told == {f"'{formula}"}


def test_segment_ids_cannot_be_formulas() -> None:
    for name in ("=1+1", "+1", "-1", "@a"):
        text = company_toml(load_shipped("launchpad")).replace("solo =", f'"{name}" =')
        with pytest.raises(ValueError, match="is not an id"):
            read_company(text)


def python_m_model(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "model", *arguments], cwd=ROOT, capture_output=True, timeout=60, check=False
    )


def test_the_model_runs_as_a_module() -> None:
    ran = python_m_model("project", *move_options(*MOVES), "--period", "quarter")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == projection_csv(project(scenario()), "quarter")


def test_the_module_refuses_what_it_cannot_use() -> None:
    ran = python_m_model("project", "--move", "win_rate=9")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode().splitlines() == [
        f"revlens: Win rate (win_rate=9) is 900.0\u202f%; {WIN_RATE}",
        "revlens: Nothing was written.",
    ]


@pytest.mark.parametrize(
    "command",
    [["assumptions", "--json"], ["metrics"], ["companies"], ["link"], ["check", "data/companies/1-launchpad.v1.toml"]],
    ids=lambda command: command[0],
)
def test_each_command_runs_as_a_module(command: list[str]) -> None:
    ran = python_m_model(*command)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout


def test_a_command_without_arguments_says_how_it_is_used() -> None:
    ran = python_m_model()
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("usage: revlens")


@pytest.mark.parametrize("enough", [0, 20])
def test_a_reader_who_stops_early_is_no_error(enough: int) -> None:
    command = f"{sys.executable} -m model project --horizon 120 | head -c {enough}"
    ran = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == b"month,date,segment,arr_opening"[:enough]
