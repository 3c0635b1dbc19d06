"""`revlens study tornado|curve|aim`: the bytes of the pages' CSV, and each refusal word for word."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from model import load_shipped
from model.command_line import main
from model.moves import Move
from model.outcomes import Outcome
from model.scenario import Scenario
from model.studies.aim import aim, aim_csv
from model.studies.aim_link import Allowed
from model.studies.sensitivity import curve, curve_csv, surface, surface_csv, tornado, tornado_csv

SCENARIO = Scenario.of(load_shipped("midmarket-saas"), [Move("retention_rate", 0.9, start=6)])
GIVEN = ["--move", "retention_rate=0.9from6", "--kpi", "operating_profitat24"]
OUTCOME = Outcome("operating_profit", month=24)


@pytest.mark.parametrize(("arguments", "wanted"), [
    (["tornado"], lambda: tornado_csv(tornado(SCENARIO, OUTCOME))),
    (["tornado", "--segment", "ent", "--vary", "step"], lambda: tornado_csv(tornado(SCENARIO, OUTCOME, "ent", "step"))),
    (["curve", "--lever", "win_rate.ent", "--target", "4e6"], lambda: curve_csv(curve(SCENARIO, OUTCOME, "win_rate.ent", 4e6))),
    (["curve", "--lever", "win_rate", "--other", "sales_reps"],
     lambda: surface_csv(surface(SCENARIO, OUTCOME, "win_rate", "sales_reps"))),
    (["aim", "--target", "6e6", "--lever", "gross_margin", "--lever", "upsell_rate=0.02to0.1x2"],
     lambda: aim_csv(aim(SCENARIO, OUTCOME, 6e6, (Allowed("gross_margin"), Allowed("upsell_rate", 2, 0.02, 0.1))))),
    (["aim", "--target", "6e6", "--lever", "none"], lambda: aim_csv(aim(SCENARIO, OUTCOME, 6e6, ()))),
])  # fmt: skip
def test_commands_write_what_pages_do(arguments: list[str], wanted: object, tmp_path: Path) -> None:
    assert callable(wanted)
    out = tmp_path / "out.csv"
    assert main(["study", *arguments, *GIVEN, "--out", str(out)]) == 0
    content = out.read_bytes()
    assert content == wanted()
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 20


@pytest.mark.parametrize(("arguments", "problems"), [
    (["aim", "--target", "nan"], ["The target (target=nan) must be a finite number, rates as fractions."]),
    (["aim", "--target", "1e999"], ["The target (target=1e999) must be a finite number, rates as fractions."]),
    (["aim", "--target", "6e7", "--lever", "opening_arr", "--lever", "win_rate=0.3to0.2"],
     ["aim.opening_arr=x1: Opening ARR (opening_arr) is a fact of the company and no lever.",
      "aim.win_rate=0.3to0.2 has bounds that do not rise."]),
    (["tornado", "--segment", "moon"], ["Mid-market SaaS has no segment 'moon'; it has smb, mid, ent."]),
    (["tornado", "--kpi", "nrrat2"],
     ["NRR has no value in Feb 2026, so nothing can be said about what moves it; choose another month or metric."]),
    (["curve", "--lever", "moon"], ["There is no lever 'moon'; `revlens assumptions` lists them."]),
    (["curve", "--lever", "win_rate", "--other", "win_rate"], ["A map needs two different levers; win_rate is given twice."]),
])  # fmt: skip
def test_what_cannot_be_asked_is_said(
    arguments: list[str], problems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", *arguments]) == 2
    told = capsys.readouterr()
    assert told.err.splitlines() == [f"revlens: {problem}" for problem in (*problems, "Nothing was written.")]
    assert told.out == ""


def test_a_target_that_is_met_is_one_row(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["study", "aim", "--target", "1e6"]) == 0
    rows = capfdbinary.readouterr().out.decode().splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("goal,arr,ARR,currency per year,44898649.")
    assert rows[1].split(",")[7] == "yes"


def test_the_months_of_profit_and_timing_are_in_the_file(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Profit goes up to the month of the target; a lever that moves already keeps its timing, any other acts at once."""
    assert main(["study", "aim", "--kpi", "arrat24", "--target", "46e6", "--move", "retention_rate=0.9from6over3"]) == 0
    rows = [*csv.DictReader(capfdbinary.readouterr().out.decode("utf-8-sig").splitlines())]
    assert {row["profit_up_to"] for row in rows if row["profit_change"]} == {"2027-12"}
    full = {row["lever"]: row["in_full_from"] for row in rows if row["row"] == "alone"}
    assert full.pop("retention_rate") == "2026-09"
    assert set(full.values()) == {"2026-01"}


def test_a_share_in_per_cent_is_asked_about_beside_the_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "aim", "--kpi", "nrr", "--target", "115"]) == 0
    told = capfd.readouterr()
    assert told.err == "revlens: NRR of 115 is 11,500.0\u202f%; did you mean 1.15 (115.0\u202f%)?\n"
    assert told.out.startswith("row,lever,")
