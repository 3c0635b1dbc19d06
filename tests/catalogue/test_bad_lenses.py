"""Lens files with one mistake each: every one gives its exact message; a good one is a new page."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from model.errors import CatalogueError
from model.frameworks.goals import goals
from model.frameworks.lens import ChartKind, lenses

LENS = """\
title = "Renew"
framework = "A framework"
group = "More"
icon = ":material/cached:"
question = "What is due?"
source = "judgement"

[[stages]]
id = "renew"
title = "All of it"
about = "About renewals."
owner = "Success"
tools = ["CRM"]
kpis = ["nrr", "grr"]

[[stages.groups]]
title = "Renewals"
levers = ["retention_rate", "save_rate"]
chart = { kind = "metric", of = "nrr" }
"""


def test_a_new_file_is_a_new_lens(data: Path) -> None:
    before = list(lenses())
    (data / "lenses" / "9-renew.toml").write_text(LENS, encoding="utf-8")
    lenses.cache_clear()
    assert list(lenses()) == [*before, "renew"]
    assert lenses()["renew"].levers == ("retention_rate", "save_rate")


KINDS = get_args(ChartKind)
EXTRA = "Extra inputs are not permitted"
BROKEN_LENSES = {
    "unknown lever": ('"save_rate"', '"saving"', "stages.0.groups.0.levers: 'saving' is not an assumption that can be moved"),
    "a fact as a lever": (
        '"save_rate"', '"opening_arr"', "stages.0.groups.0.levers: 'opening_arr' is not an assumption that can be moved",
    ),
    "unknown figure": ('"grr"', '"gross"', "stages.0.kpis: gross: no such metric"),
    "unknown source": ('"judgement"', '"hearsay"', "source: hearsay: no such source"),
    "unknown chart": (
        '"metric"', '"pie"',
        f"stages.0.groups.0.chart.kind: Input should be {', '.join(map(repr, KINDS[:-1]))} or {KINDS[-1]!r}",
    ),
    "a chart of an unknown metric": (
        'of = "nrr"', 'of = "nr"', "stages.0.groups.0.chart: a chart of kind 'metric' cannot show 'nr'",
    ),
    "a chart of an unknown line": (
        'kind = "metric", of = "nrr"', 'kind = "by_quarter", of = "nrr"',
        "stages.0.groups.0.chart: a chart of kind 'by_quarter' cannot show 'nrr'",
    ),
    "an unknown element": (
        'owner = "Success"', 'owner = "Success"\nelement = "gartner.luck"',
        "stages.0.element: gartner.luck: no such element of a framework of maturity",
    ),
    "a chart of an unknown framework": (
        'kind = "metric", of = "nrr"', 'kind = "level_worth", of = "forrester"',
        "stages.0.groups.0.chart: a chart of kind 'level_worth' cannot show 'forrester'",
    ),
    "an unknown key": ('owner = "Success"', 'owner = "Success"\ncolour = "red"', f"stages.0.colour: {EXTRA}"),
    "a key missing": ('title = "All of it"', "", "stages.0.title: Field required"),
    "unknown goal": ('question =', 'goals = ["riches"]\nquestion =', f"goals: riches: no such goal; there are {', '.join(goals())}"),
    "no figures": ('["nrr", "grr"]', "[]", "stages.0.kpis: Tuple should have at least 1 item after validation, not 0"),
    "no levers": (
        '["retention_rate", "save_rate"]', "[]",
        "stages.0.groups.0.levers: Tuple should have at least 1 item after validation, not 0",
    ),
    "a text for a list": ('["CRM"]', '"CRM"', "stages.0.tools: Input should be a valid tuple"),
    "a formula": (
        'title = "Renewals"', 'title = "Renewals"\nformula = "nrr * 2"', f"stages.0.groups.0.formula: {EXTRA}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_LENSES)
def test_a_mistake_in_a_lens_is_named_with_its_file(case: str, data: Path) -> None:
    old, new, told = BROKEN_LENSES[case]
    assert old in LENS
    (data / "lenses" / "9-renew.toml").write_text(LENS.replace(old, new), encoding="utf-8")
    lenses.cache_clear()
    with pytest.raises(CatalogueError) as error:
        lenses()
    assert error.value.problems == (f"9-renew.toml: renew.{told}",)


def test_a_lens_that_is_no_toml_is_named_with_its_line(data: Path) -> None:
    (data / "lenses" / "9-renew.toml").write_text(LENS.replace('"Renew"', "Renew"), encoding="utf-8")
    lenses.cache_clear()
    with pytest.raises(CatalogueError, match=r"^9-renew\.toml: Invalid value \(at line 1, column 9\)$"):
        lenses()


def test_two_lenses_of_one_name_are_refused(data: Path) -> None:
    (data / "lenses" / "9-execute.toml").write_text(LENS, encoding="utf-8")
    lenses.cache_clear()
    with pytest.raises(CatalogueError, match=r"^9-execute\.toml: there is a lens 'execute' already$"):
        lenses()


def test_the_lens_that_is_broken_above_is_one() -> None:
    assert tomllib.loads(LENS)["title"] == "Renew"
