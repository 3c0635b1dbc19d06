"""A link means the same to a page and to the command line: `revlens study X --link ADDRESS` gives the CSV of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from model.command_line import main
from tests.pages.test_pages import opened

MOVES = "company=midmarket-saas&v=1&horizon=36&retention_rate=0.9from6over3&win_rate=0.25in0.18to0.3"
ALL = (
    "&kpi=operating_profitat24&target=6000000&runs=2048&points=64&split=stages&vary=usual&levers=gross_margin~win_rate"
    "&aim.gross_margin=x1&aim.upsell_rate=0.02to0.1x2&drivers.win_rate=on&drivers.retention_rate.ent=on&segment=ent"
    "&b.name=Cautious&b.retention_rate=0.89&reference=b&stage=adopt&choose=keep"
)
STUDIES = {
    "compare": ("compare", "csv:compare:figures"),
    "explain": ("explain", "csv:explain"),
    "uncertainty": ("uncertainty", "csv:uncertainty"),
    "sobol": ("drivers", "csv:drivers"),
    "tornado": ("sensitivity", "csv:tornado"),
    "curve": ("sensitivity", "csv:curve"),
    "curve --other": ("sensitivity", "csv:map"),
    "aim": ("aim", "csv:aim"),
}
"""The page and the download of each command."""
SETTINGS = {
    "compare": ("&segment=ent", "&b.name=Cautious&b.retention_rate=0.89&reference=b", "&kpi=profits&target=none&points=7"),
    "explain": ("&kpi=operating_profitat24", "&split=stages&kpi=nrr.ent", "&b.retention_rate=0.89&reference=b",
                "&b.company=launchpad&reference=b&target=none", "&kpi=arr&vary=none&runs=0"),
    "uncertainty": ("&kpi=nrrat24&target=1.1&runs=2048", "&runs=3072&target=48000000", "&runs=4096&range.forecast=off"),
    "sobol": ("&kpi=operating_profitat24&points=64", "&points=128&drivers.win_rate=on&drivers.upsell_rate.ent=on"),
    "tornado": ("&kpi=operating_profitat24&segment=ent", "&vary=usual&runs=7&target=none", "&vary=step&kpi=nrr.ent"),
    "curve": ("&kpi=nrrat24&target=1.03", "&levers=win_rate.ent", "&levers=gross_margin~win_rate&segment=smb&vary=step"),
    "curve --other": ("&kpi=nrrat24&target=1.03", "&levers=win_rate.ent", "&levers=gross_margin~win_rate&vary=usual"),
    "aim": ("&kpi=arrat20&target=40000000&aim.win_rate=0.2to0.3x2&aim.retention_rate=x1", "&target=52000000&aim=none",
            "&target=52000000&segment=ent", "&kpi=nrr", "&kpi=cac_payback&vary=none&drivers=all"),
}  # fmt: skip


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Collect what the page that is opened offers for download, by key."""
    found: dict[str, bytes] = {}

    def keep(_label: str, data: Callable[[], bytes], *_given: Any, key: str, **_more: Any) -> None:
        found[key] = data()

    monkeypatch.setattr(st, "download_button", keep)
    return found


@pytest.mark.parametrize(
    ("command", "link"),
    [(study, MOVES + settings) for study, asked in SETTINGS.items() for settings in ("", *asked, ALL)]
    + [("sobol", "company=midmarket-saas&points=64"), ("aim", "company=launchpad"), ("curve", "company=launchpad&v=1")],
)
def test_a_study_of_a_page_s_link_gives_the_csv_of_the_page(
    command: str, link: str, downloads: dict[str, bytes], tmp_path: Path
) -> None:
    page, key = STUDIES[command]
    assert not opened(page, link).exception
    out = tmp_path / "out.csv"
    study, *options = command.split()
    asked = ["study", study, "--link", f"http://localhost:8501/{page}?{link}#top", *options, "--out", str(out)]
    assert main(asked) == 0
    assert out.read_bytes() == downloads[key]
    assert out.read_bytes().count(b"\n") > 1


KPI = "There is no metric 'profits'; `revlens metrics` lists them, for example arr or operating_profit. ARR in the last month is shown."
TARGET = "The target (target=nan) must be a finite number, rates as fractions. It is left out."
SEGMENT = "There is no segment 'moon' to show; there is smb, mid, ent. All segments are shown."
RUNS = "The number of runs (runs=7) must be a multiple of 1,024 from 2,048 to 102,400. 10,240 are drawn."
POINTS = "N (points=7) must be a power of 2 from 64 to 16,384, for example 1024. 1,024 is taken."
VARY = "vary=far must be tenth, usual or step; tenth is used."
LEVERS = "levers: There is no lever 'moon'; `revlens assumptions` lists them. It is left out."
SPLIT = "split=halves must be moves or stages; moves is used."
AIM = "aim.win_rate=0.3to0.2 has bounds that do not rise. It is left out."
DRIVERS = "drivers.win_rate=x2 must be on. It is left out."
REFERENCE = "reference=d names no scenario; there is a, b. It is left out."
NONE_OF_THEM = (
    "&kpi=profits&target=nan&segment=moon&runs=7&points=7&vary=far&levers=moon&split=halves&aim.win_rate=0.3to0.2"
    "&drivers.win_rate=x2&reference=d"
)
REFUSED = {
    "compare": [REFERENCE, SEGMENT],
    "explain": [REFERENCE, KPI, SPLIT],
    "uncertainty": [KPI, TARGET, RUNS],
    "sobol": [KPI, POINTS, DRIVERS],
    "tornado": [KPI, SEGMENT, VARY],
    "curve": [KPI, SEGMENT, TARGET, VARY, LEVERS],
    "aim": [KPI, SEGMENT, TARGET, AIM],
}
"""What is refused of a link in which every setting is wrong: what is the study's own, and no more."""


