"""`revlens study uncertainty` and `sobol`: the same bytes as the study itself, and every refusal in one sentence."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from model import read_link
from model.command_line import main
from model.outcomes import Outcome
from model.studies.sobol import drivers, drivers_csv
from model.studies.uncertainty import asked_with, uncertainty, uncertainty_csv

QUERY = "horizon=24&retention_rate=0.93in0.88to0.96&win_rate=0.2in0.15to0.25from6over3"


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_uncertainty_is_written_as_the_study_itself_gives_it(tmp_path: Path) -> None:
    out = tmp_path / "u.csv"
    assert main(["study", "uncertainty", "--link", f"?{QUERY}", "--kpi", "nrrat20", "--target", "1.1", "--runs", "2048",
                 "--out", str(out)]) == 0  # fmt: skip
    outcome = Outcome("nrr", month=20)
    study = uncertainty(read_link(f"?{QUERY}").scenario, asked_with(outcome), 2)
    assert out.read_bytes() == uncertainty_csv(study, outcome, 1.1)
    found = rows(out)
    assert len(found) == 4 * 24
    assert [row["kpi"] for row in found[::24]] == ["arr", "revenue", "operating_profit", "nrr"]
    assert {row["runs"] for row in found} == {"2048"}
    assert float(found[-1]["chance_of_target"]) == study.reaches(outcome, 1.1).value[-1]
    assert found[47]["chance_of_target"] == found[47]["chance_of_loss"] == ""
    assert float(found[71]["chance_of_loss"]) == study.loses.value[-1]
    assert float(found[47]["p10"]) < float(found[47]["p50"]) < float(found[47]["p90"])


def test_options_of_doubt_go_before_the_link(tmp_path: Path) -> None:
    out, other = tmp_path / "a.csv", tmp_path / "b.csv"
    call = ["study", "uncertainty", "--runs", "2048", "--link"]
    assert main([*call, f"?{QUERY}", "--confidence", "0.9", "--no-forecast-noise", "--out", str(out)]) == 0
    assert main([*call, f"?{QUERY}&range=0.9&range.forecast=off", "--out", str(other)]) == 0
    assert out.read_bytes() == other.read_bytes()


def test_drivers_are_written_as_the_study_itself_gives_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "s.csv"
    assert main(["study", "sobol", "--link", f"?{QUERY}", "--points", "256", "--lever", "win_rate", "--lever",
                 "retention_rate.ent", "--out", str(out)]) == 0  # fmt: skip
    scenario = read_link(f"?{QUERY}").scenario
    found = drivers(scenario, Outcome(), ["win_rate", "retention_rate.ent"], 256)
    assert out.read_bytes() == drivers_csv(scenario, Outcome(), found)
    assert [(row["lever"], row["segment"], row["low"], row["high"]) for row in rows(out)] in (
        [("win_rate", "all", "0.15", "0.25"), ("retention_rate", "ent", "0.6", "0.99")],
        [("retention_rate", "ent", "0.6", "0.99"), ("win_rate", "all", "0.15", "0.25")],
    )
    assert capsys.readouterr().err.count("\n") <= 2


REFUSED = {
    ("uncertainty", "--runs", "7"): "The number of runs (runs=7) must be a multiple of 1,024 from 2,048 to 102,400.",
    ("uncertainty", "--runs", "9" * 400): f"The number of runs (runs={'9' * 39}…) must be a multiple of 1,024 from "
    "2,048 to 102,400.",
    ("uncertainty", "--target", "nan"): "The target (target=nan) must be a finite number, rates as fractions.",
    ("uncertainty", "--target", "1e999"): "The target (target=1e999) must be a finite number, rates as fractions.",
    ("uncertainty", "--target", "a lot"): "The target (target=a lot) must be a finite number, rates as fractions.",
    ("uncertainty", "--confidence", "80"): "The confidence of ranges (--confidence 80) must lie between 0.5 and 0.99.",
    ("uncertainty", "--no-forecast-noise"): "Nothing here is uncertain: no move has a range, as in "
    "retention_rate=0.93in0.88to0.96, and forecasts do not miss (range.forecast=off).",
    ("uncertainty", "--kpi", "profits"): "There is no metric 'profits'; `revlens metrics` lists them, for example arr or "
    "operating_profit.",
    ("explain", "--move", "win_rate=0.21", "--kpi", "operating_profit.ent"): "Operating profit (operating_profit.ent) is "
    "one value for the company, not by segment.",
    ("sobol", "--lever", "opening_arr"): "Opening ARR (opening_arr) is a fact of the company and no lever.",
    ("sobol", "--lever", "win_rate", "--points", "1000"): "N (points=1000) must be a power of 2 from 64 to 16,384, for "
    "example 1024.",
}  # fmt: skip


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_cannot_be_studied_is_refused(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", *arguments]) == 2
    assert capsys.readouterr().err == f"revlens: {REFUSED[arguments]}\nrevlens: Nothing was written.\n"


@pytest.mark.parametrize("address", ["hello", "", "launchpad", "javascript:alert(1)"])
@pytest.mark.parametrize("arguments", [
    ["link"], ["project", "--link"], ["study", "tornado", "--link"], ["study", "explain", "--move", "win_rate=0.3", "--from"],
    ["study", "compare", "--link"],
])  # fmt: skip
def test_a_text_that_is_no_address_is_refused(
    arguments: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, address]) == 2
    told = f"{address!r} is no address of a scenario; it has a part such as ?company=…."
    assert capsys.readouterr().err == f"revlens: {told}\nrevlens: Nothing was written.\n"
