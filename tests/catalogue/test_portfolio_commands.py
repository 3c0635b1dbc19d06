"""`--companies`: what each file of a folder may be, and every refusal in one sentence."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model import company_toml, engine, load_shipped, read_link
from model.command_line import main
from model.outcomes import Outcome
from model.studies import workers
from model.studies.commands import progress
from model.studies.sensitivity import tornado, tornado_csv
from model.studies.sobol import drivers, drivers_csv
from tests.portfolios import call, journal, rows, shipped_portfolio, studied

LAUNCHPAD = company_toml(load_shipped("launchpad"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shipped_portfolio(tmp_path / "companies")


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what was said on standard error, without the name of the command."""
    return [line.removeprefix("revlens: ") for line in capsys.readouterr().err.splitlines()]


def test_each_broken_file_is_named_and_the_rest_goes_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a-no-toml.toml").write_text("this is no TOML", encoding="utf-8")
    (folder / "b-no-company.toml").write_text(LAUNCHPAD.replace('currency = "USD"', 'currency = "$"'), encoding="utf-8")
    (folder / "c-folder.toml").mkdir()
    (folder / "d-loop.toml").symlink_to("d-loop.toml")
    (folder / "e-nowhere.toml").symlink_to("nothing")
    (folder / "f-latin.toml").write_bytes(b'title = "Caf\xe9"')
    with (folder / "g-large.toml").open("wb") as file:
        file.truncate(2**30)
    os.mkfifo(folder / "h-pipe.toml")
    (folder / "i-zero.toml").symlink_to("/dev/zero")
    (folder / "j-empty.toml").touch()
    (folder / "k-title.toml").write_text(LAUNCHPAD.replace("Launchpad, self-serve", "=HYPERLINK(1)"), encoding="utf-8")
    (folder / ".hidden.toml").write_text("no", encoding="utf-8")
    (folder / "notes.txt").write_text("no", encoding="utf-8")
    out = tmp_path / "o.csv"
    assert main(call(folder, out)) == 3
    said = told(capsys)
    assert said[0] == "a-no-toml.toml, line 1: cannot be read: Expected '=' after a key in a key/value pair."
    named = "\n".join(said)
    for sentence in (
        "currency is '$'; three capital letters as in ISO 4217 are needed, such as USD.",
        "c-folder.toml is no file, but a folder.",
        "d-loop.toml cannot be read: Too many levels of symbolic links.",
        "e-nowhere.toml cannot be read: No such file or directory.",
        "f-latin.toml is not UTF-8 text (byte 12 is not); save it as UTF-8.",
        "g-large.toml has more than 1,000,000 bytes; a company file has at most 250,000 characters.",
        "h-pipe.toml is no file.",
        "i-zero.toml is no file.",
        "j-empty.toml: id is missing; 1 to 63 lower-case letters, digits and hyphens are needed, no hyphen first.",
    ):
        assert sentence in named
    assert "hidden" not in named
    assert said[-1] == (f"3 of 13 companies are in {out}; of the other 10 it only says what is wrong. Mend them and run the "
                        "same again: o.csv.journal keeps what is done.")  # fmt: skip
    found = {row["file"]: row for row in rows(out.read_bytes())}
    assert list(found) == sorted(path.name for path in folder.glob("[!.]*.toml"))
    assert found["h-pipe.toml"]["problem"] == "h-pipe.toml is no file."
    assert {found["h-pipe.toml"][name] for name in ("company", "title", "p50", "runs")} == {""}
    assert found["k-title.toml"]["title"] == "'=HYPERLINK(1)"
    assert found["launchpad.toml"]["problem"] == ""
    assert float(found["launchpad.toml"]["p10"]) < float(found["launchpad.toml"]["p90"])


def test_a_file_with_many_problems_has_the_first_of_them_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.toml").write_text("".join(f"key_{number} = 1\n" for number in range(9)), encoding="utf-8")
    assert main(call(folder, tmp_path / "o.csv")) == 3
    said = told(capsys)
    assert len(said) == 12
    assert said[10].startswith("bad.toml: ")
    assert said[10].endswith(" more problems; `revlens check` names them all.")


