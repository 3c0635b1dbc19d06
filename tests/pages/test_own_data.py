"""Own data on the pages: files given, asked about, measured, stopped, forgotten; and nobody's text becomes markup."""

from __future__ import annotations

import gc
import json
import time
import weakref
from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from model.catalogue import assumptions
from pages.parts import company_form, own_data, own_measuring
from pages.parts.background import Work
from pages.parts.own_data import SAMPLES, OwnData, Result
from tests.catalogue.test_headers import contracts
from tests.pages.lists import named
from tests.pages.test_pages import ODD, figures, held, opened

VIEWS = ("arr", "retention", "renewals", "pipeline", "deals", "around", "sure")
HEADER = "Subscription ID,Customer,Segment,Start Date,End Date,ARR,Term Months"


def subscriptions(rows: int = 240, segment: str = "Small", date: str = "20{0}-0{1}-15") -> bytes:
    """Return subscriptions of several years, some ended, in two segments."""
    lines = [HEADER]
    for place in range(rows):
        started = date.format(20 + place % 4, 1 + place % 9)
        ended = "2025-06-30" if place % 5 == 0 else ""
        lines.append(
            f'S{place},C{place},"{segment if place % 2 else "Large"}",{started},{ended},{1000 + 10 * place},12'
        )
    return "\n".join(lines).encode()