@pytest.mark.parametrize("study", REFUSED)
def test_a_setting_that_cannot_be_used_is_refused_with_the_sentence_of_the_page(
    study: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", study, "--link", f"?{MOVES}{NONE_OF_THEM}"]) == 2
    told = capsys.readouterr()
    assert told.err.splitlines() == [f"revlens: {one}" for one in (*REFUSED[study], "Nothing was written.")]
    assert told.out == ""
    shown = [
        one.value.replace("\\", "").replace("\u2060", "")
        for one in opened(STUDIES[study][0], MOVES + NONE_OF_THEM).warning
    ]
    assert {*REFUSED[study]} <= {*shown}


def test_a_page_on_which_no_lever_is_chosen_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "sobol", "--link", f"?{MOVES}&drivers=none"]) == 2
    assert capsys.readouterr().err == "revlens: No lever is chosen.\nrevlens: Nothing was written.\n"


OVER = {
    "explain": ["--kpi", "nrr", "--by", "moves", "--from", "company=midmarket-saas&retention_rate=0.89"],
    "uncertainty": ["--kpi", "nrr", "--target", "1.02", "--runs", "4096"],
    "sobol": ["--kpi", "nrr", "--lever", "upsell_rate", "--lever", "win_rate", "--points", "128"],
    "tornado": ["--kpi", "nrr", "--segment", "smb", "--vary", "tenth"],
    "curve": ["--kpi", "nrr", "--lever", "upsell_rate", "--target", "1.02"],
    "curve --other": ["win_rate", "--kpi", "nrr", "--lever", "upsell_rate"],
    "aim": ["--kpi", "nrr", "--target", "1.02", "--lever", "upsell_rate=0.02to0.1", "--segment", "mid"],
}
"""Options that go before every setting of a link."""


@pytest.mark.parametrize("command", OVER)
def test_an_option_goes_before_the_link(command: str, tmp_path: Path) -> None:
    written = []
    for link in (MOVES, MOVES + ALL, MOVES + NONE_OF_THEM.replace("&reference=d", "")):
        if link is not MOVES + ALL and command.startswith("curve") and "levers=moon" in link:
            continue  # one of its levers may come from the link
        out = tmp_path / f"{len(written)}.csv"
        assert main(["study", *command.split(), *OVER[command], "--link", f"?{link}", "--out", str(out)]) == 0
        written.append(out.read_bytes())
    assert len({*written}) == 1


def test_a_target_that_nobody_gives_is_the_one_the_page_offers(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "aim", "--link", "company=midmarket-saas"]) == 0
    told = capfd.readouterr()
    assert (
        told.err == "revlens: No target is given: $49.0M is about a tenth above the $44.9M of this scenario, rounded.\n"
    )
    assert ",49000000.0," in told.out.splitlines()[1]
    assert main(["study", "aim", "--kpi", "nrrat3"]) == 2
    none = "NRR has no value in Mar 2026, so there is no way to a target; choose another month or metric."
    assert capfd.readouterr().err == f"revlens: {none}\nrevlens: Nothing was written.\n"


def test_the_link_asks_of_a_folder_of_companies_too(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for company in ("launchpad", "midmarket-saas"):
        shipped = next(Path("data/companies").glob(f"*{company}*"))
        (tmp_path / "own" / shipped.name).write_bytes(shipped.read_bytes())
    link = "?horizon=24&retention_rate=0.9in0.86to0.93&kpi=nrrat20&target=1.02&runs=2048"
    typed = ["--link", link.partition("&kpi")[0], "--kpi", "nrrat20", "--target", "1.02", "--runs", "2048"]
    written = []
    of = ["study", "uncertainty", "--companies", str(tmp_path / "own"), "--workers", "1"]
    for asked in (["--link", link], typed):
        out = tmp_path / f"{len(written)}.csv"
        assert main([*of, *asked, "--out", str(out)]) == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert written[0].count(b",nrr,") == 2


def many(count: int) -> str:
    """Return a link of so many parameters whose last is a move."""
    return "company=midmarket-saas&" + "&".join(f"n{number}=1" for number in range(count - 2)) + "&retention_rate=0.93"


@pytest.mark.parametrize("count", [501, 1_000])
@pytest.mark.parametrize("page", ["overview", "expand", "uncertainty"])
def test_that_a_link_is_cut_is_what_a_page_says_first(page: str, count: int) -> None:
    app = opened(page, many(count))
    assert app.warning[0].value == f"This link has {count:,} parameters; only the first 500 are read."
    assert "retention_rate" not in app.query_params


@pytest.mark.parametrize("command", ["link", "project --link", "study tornado --link", "study compare --link"])
def test_that_a_link_is_cut_is_what_a_command_says_first(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), f"?{many(3_000)}"]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first == "revlens: This link has 3,000 parameters; only the first 500 are read."


def test_of_a_link_beyond_the_limit_of_the_server_a_page_learns_nothing() -> None:
    """Streamlit hands over no parameter of it, so that it is as if there were none."""
    app = opened("expand", many(1_001))
    assert not app.warning
    assert dict(app.query_params) == dict(opened("expand").query_params)
