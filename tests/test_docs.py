"""The documentation says what the code does: tables, commands, figures and links of it are held against the project.

`pytest tests/test_docs.py --rewrite-docs` writes the tables of docs/model.md anew.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from model import MODEL_VERSION, assumptions, project, read_link, sources
from model.catalogue import Assumption, Metric, metrics
from model.command_line import main
from model.frameworks.elements import ELEMENTS, cost_lines_of, levers_of
from model.frameworks.framework import STRENGTHS, elements, framework_of
from model.frameworks.initiatives import initiatives
from model.frameworks.lens import lenses
from model.history.measuring.measures import measures
from model.metrics import METRICS, View
from model.text import difference, shown
from tests.portfolios import shipped_portfolio

ROOT = Path(__file__).resolve().parent.parent
MODEL_PAGE = ROOT / "docs" / "model.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMAND = ".venv/bin/revlens "


def table(rows: Iterator[tuple[str, ...]]) -> str:
    """Return rows as a Markdown table, the first as its header."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    cells.insert(1, ["---"] * len(cells[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def assumption_rows() -> Iterator[tuple[str, ...]]:
    yield "id", "label", "group", "unit", "bounds", "usual", "across", "source"
    for entry in assumptions().values():
        usual = f"{entry.usual[0]:,.12g} to {entry.usual[1]:,.12g}"
        yield (f"`{entry.id}`", entry.label, entry.group, entry.unit, bounds(entry), usual, across(entry),
               source_title(entry))  # fmt: skip


def bounds(entry: Assumption) -> str:
    if entry.choices:
        return ", ".join(map(str, entry.choices))
    return f"{entry.min:,.12g} to {entry.max:,.12g}"


def across(entry: Assumption) -> str:
    return "company" if entry.scope == "company" else entry.across


def metric_rows() -> Iterator[tuple[str, ...]]:
    yield "id", "label", "unit", "definition", "formula", "elsewhere", "source"
    for entry in metrics().values():
        yield (f"`{entry.id}`", entry.label, entry.unit, entry.definition, entry.formula, entry.rival,
               source_title(entry))  # fmt: skip


def initiative_rows() -> Iterator[tuple[str, ...]]:
    yield "id", "label", "effects", "effort", "one-off cost", "running cost"
    for entry in initiatives().values():
        effects = "; ".join(f"`{effect.assumption}` {effect.change:+.4g}" for effect in entry.effects)
        yield (
            f"`{entry.id}`",
            entry.label,
            effects,
            f"{entry.effort:g}",
            f"{entry.one_off:.2%}",
            f"{entry.running:.2%}",
        )


def source_title(entry: Assumption | Metric) -> str:
    return sources()[entry.source].title


def element_rows() -> Iterator[tuple[str, ...]]:
    yield "element", "levers", "costs"
    for element in ELEMENTS:
        yield (
            element,
            *(", ".join(f"`{name}`" for name in names) for names in (levers_of(element), cost_lines_of(element))),
        )


def maturity_rows() -> Iterator[tuple[str, ...]]:
    yield "framework", "element", "assumption", "low", "likely", "high", "reason"
    for key, element in elements().items():
        for effect in element.effects:
            unit = "%" if effect.relative else "points"
            told = (f"{100 * effect.at(strength):+.12g} {unit}".replace("-", "−") for strength in STRENGTHS)
            yield framework_of(key).framework, element.label, f"`{effect.name}`", *told, effect.reason


def measure_rows() -> Iterator[tuple[str, ...]]:
    yield "id", "label", "method", "interval", "least", "sets", "source"
    for entry in measures().values():
        source = sources()[entry.source].title if entry.source else ""
        sets = f"`{entry.sets}`" if entry.sets else ""
        yield f"`{entry.id}`", entry.label, entry.method, entry.interval, f"{entry.least} {entry.noun}", sets, source


TABLES = {"assumptions": assumption_rows, "metrics": metric_rows, "elements": element_rows,
          "initiatives": initiative_rows, "maturity": maturity_rows, "measures": measure_rows}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_the_model_page_are_those_of_the_catalogue(name: str, pytestconfig: pytest.Config) -> None:
    text = MODEL_PAGE.read_text(encoding="utf-8")
    mark = f"<!-- {name} -->\n"
    before, found, after = text.split(mark)
    wanted = table(TABLES[name]())
    if pytestconfig.getoption("rewrite_docs"):
        MODEL_PAGE.write_text(before + mark + wanted + mark + after, encoding="utf-8")
    else:
        assert found == wanted, "run: .venv/bin/pytest tests/test_docs.py --rewrite-docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for address in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        there = page.parent / urlsplit(address).path
        if not urlsplit(address).scheme:
            assert there.exists(), address


def commands(page: Path) -> list[str]:
    """Return the commands of the project in a page's code blocks, a line that ends in a backslash with the next."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.removeprefix(COMMAND) for line in lines if line.startswith(COMMAND)]


OPPORTUNITIES = "Opportunity ID,Stage,Created Date,Close Date,Amount\n" + "".join(
    f"O{deal},Closed {'Lost' if deal % 4 else 'Won'},2025-{deal % 9 + 1:02d}-05,2025-{deal % 9 + 3:02d}-20,9000\n"
    for deal in range(80)
)
SUBSCRIPTIONS = "Subscription ID,Customer ID,Start Date,End Date,MRR\n" + "".join(
    f"S{number},C{number},{2022 + number % 3}-{number % 12 + 1:02d}-01,{'' if number % 6 else '2025-06-30'},800\n"
    for number in range(60)
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_shown_works(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opportunities.csv").write_text(OPPORTUNITIES, encoding="utf-8")
    (tmp_path / "subscriptions.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    shipped_portfolio(tmp_path / "portfolio")
    for command in commands(page):
        assert main(shlex.split(command)) == 0, command


def test_the_worked_example_of_the_readme_is_right() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (address,) = set(re.findall(r"http://localhost:8501/expand\?[^\s\"'<>)]+", text))
    reading = read_link(address)
    assert reading.problems == ()
    views = [View(project(scenario)) for scenario in (reading.scenario.base, reading.scenario)]
    for name in ("arr", "revenue", "operating_profit", "nrr"):
        base, moved = (float(METRICS[name](view)[-1]) for view in views)
        kind = metrics()[name].shown_as
        cells = (shown(base, kind), shown(moved, kind), difference(moved - base, kind))
        assert " | ".join(cells) in text, (name, cells)


def test_the_readme_names_every_lens() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [lens.title for lens in lenses().values() if f"**{lens.title}**" not in text] == []


def test_the_model_page_names_version_companies_and_counts() -> None:
    text = MODEL_PAGE.read_text(encoding="utf-8")
    assert f"Model version {MODEL_VERSION}." in text
    assert f"{len(assumptions())} assumptions" in text
    assert f"{len(metrics())} metrics" in text


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    project_file = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert project_file["project"]["version"] in headings[0]
