"""A lens of one's own: the link and the file give it back exactly, and what is wrong in them is named, part by part."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import LensError, Move, read_link
from model.catalogue import DATA, metrics, sources
from model.frameworks.lens import LensChart, lenses
from model.frameworks.own_lens import (
    MOST,
    START,
    TEXTS,
    OwnLens,
    all_charts,
    all_levers,
    file_name,
    lens_toml,
    of_lens,
    read_lens_file,
    read_own_lens,
)

PRINTABLE = st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"], include_characters=" ").filter(str.isprintable)


def text(most: int) -> st.SearchStrategy[str]:
    return st.text(PRINTABLE, max_size=most)


def some(names: Iterable[str], part: str, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(names)), unique=True, min_size=least, max_size=MOST[part]).map(tuple)


def own_lenses(least: int = 0) -> st.SearchStrategy[OwnLens]:
    return st.builds(
        OwnLens,
        name=text(TEXTS["name"]).filter(str.strip), question=text(TEXTS["question"]),
        levers=some(all_levers(), "levers", least), kpis=some(metrics(), "kpis", least),
        charts=some(all_charts().values(), "charts", least),
        about=text(TEXTS["about"]), owner=text(TEXTS["owner"]), source=st.sampled_from(list(sources())),
    )  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(own_lenses(), text(TEXTS["tools"]))
def test_a_link_gives_the_lens_back(own: OwnLens, tools: str) -> None:
    own = own.with_text("tools", tools)
    address = "/own-lens?" + urlencode({"company": "launchpad", "v": "1", "win_rate": "0.3", **own.written()})
    assert read_own_lens(dict(parse_qsl(address.partition("?")[2], keep_blank_values=True))) == (own, ())
    reading = read_link(address)
    assert reading.problems == ()
    assert reading.scenario.moves == (Move("win_rate", 0.3),)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    own_lenses(least=1),
    st.lists(text(20).filter(lambda tool: tool.strip() == tool != "" and "," not in tool), max_size=5),
)
def test_a_file_gives_the_lens_back(own: OwnLens, tools: list[str]) -> None:
    own = own.with_text("tools", ", ".join(tools))
    assert read_lens_file(lens_toml(own).encode(), file_name(own)) == (own, ())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(own_lenses(least=1))
def test_levers_and_charts_are_all_shown_in_order(own: OwnLens) -> None:
    lens = own.lens()
    (stage,) = lens.stages
    assert stage.levers == own.levers
    assert (*(group.chart for group in stage.groups), *lens.charts) == own.charts
    assert len(stage.groups) == min(3, len(own.levers), len(own.charts))
    sizes = [len(group.levers) for group in stage.groups]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("key", lenses())
def test_every_stage_that_is_here_is_a_lens_to_begin_from(key: str) -> None:
    for stage in lenses()[key].stages:
        own, _ = of_lens(lenses()[key], stage)
        assert not own.missing
        assert own.levers == tuple(dict.fromkeys(stage.levers))[: MOST["levers"]]
        assert read_own_lens(own.written()) == (own, ())


def test_an_entry_moves_up_by_one() -> None:
    own = OwnLens(kpis=("nrr", "arr", "grr"))
    assert own.with_earlier("kpis", 2).kpis == ("nrr", "grr", "arr")
    assert own.with_earlier("kpis", 1).kpis == ("arr", "nrr", "grr")


def test_a_lens_that_is_not_complete_travels_and_says_what_it_lacks() -> None:
    own = OwnLens(kpis=("nrr",))
    assert read_own_lens(own.written()) == (own, ())
    with pytest.raises(LensError, match=r"^A lens needs a lever and a chart more\.$"):
        own.lens()


def test_no_part_is_no_lens() -> None:
    assert read_own_lens({"company": "launchpad", "lenses": "x", "win_rate": "0.3"}) == (None, ())


GOOD = {"lens": "Ours", "lens.levers": "win_rate", "lens.kpis": "nrr", "lens.charts": "movements"}
STANDS = OwnLens("Ours", levers=("win_rate",), kpis=("nrr",), charts=(LensChart(kind="movements"),))
BAD_PARTS = {
    "unknown lever": ({"lens.levers": "winrate~win_rate"}, "There is no lever 'winrate' to show (lens.levers=…). It is left out."),
    "fact": ({"lens.levers": "opening_arr~win_rate"}, "There is no lever 'opening_arr' to show (lens.levers=…). It is left out."),
    "markup": ({"lens.levers": "<b>x</b>~win_rate"}, "There is no lever '<b>x</b>' to show (lens.levers=…). It is left out."),
    "no name": ({"lens.levers": "win_rate~"}, "There is no lever '' to show (lens.levers=…). It is left out."),
    "unknown figure": ({"lens.kpis": "nrr~arrr"}, "There is no figure 'arrr' to show (lens.kpis=…). It is left out."),
    "unknown chart": ({"lens.charts": "pie~movements"}, "There is no chart 'pie' to show (lens.charts=…). It is left out."),
    "chart of nothing": ({"lens.charts": "metric~movements"}, "There is no chart 'metric' to show (lens.charts=…). It is left out."),
    "chart of what it cannot show": (
        {"lens.charts": "movements-nrr~movements"},
        "There is no chart 'movements-nrr' to show (lens.charts=…). It is left out.",
    ),
    "unknown source": ({"lens.source": "hearsay"}, "There is no source 'hearsay' (lens.source=…). Judgement is used."),
    "unknown part": ({"lens.colour": "red"}, "A lens has no part 'lens.colour'. It is left out."),
    "part without a name": ({"lens.": "red"}, "A lens has no part 'lens.'. It is left out."),
    "name by its field": ({"lens.name": "red"}, "A lens has no part 'lens.name'. It is left out."),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "told"), BAD_PARTS.values(), ids=BAD_PARTS)
def test_a_bad_part_is_named_and_the_rest_stands(parts: dict[str, str], told: str) -> None:
    assert read_own_lens(GOOD | parts) == (STANDS, (told,))


def test_texts_are_cut_to_what_is_kept_and_made_one_line() -> None:
    own, problems = read_own_lens({"lens": "x" * 61, "lens.question": "a\nb\x00\u202e", "lens.about": "y" * 100_000})
    assert own == OwnLens("x" * 60, "a b  ", about="y" * 400)
    assert problems == (
        "The name of the lens (lens=…) has 61 characters; only the first 60 are kept.",
        "The question of the lens (lens.question=…) holds characters that cannot be shown; each is a space now.",
        "The about of the lens (lens.about=…) has 100,000 characters; only the first 400 are kept.",
    )
    assert read_own_lens({"lens": " \n"}) == (OwnLens(), (
        "The name of the lens (lens=…) holds characters that cannot be shown; each is a space now.",
        "The name of the lens (lens=…) is empty; 'Your lens' is used.",
    ))  # fmt: skip


def test_a_page_holds_so_many_levers_figures_and_charts() -> None:
    query = {"lens": "All", "lens.levers": "~".join(all_levers()), "lens.kpis": "~".join(metrics()),
             "lens.charts": "~".join(all_charts())}  # fmt: skip
    own, problems = read_own_lens(query)
    assert own is not None
    assert (own.levers, own.kpis) == (all_levers()[: MOST["levers"]], tuple(metrics())[: MOST["kpis"]])
    assert own.charts == tuple(all_charts().values())[: MOST["charts"]]
    assert f"The lens has {len(all_levers())} levers; the first 12 are shown." in problems
    assert f"The lens has {len(metrics())} figures; the first 10 are shown." in problems


def test_a_name_twice_is_shown_once() -> None:
    assert read_own_lens({"lens": "Ours", "lens.kpis": "nrr~arr~nrr"}) == (OwnLens("Ours", kpis=("nrr", "arr")), ())


def test_hostile_links_cost_neither_time_nor_the_scenario() -> None:
    parts = [(f"lens.{number}", "9" * 1_000) for number in range(400)]
    parts += [("lens.levers", "~".join(["x"] * 100_000)), ("lens", "~" * 100_000), ("win_rate", "0.3")]
    begin = time.perf_counter()
    own, problems = read_own_lens(dict(parts))
    reading = read_link("?" + urlencode(parts))
    assert time.perf_counter() - begin < 5
    assert own == OwnLens("~" * 60)
    assert len(problems) == 403
    assert "lens.levers has 199,999 characters; only the first 2,000 are read." in problems
    assert reading.scenario.moves == (Move("win_rate", 0.3),)
    assert reading.problems == ()


def toml(**changes: str) -> str:
    lines = lens_toml(STANDS)
    for old, new in changes.items():
        assert old in lines
        lines = lines.replace(old, new)
    return lines


BAD_FILES = {
    "not UTF-8": (b"title = '\xff'", ["x.toml is not UTF-8 text (byte 9 is not); save it as UTF-8."]),
    "not TOML": (b"title", ["x.toml is not TOML: Expected '=' after a key in a key/value pair (at end of document)"]),
    "too large": (b"#" * 64_001, ["x.toml has 64,001 bytes; a lens has at most 64,000."]),
    "two problems at once": (
        toml(win_rate="winrate", nrr="<b>nrr</b>").encode(),
        ["x.toml: own-lens.stages.0.groups.0.levers: 'winrate' is not an assumption that can be moved",
         "x.toml: own-lens.stages.0.kpis: <b>nrr</b>: no such metric"],
    ),
    "what a lens has not": (
        toml(title="titel").encode(),
        ["x.toml: own-lens.title: Field required",
         "x.toml: own-lens.stages.0.title: Field required",
         "x.toml: own-lens.stages.0.groups.0.title: Field required",
         "x.toml: own-lens.stages.0.groups.0.titel: Extra inputs are not permitted",
         "x.toml: own-lens.stages.0.titel: Extra inputs are not permitted",
         "x.toml: own-lens.titel: Extra inputs are not permitted"],
    ),
    "empty": (b"", [f"x.toml: own-lens.{field}: Field required" for field in ("title", "icon", "question", "framework", "group", "stages")]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "told"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_all_its_problems(content: bytes, told: list[str]) -> None:
    with pytest.raises(LensError) as error:
        read_lens_file(content, "x.toml")
    assert sorted(error.value.problems) == sorted(told)


@pytest.mark.parametrize(
    "content", [b"a = " + b"[" * 20_000, b"a" * 60_000 + b" = 1", b"a.b" * 10_000 + b" = 1", b"stages = 9" * 3]
)
def test_a_hostile_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(LensError) as error:
        read_lens_file(content, "x" * 1_000)
    assert all(0 < len(problem) <= 360 for problem in error.value.problems)


def test_of_a_file_with_stages_the_first_is_taken_and_that_is_said() -> None:
    content = toml() + toml()[toml().index("[[stages]]") :].replace('id = "own"', 'id = "next"')
    assert read_lens_file(content.encode(), "x.toml") == (
        OwnLens("Ours: Ours", levers=STANDS.levers, kpis=STANDS.kpis, charts=STANDS.charts),
        ("x.toml has 2 stages; a lens of your own is one page, of the first, Ours.",),
    )


def test_a_file_is_named_after_all_lenses_at_an_address_that_is_free() -> None:
    order = len(lenses()) + 1
    assert file_name(OwnLens("Board: Q1 / 2027")) == f"{order}-board-q1-2027.toml"
    assert file_name(OwnLens("会議 €")) == f"{order}-lens.toml"
    assert file_name(OwnLens("Expand")) == f"{order}-expand-2.toml"
    assert file_name(OwnLens("Company"), {"company", "company-2"}) == f"{order}-company-3.toml"
    assert START.lens().source == "judgement"


def test_the_lens_in_the_readme_is_one() -> None:
    text = (DATA.parent / "README.md").read_text(encoding="utf-8")
    (address,) = re.findall(r"http://localhost:8501/own-lens\?[^\s\"'<>)]+", text)
    own, problems = read_own_lens(dict(parse_qsl(address.partition("?")[2])))
    assert own is not None
    assert (own.missing, problems) == ((), ())
    assert f"up to {MOST['levers']} levers, {MOST['kpis']} figures and {MOST['charts']} charts" in text


def test_a_lens_file_of_names_joined_by_many_dots_is_refused_at_once() -> None:
    with pytest.raises(
        LensError, match=r"^bomb\.toml, line 2, cannot be read: more than 9 names are joined by dots\.$"
    ):
        read_lens_file(b'title = "x"\n' + b"a." * 30_000 + b"a=1", "bomb.toml")