def test_names_of_files_may_be_anything(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (b"=cmd|x.toml", b"caf\xe9.toml", b"a\nb\x1b[31m.toml", "Ω".encode() * 120 + b".toml"):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text(LAUNCHPAD, encoding="utf-8")
    found = [row["file"] for row in rows(studied(folder, tmp_path / "o.csv"))]
    assert set(found) == {"'=cmd|x.toml", "caf�.toml", "a�b�[31m.toml", "Ω" * 120 + ".toml", "launchpad.toml",
                          "midmarket-saas.toml"}  # fmt: skip
    assert told(capsys) == []


def test_files_that_look_alike_are_told_apart(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in ((b"caf\xe8.toml", LAUNCHPAD), (b"caf\xe9.toml", "")):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text(content, encoding="utf-8")
    assert main(call(folder, tmp_path / "o.csv")) == 3
    good, bad, *_ = rows((tmp_path / "o.csv").read_bytes())
    assert (good["file"], good["title"], good["problem"]) == ("caf�.toml", "Launchpad, self-serve", "")
    assert (bad["file"], bad["title"], bad["problem"] > "") == ("caf�.toml", "", True)
    assert told(capsys)[-1].startswith("3 of 4 companies are in ")


def test_a_company_that_lacks_a_segment_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o.csv"
    assert main(call(folder, out, "--move", "win_rate.ent=0.3")) == 3
    lacks = "Launchpad, self-serve has no segment 'ent' (win_rate.ent=0.3); it has "
    known = ", ".join(load_shipped("launchpad").segments)
    assert told(capsys)[0] == f"launchpad.toml: {lacks}{known}."
    row, other = rows(out.read_bytes())
    assert (row["company"], row["problem"]) == ("launchpad", f"{lacks}{known}.")
    assert other["problem"] == ""
    assert main(call(folder, tmp_path / "p.csv", "--kpi", "arr.ent")) == 3
    assert told(capsys)[0] == f"launchpad.toml: Launchpad, self-serve has no segment 'ent'; it has {known}."


def test_the_moves_of_a_link_are_made_on_every_company(folder: Path, tmp_path: Path) -> None:
    link = "?company=midmarket-saas&horizon=24&retention_rate=0.9in0.85to0.95&range=0.9"
    linked = [
        "study",
        "uncertainty",
        "--companies",
        str(folder),
        "--runs",
        "2048",
        "--workers",
        "1",
        "--link",
        link,
        "--out",
    ]
    assert main([*linked, str(tmp_path / "a.csv")]) == 0
    typed = ["study", "uncertainty", "--companies", str(folder), "--runs", "2048", "--horizon", "24", "--confidence", "0.9",
             "--workers", "1", "--move", "retention_rate=0.9in0.85to0.95", "--out"]  # fmt: skip
    assert main([*typed, str(tmp_path / "b.csv")]) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_without_a_range_the_forecast_alone_is_drawn_and_said_to_be(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    asked = ["--companies", str(folder), "--runs", "2048", "--workers", "1", "--out", str(out)]
    assert main(["study", "uncertainty", *asked]) == 0
    assert [(row["varied"], row["driver"]) for row in rows(out.read_bytes())] == [("forecast", "forecast")] * 2


def test_other_studies_give_their_own_rows_for_every_company(folder: Path, tmp_path: Path) -> None:
    out, of = tmp_path / "o.csv", ["--companies", str(folder), "--out", str(tmp_path / "o.csv")]
    scenarios = [read_link(f"?company={name}").scenario for name in ("launchpad", "midmarket-saas")]
    heading = ("file", "company", "version", "title", "currency", "problem")
    assert main(["study", "tornado", *of, "--workers", "1"]) == 0
    alone = [row for one in scenarios for row in rows(tornado_csv(tornado(one, Outcome())))]
    assert [{k: v for k, v in row.items() if k not in heading} for row in rows(out.read_bytes())] == alone
    assert main(["study", "sobol", *of, "--lever", "win_rate", "--points", "64", "--workers", "1"]) == 0
    alone = [
        row for one in scenarios for row in rows(drivers_csv(one, Outcome(), drivers(one, Outcome(), ["win_rate"], 64)))
    ]
    assert [{k: v for k, v in row.items() if k not in heading} for row in rows(out.read_bytes())] == alone


def test_what_only_the_study_finds_wrong_is_named_too(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "small.toml").write_text(LAUNCHPAD.replace("solo", "alone"), encoding="utf-8")
    options = ["--lever", "win_rate.solo", "--points", "64", "--workers", "1", "--out", str(tmp_path / "o.csv")]
    assert main(["study", "sobol", "--companies", str(folder), *options]) == 3
    assert "small.toml: Launchpad, self-serve has no segment 'solo'; it has alone, team." in told(capsys)


REFUSED = {
    ("--runs", "7"): "The number of runs (runs=7) must be a multiple of 1,024 from 2,048 to 102,400.",
    ("--target", "nan"): "The target (target=nan) must be a finite number, rates as fractions.",
    ("--kpi", "profits"): "There is no metric 'profits'; `revlens metrics` lists them, for example arr or operating_profit.",
    ("--kpi", "arrat99"): "Month 99 of 'arrat99' must lie between 1 and 36, the last month.",
    ("--move", "profit=3"): "There is no assumption 'profit' (profit=3).",
    ("--horizon", "7"): "Horizon (horizon=7) must be a whole number of months from 12 to 120.",
    ("--move", "retention_rate=0.9", "--no-forecast-noise"): "Nothing here is uncertain: no move has a range, as in "
    "retention_rate=0.93in0.88to0.96, and forecasts do not miss (range.forecast=off).",
    ("--workers", "0"): "The number of workers (--workers 0) must be a whole number from 1 to 256.",
    ("--workers", "9" * 400): f"The number of workers (--workers {'9' * 39}…) must be a whole number from 1 to 256.",
    ("--workers", "two"): "The number of workers (--workers two) must be a whole number from 1 to 256.",
    ("--workers", "2", "--dask", "tcp://10.0.0.5:8786"): "--workers are processes here and --dask has workers of its own; "
    "give one of the two.",
    ("--company", "launchpad"): "--company names one company and --companies a folder of them; give one of the two.",
    ("--dask", ""): "No Dask scheduler answers at ''; start one with `dask scheduler`.",
    ("--dask", "127.0.0.1:99999"): "No Dask scheduler answers at '127.0.0.1:99999'; start one with `dask scheduler`.",
}  # fmt: skip


@pytest.mark.parametrize("options", REFUSED)
def test_what_is_wrong_with_the_question_is_said_once_and_leaves_nothing(
    options: tuple[str, ...], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(workers, "DASK_SECONDS", 0.5)
    out = tmp_path / "o.csv"
    asked = ["study", "uncertainty", "--companies", str(folder), "--runs", "2048", "--out", str(out), *options]
    assert main(asked) == 2
    gc.collect()  # Dask's client that found no scheduler closes here: it hangs if that is while another client starts
    assert told(capsys) == [REFUSED[options], "Nothing was written."]
    assert [*tmp_path.iterdir()] == [folder]


def test_a_folder_that_is_none_or_holds_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    out = tmp_path / "o.csv"
    for name in ("none", "file"):
        assert main(call(tmp_path / name, out)) == 2
        assert told(capsys)[0] == f"{tmp_path / name} is no folder; --companies needs one with company files."
    assert main(call(tmp_path / "empty", out)) == 2
    assert told(capsys)[0] == f"{tmp_path / 'empty'} holds no company file (*.toml)."
    (tmp_path / "empty" / "x.toml").write_text("id =", encoding="utf-8")
    assert main(call(tmp_path / "empty", out)) == 2
    assert told(capsys)[1:] == ["None of these companies can be used.", "Nothing was written."]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_where_the_result_goes_must_be_a_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "uncertainty", "--companies", str(folder)]) == 2
    assert told(capsys)[0] == ("--companies needs --out FILE: what is done is kept beside it, to go on from when it is "
                               "stopped.")  # fmt: skip
    assert main(call(folder, tmp_path)) == 2
    assert told(capsys)[0].endswith(" is a folder; name a file.")
    os.mkfifo(tmp_path / "pipe")
    assert main(call(folder, tmp_path / "pipe")) == 2
    assert told(capsys)[0].endswith("/pipe is no file that could be replaced; name a file.")
    assert main(call(folder, tmp_path / "none" / "o.csv")) == 2
    assert told(capsys)[0] == f"{tmp_path / 'none' / 'o.csv.journal'} cannot be used: No such file or directory."


def test_workers_and_cluster_go_with_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--workers", "--dask"):
        assert main(["study", "tornado", option, "2"]) == 2
        assert told(capsys)[0] == f"{option} goes with --companies."


def test_a_journal_of_other_settings_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o.csv"
    (folder / "broken.toml").touch()
    assert main(call(folder, out)) == 3
    kept, written = journal(out).read_bytes(), out.read_bytes()
    del told(capsys)[:]
    (folder / "broken.toml").unlink()
    otherwise = "Give those again, take another --out, or delete that file to begin anew."
    assert main([*call(folder, out, runs=4096), "--move", "sales_reps=9"]) == 2
    assert told(capsys)[0] == (f'{journal(out)} was begun with other settings: move was none, now ["sales_reps=9"]; '
                               f'runs was "2048", now "4096". {otherwise}')  # fmt: skip
    monkeypatch.setattr(engine, "MODEL_VERSION", 2)
    assert main(call(folder, out)) == 2
    assert told(capsys)[0] == f"{journal(out)} was begun with other settings: model was 1, now 2. {otherwise}"
    assert (journal(out).read_bytes(), out.read_bytes()) == (kept, written)
    monkeypatch.undo()
    assert main(["study", "tornado", "--companies", str(folder), "--out", str(out)]) == 2
    assert 'study was "uncertainty", now "tornado"' in told(capsys)[0]
    assert len(rows(studied(folder, out))) == 2


def test_a_file_that_is_no_journal_is_left_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o.csv"
    for content in (b"mine", b"mine\n", b"\xff\n\x00", b"0123456789abcdef {}\n"):
        journal(out).write_bytes(content)
        assert main(call(folder, out)) == 2
        assert told(capsys)[0] == (f"{journal(out)} is not a journal of RevLens; move it away, or take another --out.")
        assert journal(out).read_bytes() == content


def test_two_runs_do_not_share_a_journal(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import fcntl

    out = tmp_path / "o.csv"
    with journal(out).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert main(call(folder, out)) == 2
    assert told(capsys)[0] == f"{journal(out)} is in use by another run; wait for it, or take another --out."


def test_an_older_result_stays_until_the_new_one_is_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o.csv"
    out.write_text("older", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert main(call(folder, out)) == 2
    assert out.read_text(encoding="utf-8") == "older"
    assert studied(folder, out) == studied(folder, tmp_path / "fresh.csv")


def test_progress_tells_rate_and_time_left_to_those_who_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter([0.0, 0.0, 2.0, 4.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.Progress(5, 1) as told_to:
        told_to.step()
        told_to.step()
    assert capsys.readouterr().err == (
        "Going on: 1 of 5 companies are done.\n\r1 of 5 companies\x1b[K\r2 of 5 companies, 0.5 a second, 6 s left\x1b[K"
        "\r3 of 5 companies, 0.5 a second, 4 s left\x1b[K\n"
    )


def test_progress_is_a_line_a_minute_in_a_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter([0.0, 0.0, 30.0, 61.0, 90.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    with progress.Progress(1_500, 0) as told_to:
        for _ in range(3):
            told_to.step()
    assert capsys.readouterr().err == "2 of 1,500 companies, 0.033 a second, 12 h 41 min left\n"


def test_dask_is_not_needed_until_it_is_asked_for() -> None:
    code = (
        "import sys, model, model.command_line, model.studies.commands.portfolio; print('distributed' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


def test_without_dask_it_says_how_to_get_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(call(folder, tmp_path / "o.csv", "--dask", "tcp://127.0.0.1:1")) == 2
    assert told(capsys)[0] == "--dask needs Dask, which is not installed: pip install 'revlens[dask]'."


def test_a_local_dask_cluster_gives_the_same_bytes_as_processes_here(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    here = studied(folder, tmp_path / "here.csv", "--workers", "1", runs=4096)
    (folder / "broken.toml").touch()
    out = tmp_path / "o.csv"
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        assert main(call(folder, out, "--dask", address)) == 2
        assert told(capsys)[-2] == (f"The Dask scheduler at {address} has no workers; start some with `dask worker "
                                    f"{address}`.")  # fmt: skip
        cluster.scale(2)
        cluster.wait_for_workers(2)
        assert main(call(folder, out, "--dask", address, runs=4096)) == 3
        assert rows(out.read_bytes())[1:] == rows(here)
        monkeypatch.setattr(engine, "MODEL_VERSION", 2)
        assert main(call(folder, tmp_path / "other.csv", "--dask", address)) == 2
        said = told(capsys)
        assert len([line for line in said if "has model 1, here it is 2; all must have the same." in line]) == 2