def given(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Give files to the uploader of the import."""
    uploader = next(one for one in app.get("file_uploader") if one.label.startswith("Exports"))
    uploader.set_value([(name, content, "text/csv") for name, content in files])
    return app.run()


def settled(app: AppTest) -> AppTest:
    """Return the page once nothing works beside it any more."""
    for _ in range(4):
        working = [one.work for one in app.session_state[own_data.KEPT].values() if getattr(one, "work", None)]
        if not working:
            return app
        assert all(work.wait(240) for work in working)
        app.run()
    pytest.fail("Work goes on for ever.")


def measured(*files: tuple[str, bytes]) -> AppTest:
    """Return the company's page with files measured."""
    app = given(opened("company"), *files)
    return settled(app.button(key="own-measure").click().run())


def to(app: AppTest, page: str) -> AppTest:
    """Turn to another page in the same tab."""
    app._page_hash = calc_hash(page)
    return app.run()


def own(app: AppTest) -> OwnData:
    found: OwnData = app.session_state[own_data.KEPT][own_data.KEY]
    return found


def result(app: AppTest) -> Result:
    found = own(app).result
    assert found is not None
    return found


def texts(app: AppTest) -> str:
    blocks = (*app.title, *app.markdown, *app.warning, *app.error)
    return "\n".join(block.value for block in blocks).replace("\\", "")


@pytest.fixture(scope="module")
def sample() -> AppTest:
    """Return the history of the sample exports; each test sees the view it asks for."""
    app = opened("history")
    return settled(app.button(key="history-samples").click().run())


def test_without_data_the_page_says_what_it_would_show_and_offers_a_sample() -> None:
    app = opened("history")
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == "Your own books can say where this plan starts: nothing is read yet"
    assert "what is left of each cohort" in texts(app)
    assert not app.get("plotly_chart")
    assert app.button(key="history-samples").label == "Try the sample exports"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_the_sample_answers_with_at_most_three_charts(sample: AppTest, view: str) -> None:
    sample.segmented_control(key="history:view").set_value(view).run()
    assert not sample.exception
    assert 20 < len(sample.title[0].value.replace("\\", "")) <= 90
    assert 1 <= len(sample.get("plotly_chart")) <= 3
    assert "Sample exports, made up" in texts(sample)
    for segment in ("enterprise", "small-business", ""):
        named(sample.selectbox, "history:segment").set_value(segment).run()
        assert not sample.exception
        assert ("· Enterprise" in texts(sample)) == (segment == "enterprise")


def test_titles_hold_the_numbers_that_were_measured(sample: AppTest) -> None:
    found = {one.measure: one for one in result(sample).calibration.measured if not one.segment and not one.of}
    sample.segmented_control(key="history:view").set_value("pipeline").run()
    assert sample.title[0].value.startswith(
        f"{100 * found['eventual_win_rate'].value:.1f}\u202f% of opportunities are won"
    )
    sample.segmented_control(key="history:view").set_value("retention").run()
    grr, nrr = (f"{100 * found[name].value:.0f}" for name in ("grr", "nrr"))
    assert f"Of every $100 of ARR, ${grr} stay after a year, ${nrr} with growth" in texts(sample)
    gap = found["arr_in_5_years"].value - found["arr_in_5_years_constant"].value
    assert f"${gap / 1000:.0f}K of today's ARR in 5 years" in texts(sample)


def test_cohorts_are_by_year_or_quarter_of_arr_or_customers(sample: AppTest) -> None:
    sample.segmented_control(key="history:view").set_value("retention").run()
    years = figures(sample)[0]["data"][0]
    assert years["y"][0] == "2021"
    assert years["z"][0][0] == 1.0
    sample.segmented_control(key="history:by").set_value("3").run()
    assert figures(sample)[0]["data"][0]["y"][1] == "2021 Q2"
    sample.segmented_control(key="history:of").set_value("customers").run()
    assert "Share of customers left by quarter" in texts(sample)
    assert all(cell is None or cell <= 1 for row in figures(sample)[0]["data"][0]["z"] for cell in row)
    sample.segmented_control(key="history:of").set_value("arr").run()
    sample.segmented_control(key="history:by").set_value("12").run()


def test_the_table_of_measures_is_searched(sample: AppTest) -> None:
    sample.segmented_control(key="history:view").set_value("sure").run()
    everything = len(sample.dataframe[0].value)
    sample.text_input(key="history-search").set_value("win enterprise").run()
    assert 0 < len(sample.dataframe[0].value) < everything
    assert set(sample.dataframe[0].value["Segment"]) == {"Enterprise"}
    sample.text_input(key="history-search").set_value("nowhere").run()
    assert "Nothing here has all of these words." in texts(sample)
    sample.text_input(key="history-search").set_value("").run()


def test_files_are_measured_used_and_kept_over_other_pages() -> None:
    app = measured(("subscriptions.csv", subscriptions()))
    assert not app.exception
    assert "240 rows read = 240 used + 0 set aside." in texts(app)
    app = to(to(app, "overview"), "company")
    assert [file.name for file in own(app).files.values()] == ["subscriptions.csv"]
    assert app.text_input(key="own:0:title").value == "My company"
    app.button(key="use-measured").click().run()
    assert held(app, "company") == "my-company"
    assert "My company is in view." in texts(app)
    app = to(app, "history")
    assert "of ARR at the end of" in app.title[0].value
    app.segmented_control(key="history:view").set_value("deals").run()
    assert "Deals: not in these files" in texts(app)
    assert "Deals: it needs opportunities won." in texts(app)


def test_what_amounts_of_today_alone_bound_is_marked_wherever_it_is_shown() -> None:
    app = measured(("subs.csv", subscriptions()))
    told = "at most, since no customer ever pays more or less in these files"
    (cards,) = [block.body for block in app.get("html") if ">GRR<span" in block.body]
    assert '<span class="against">at most</span>' in cards
    assert told in cards
    tables = [one.value for one in app.dataframe if "Mark" in one.value]
    shown = to(app, "history")
    shown.segmented_control(key="history:view").set_value("retention").run()
    (rates,) = [
        figure for figure in figures(shown) if "Customer retention" in figure["layout"]["yaxis"].get("ticktext", ())
    ]
    assert "GRR, at most" in rates["layout"]["yaxis"]["ticktext"]
    assert f"GRR: {told}" in texts(shown)
    shown.segmented_control(key="history:view").set_value("sure").run()
    tables += [shown.dataframe[0].value]
    assert len(tables) == 2
    for table in tables:
        marks = table[table["Segment"] == "All"].set_index("Measure")["Mark"]
        assert marks["GRR"].startswith(told)
        assert marks["GRR from totals"].endswith(
            told + ": amounts may be today's alone, and what was added or given up before is not seen"
        )
        assert not marks["ARR"]


def test_values_are_shown_to_the_decimals_that_are_read() -> None:
    entries = assumptions()
    values = [
        ("opening_arr", 2_613_549.8399999999, "2,613,549.84"),
        ("win_rate", 0.162162162162, "16.2162"),
        ("win_rate", 0.005, "0.5"),
    ]
    for name, value, shown in values:
        assert company_form._shown(value, entries[name]) == shown


def opportunities() -> bytes:
    """Return opportunities that bring far more than the subscriptions."""
    rows = ["Opportunity ID,Stage,Created Date,Close Date,Amount"]
    for place in range(1200):
        day = f"20{20 + place % 5}-{1 + place % 12:02}-15"
        rows.append(f"O{place},Closed {'Won' if place % 2 else 'Lost'},{day},{day},90000")
    return "\n".join(rows).encode()


def test_a_plan_that_does_not_go_on_as_the_last_months_did_is_warned_about_before_it_is_used() -> None:
    app = measured(("deals.csv", opportunities()), ("subscriptions.csv", subscriptions()))
    found = result(app).calibration.agreement
    assert found is not None
    assert found.warnings
    (warning,) = app.warning
    assert warning.value.replace("\\", "").split("\n") == [found.headline, "", *(f"- {one}" for one in found.warnings)]


def test_settings_and_answers_given_at_once_are_all_kept() -> None:
    app = given(opened("company"), ("subscriptions.csv", subscriptions()))
    app.text_input(key="own:0:title").set_value("Ours")
    app.selectbox(key="own:0:currency").set_value("EUR")
    app.selectbox(key="own:0:segments_by").set_value("size")
    app.run()
    assert (own(app).settings.title, own(app).settings.currency, own(app).settings.segments_by) == (
        "Ours",
        "EUR",
        "size",
    )
    settled(app.button(key="own-measure").click().run())
    company = result(app).company
    assert (company.title, company.currency) == ("Ours", "EUR")
    assert all("a year" in title for title in company.segments.values())
    app.text_input(key="own:0:title").set_value("Theirs").run()
    assert app.button(key="own-measure").label == "Measure again"
    assert "what stands below is of before" in texts(app)


def test_what_a_file_leaves_open_is_asked_at_once_and_measuring_waits_for_the_answer() -> None:
    app = given(opened("company"), ("subscriptions.csv", subscriptions(date="0{1}/02/20{0}")))
    assert "the dates of Start Date can be read in 2 ways" in texts(app)
    assert "subscriptions.csv: say the order of its dates." in texts(app)
    assert app.button(key="own-measure").disabled
    (select,) = (one for one in app.selectbox if one.key and ":dates" in one.key and one.key.startswith("own-ask"))
    assert select.value is None
    assert any("day first" in option for option in select.options)
    select.select(next(option for option in select.options if "day first" in option)).run()
    assert not app.button(key="own-measure").disabled
    settled(app.button(key="own-measure").click().run())
    assert result(app).facts.movements["sold"].min() % 12 == 1


def test_a_column_not_recognised_is_asked_for() -> None:
    content = subscriptions().replace(b"Customer,", b"Who,")
    app = given(opened("company"), ("a.csv", content))
    kind = next(one for one in app.selectbox if one.label == "What its rows are")
    kind.select(next(option for option in kind.options if option.startswith("Subscriptions"))).run()
    needed = next(one for one in app.selectbox if one.label.endswith("the customer who pays (needed)"))
    assert app.button(key="own-measure").disabled
    needed.select("Who").run()
    settled(app.button(key="own-measure").click().run())
    assert own(app).result is not None


def test_a_german_file_needs_no_answer() -> None:
    app = given(opened("company"), ("Verträge.csv", contracts()))
    assert "subscriptions · 6 of 7 columns read · encoding utf-8, delimiter semicolon" in "".join(
        one.label for one in app.expander
    )
    settled(app.button(key="own-measure").click().run())
    assert result(app).company.currency == "EUR"


BAD = {
    "empty.csv": (b"", "empty.csv: the file is empty; a header line and rows are needed."),
    "binary.csv": (b"\x00\x01\x02" * 400, "byte 0 is NUL, so this is not a text file"),
    "page.xlsx": (b"<html><body>signed out</body></html>" * 30, "page.xlsx: this is a web page"),
    "book.xlsx": (b"PK\x03\x04" + b"\x00" * 900, "book.xlsx: "),
    "half.parquet": (b"PAR1" + b"\x00" * 900, "half.parquet: "),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_answered_in_words(name: str) -> None:
    content, told = BAD[name]
    app = given(opened("company"), (name, content))
    assert not app.exception
    assert told in texts(app)
    assert f"{name} cannot be read; remove it or give it anew." in texts(app)
    assert app.button(key="own-measure").disabled


def test_files_of_one_kind_are_named_before_anything_is_measured() -> None:
    app = given(opened("company"), ("one.csv", subscriptions()), ("two.csv", subscriptions()))
    assert "one.csv and two.csv are both read as subscriptions; remove one, or put them together." in texts(app)
    assert app.button(key="own-measure").disabled


def test_a_result_of_before_says_so_though_the_files_cannot_be_measured() -> None:
    app = measured(("s.csv", subscriptions()))
    told = "Files or settings changed; what stands below is of before."
    assert told not in texts(app)
    given(app, ("t.csv", subscriptions(20)))
    assert app.button(key="own-measure").disabled
    assert told in texts(app)


def test_problems_are_named_and_nothing_is_kept() -> None:
    app = measured(("one.csv", subscriptions().replace(b",1000,", b",twelve,")[:400]))
    assert not app.exception
    assert own(app).result is not None
    app = measured(("one.csv", HEADER.encode() + b"\nS1,C1,Small,2022-01-01,,five,12\n"))
    assert own(app).problems
    assert (own(app).result, own(app).measuring) == (None, False)


def test_much_set_aside_is_warned_of_beside_every_headline() -> None:
    doubled = subscriptions(40) + b"\n" + b"\n".join(subscriptions(40).splitlines()[1:9])
    told = (
        "s.csv: 8 of 48 rows (17\u202f%, with 15\u202f% of the amounts) are set aside and not in what is measured; most of them since "
        "Subscription ID stands in an earlier row, alike in all columns read."
    )
    app = measured(("s.csv", doubled))
    assert told in [one.value.replace("\\", "") for one in app.warning]
    to(app, "history")
    assert told in [one.value.replace("\\", "") for one in app.warning]


def test_rows_set_aside_are_listed_and_safe_to_open() -> None:
    bad = b'\n=1+1,C9,Small,"=HYPERLINK(""http://x"")",,5,12\nS999,C999,Small,2022-01-01,,-5,12'
    app = measured(("subscriptions.csv", subscriptions() + bad))
    assert "242 rows read = 240 used + 2 set aside." in texts(app)
    from model.history.written import unused_csv

    lines = unused_csv([one.unused for one in result(app).accounts]).decode().splitlines()
    assert len(lines) == 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.replace('"', "").split(","))


def test_what_cells_files_and_headers_hold_is_never_markup() -> None:
    right_to_left = "\u202eשלום <b>"
    content = subscriptions(segment=ODD.replace('"', "")).replace(b"Term Months", f"{right_to_left}".encode())
    app = measured((f"{ODD}.csv", content))
    assert own(app).result is not None
    for page in ("company", "history"):
        app = to(app, page)
        for view in VIEWS if page == "history" else ("",):
            if view:
                app.segmented_control(key="history:view").set_value(view).run()
            assert not app.exception
            assert "<img" not in json.dumps(figures(app))
            for block in (*app.markdown, *app.warning, *app.title, *app.error):
                assert "<img" not in block.value.replace("\\<", "")
                assert ":material/home:" not in block.value
            assert not any("<img src=x" in block.proto.body for block in app.get("html"))
            labels = [one.label for one in (*app.selectbox, *app.expander, *app.button)]
            assert not any("<img" in label.replace("\\<", "") for label in labels)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let measuring go on until it is stopped."""

    def measured(*given: object) -> None:
        work = given[-1]
        assert isinstance(work, Work)
        while True:
            work.tell(0.4, "subscriptions.csv: reading")
            time.sleep(0.005)

    monkeypatch.setattr(own_measuring, "measured", measured)


def line_of(app: AppTest) -> list[str]:
    """Return what the line of progress says."""
    return [json.loads(json.dumps(bar.proto.text)).replace("\\", "") for bar in app.get("progress")]


@pytest.mark.usefixtures("slow")
def test_measuring_goes_on_over_all_pages_and_stops_by_one_press_with_the_files_kept() -> None:
    app = given(opened("company"), ("subscriptions.csv", subscriptions()))
    app.button(key="own-measure").click().run()
    work = own(app).work
    assert work is not None
    assert app.button(key="own-measure").disabled
    assert "It goes on while you look around." in texts(app)
    while work.doing != "subscriptions.csv: reading":
        assert not work.over
    app = to(app, "execute")
    app.slider(key="slider:win_rate").set_value(app.slider(key="slider:win_rate").max).run()
    assert held(app, "win_rate")
    assert line_of(app) == ["subscriptions.csv: reading"]
    assert own(app).work is work
    assert not work.over
    app.button(key="stop-work").click().run()
    assert work.wait(1.0)
    assert line_of(app) == []
    assert "Measuring was stopped; nothing was changed." in texts(app)
    app = to(app, "company")
    assert "was stopped" not in texts(app), "the next action takes it away"
    assert (own(app).work, own(app).result, own(app).problems) == (None, None, ())
    assert len(own(app).files) == 1
    assert not app.button(key="own-measure").disabled


@pytest.mark.usefixtures("slow")
def test_who_must_wait_is_told_and_sessions_know_nothing_of_each_other() -> None:
    apps = [given(opened("company"), (f"{letter}.csv", subscriptions())) for letter in "abc"]
    for app in apps:
        app.button(key="own-measure").click().run()
    works = [own(app).work for app in apps]
    assert [work.ahead for work in works if work] == [0, 0, 1]
    assert line_of(apps[2].run()) == ["Waiting: the server measures for others first; 1 is before you"]
    apps[0].button(key="stop-work").click().run()
    assert works[0] is not None
    assert works[0].wait(1.0)
    assert line_of(apps[2].run()) == ["subscriptions.csv: reading"]
    assert [[file.name for file in own(app).files.values()] for app in apps] == [["a.csv"], ["b.csv"], ["c.csv"]]
    for app in apps[1:]:
        app.button(key="own-forget").click().run()
    assert all(work.wait(1.0) for work in works if work)


def test_a_measuring_that_fails_keeps_what_was_measured_before() -> None:
    app = measured(("subscriptions.csv", subscriptions()))
    before = own(app).result
    app.text_input(key="own:0:until").set_value("1999-01").run()
    settled(app.button(key="own-measure").click().run())
    assert "The opening month 1999-01 is outside the months of the subscriptions" in texts(app)
    assert own(app).result is before
    assert "what stands below is of before" in texts(app)


def test_actual_months_given_with_the_exports_are_not_measured_and_lead_to_their_page() -> None:
    actuals = (SAMPLES / "actuals.csv").read_bytes()
    app = given(opened("company"), ("months.csv", actuals))
    assert "There is nothing else to measure" in texts(app)
    assert not [one for one in app.button if one.key == "own-measure"]
    app = given(app, ("subscriptions.csv", subscriptions()))
    settled(app.button(key="own-measure").click().run())
    assert "240 rows read = 240 used + 0 set aside." in texts(app)
    app = to(app, "actuals")
    assert app.title[0].value.replace("\\", "").startswith("After six months, ARR of $6.73M is $20.5M")


def test_forgetting_removes_files_answers_and_results_at_once() -> None:
    app = measured(("subscriptions.csv", subscriptions()))
    settled(to(to(app, "back-test"), "actuals").button(key="actuals-history").click().run())
    seen = weakref.ref(own(app).result)
    to(app, "company").button(key="own-forget").click().run()
    assert not app.exception
    gc.collect()
    assert seen() is None
    assert (own(app).files, own(app).result, own(app).questions) == ({}, None, ())
    assert not next(one for one in app.get("file_uploader") if one.label.startswith("Exports")).value
    app = to(app, "history")
    assert "nothing is read yet" in app.title[0].value


def test_streamlit_keeps_no_copy_of_what_was_given() -> None:
    app = given(opened("company"), ("subscriptions.csv", subscriptions()))
    assert [file.name for file in own(app).files.values()] == ["subscriptions.csv"]
    assert not next(one for one in app.get("file_uploader") if one.label.startswith("Exports")).value
    content = weakref.ref(own(app))
    app = to(app, "overview")
    gc.collect()
    uploads = [one for one in gc.get_objects() if type(one).__name__ in ("UploadedFile", "UploadedFileRec")]
    assert [one.name for one in uploads if one.name == "subscriptions.csv"] == []
    assert content() is own(app)


def test_the_sample_gives_way_to_files_of_ones_own() -> None:
    app = opened("company")
    settled(app.button(key="own-samples").click().run())
    names = {file.name for file in own(app).files.values()}
    assert names == {path.name for path in SAMPLES.glob("*.csv")} - {"actuals.csv"}
    assert own(app).made_up
    assert "a made-up company whose true rates are known" in texts(app)
    app = given(app, ("subscriptions.csv", subscriptions()))
    assert [file.name for file in own(app).files.values()] == ["subscriptions.csv"]
    assert not own(app).made_up
    assert own(app).result is None


def test_no_row_of_a_file_reaches_the_address() -> None:
    secret = subscriptions().replace(b"C17,", b"Secret Customer Ltd,")
    app = measured(("very-secret-name.csv", secret))
    app.button(key="use-measured").click().run()
    address = urlencode({key: app.query_params[key] for key in app.query_params}, doseq=True)
    session = app.session_state["session"]
    from model.company_file import company_toml

    for text in (address, company_toml(session.scenario.company)):
        assert "Secret" not in text
        assert "secret-name" not in text


def test_segments_are_renamed_before_they_are_in_a_link_and_the_first_names_are_nowhere() -> None:
    app = measured(("subscriptions.csv", subscriptions(segment="Secret Client")))
    assert "by segment (Large, Secret Client)" in texts(app)
    before = result(app).facts.movements["arr"].sum()
    app.text_input(key="own:0:name:Secret Client").set_value("Small").run()
    app.button(key="use-measured").click().run()
    assert own(app).work is None, "nothing is measured anew"
    assert "by segment (Large, Small)" in texts(app)
    assert not own(app).changed
    address = urlencode({key: app.query_params[key] for key in app.query_params}, doseq=True)
    from model.company_file import company_toml

    company = app.session_state["session"].scenario.company
    assert dict(company.segments) == {"large": "Large", "small": "Small"}
    assert "secret" not in (address + company_toml(company)).lower()
    assert result(app).facts.movements["arr"].sum() == before
    app = to(app, "history")
    app.segmented_control(key="history:view").set_value("retention").run()
    assert not app.exception
    assert "secret" not in texts(app).lower()
    app = to(app, "company")
    app.text_input(key="own:0:name:Secret Client").set_value("Large").run()
    settled(app.button(key="use-measured").click().run())
    assert dict(app.session_state["session"].scenario.company.segments) == {"large": "Large"}
    app.text_input(key="own:0:name:Secret Client").set_value("").run()
    settled(app.button(key="use-measured").click().run())
    assert dict(result(app).company.segments) == {"large": "Large", "secret-client": "Secret Client"}


def test_files_of_one_name_get_a_number() -> None:
    found = OwnData()
    for key in "abc":
        found.add(key, "export.csv", key.encode())
    assert [file.name for file in found.files.values()] == ["export.csv", "export (2).csv", "export (3).csv"]


def test_stages_that_no_word_tells_are_chosen_on_the_page() -> None:
    rows = [f"{stage}{place},{stage},2024-0{1 + place % 6}-01,2024-0{2 + place % 5}-20,1000"
            for stage in ("Signed & Live", "Dead") for place in range(12)]  # fmt: skip
    header = "Opportunity ID,Stage,Created Date,Close Date,Amount"
    app = given(opened("company"), ("deals.csv", "\n".join([header, *rows]).encode()))
    won, lost = app.multiselect
    assert (won.label, lost.label) == ("Which stages mean won, column Stage", "Which stages mean lost, column Stage")
    won.set_value(["Signed & Live"])
    app = app.run()
    app.multiselect[1].set_value(["Dead"])
    app = app.run()
    assert not app.exception
    (file,) = own(app).files.values()
    assert dict(file.habits) == {"won": "Signed & Live", "lost": "Dead"}
    assert app.multiselect[0].value == ["Signed & Live"]


def test_a_kind_that_does_not_fit_leaves_the_controls_to_take_it_back() -> None:
    header = "Customer,Jan 2024,Jan 2024,Feb 2024,Mar 2024"
    app = given(opened("company"), ("w.csv", f"{header}\nAda,1,2,3,4\n".encode()))
    key = next(iter(own(app).files))
    app.session_state[own_data.KEPT][own_data.KEY].change(
        key, lambda file: own_data.replace(file, kind="opportunities")
    )
    app.run()
    assert [one.value.replace("\\", "") for one in app.error] == [
        "w.csv: the header 'Jan 2024' stands 2 times; give each column its own name."
    ]
    kind = app.selectbox(key=f"own-kind:0:{key}")
    assert (kind.label, kind.value) == ("What its rows are", "opportunities")
    kind.set_value("").run()
    assert not app.exception
    assert own(app).files[key].kind == ""


def test_another_kind_is_chosen_and_says_what_it_lacks() -> None:
    rows = "\n".join(f"d{at},New,Eve,Ada,5,2024-01-0{at},Won" for at in range(1, 9))
    app = given(
        opened("company"),
        ("d.csv", f"Deal ID,Deal Type,Deal Owner,Company,Amount,Created At,Status\n{rows}\n".encode()),
    )
    key = next(iter(own(app).files))
    app.selectbox(key=f"own-ask:0:{key}:kind").set_value("opportunities").run()
    assert not app.exception
    assert app.selectbox(key=f"own-column:0:{key}:closed").label == "d.csv: the day it was won or lost (needed)"
    app.selectbox(key=f"own-ask:0:{key}:kind").set_value("leads").run()
    assert not app.button(key="own-measure").disabled
