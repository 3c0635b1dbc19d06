"""Results as they were: three companies and one scenario, by year. `pytest --rewrite-golden` writes them anew.

A change here is a change of what existing links show: raise MODEL_VERSION and say why under "Results that changed".
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from model import project, read_link, shipped
from model.export import projection_csv

HERE = Path(__file__).parent
MOVED = (
    "/?company=midmarket-saas&v=1&horizon=36&retention_rate=0.93from6over3&win_rate.ent=0.25&upsell_rate=0.08from13"
    "&leads_per_month=2000&sales_reps=20&price_discount.smb=0.1&sales_cycle_months=2from4&fixed_costs=9e6"
)
SCENARIOS = {name: f"/?company={name}&v=1&horizon=36" for name in shipped()} | {"moved": MOVED}


@pytest.mark.parametrize("name", SCENARIOS)
def test_results_are_as_they_were(name: str, request: pytest.FixtureRequest) -> None:
    reading = read_link(SCENARIOS[name])
    assert not reading.problems
    found = projection_csv(project(reading.scenario), "year")
    golden = HERE / f"{name}.csv"
    if request.config.getoption("--rewrite-golden"):
        golden.write_bytes(found)
    then, now = (list(csv.reader(io.StringIO(content.decode()))) for content in (golden.read_bytes(), found))
    assert then[0] == now[0]
    assert len(then) == len(now)
    for old, new in zip(then[1:], now[1:], strict=True):
        assert old[:3] == new[:3]
        for column, before, after in zip(then[0][3:], old[3:], new[3:], strict=True):
            if before and after and column != "partial":
                assert float(after) == pytest.approx(float(before), rel=1e-9, abs=1e-6), (old[:3], column)
            else:
                assert before == after, (old[:3], column)
