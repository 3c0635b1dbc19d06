"""A portfolio: the same bytes whoever works it out and in what order, and after any death of those who do."""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from model import engine, load_company
from model import threads as threads_module
from model.command_line import main
from model.doubt import Doubt
from model.moves import read_move
from model.outcomes import read_outcome
from model.scenario import Scenario
from model.studies import workers
from model.studies.journal import Journal
from model.studies.one_row import one_row_csv
from model.studies.ranges import ranges_of
from model.studies.uncertainty import LOSS, asked_with, uncertainty
from tests.portfolios import RANGES, call, journal, portfolio, rows, shipped_portfolio, studied

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120
HALF_STARTED = "EOFError: Ran out of input\n"
"""What Python itself says last in a worker whose parent was killed while it was telling the worker what to do."""


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return portfolio(tmp_path_factory.mktemp("five") / "companies", 5)


@pytest.fixture(scope="module")
def of_five(five: Path) -> bytes:
    return studied(five, five.parent / "whole.csv")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the titles of the companies that are worked out from now on, in this process."""
    found: list[str] = []

    def answer(job: workers.Job, real: Callable[[workers.Job], workers.Answer] = workers.answer) -> workers.Answer:
        found.append(job.scenario.company.title)
        return real(job)

    monkeypatch.setattr(workers, "answer", answer)
    return found


@pytest.mark.parametrize("count", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(count: int, five: Path, of_five: bytes, tmp_path: Path) -> None:
    assert studied(five, tmp_path / "o.csv", "--workers", str(count)) == of_five


@pytest.mark.parametrize(("columns", "threads"), [(40, 1), (333, 3), (10_000, 1)])
def test_any_size_of_chunks_gives_the_same_bytes(
    columns: int, threads: int, five: Path, of_five: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "COLUMNS_AT_ONCE", columns)
    monkeypatch.setattr(threads_module, "THREADS", threads)
    assert studied(five, tmp_path / "o.csv") == of_five


def test_neither_names_of_files_nor_companies_beside_it_change_a_row(
    five: Path, of_five: bytes, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number, path in enumerate(sorted(five.iterdir(), reverse=True)[:3]):
        shutil.copy(path, other / f"{number}.TOML")
    found = rows(studied(other, tmp_path / "o.csv"))
    assert [row.pop("file") for row in found] == ["0.TOML", "1.TOML", "2.TOML"]
    before = rows(of_five)[:1:-1]
    assert [row.pop("file") for row in before] == ["05.toml", "04.toml", "03.toml"]
    assert found == before


def test_two_files_of_one_company_are_worked_out_once(tmp_path: Path, asked: list[str]) -> None:
    folder = portfolio(tmp_path / "c", 1)
    shutil.copy(folder / "01.toml", folder / "02.toml")
    one, other = rows(studied(folder, tmp_path / "o.csv"))
    assert (one.pop("file"), other.pop("file")) == ("01.toml", "02.toml")
    assert one == other
    assert asked == ["Company 1"]


def test_a_row_is_that_of_the_study_of_the_company_alone(tmp_path: Path) -> None:
    folder = shipped_portfolio(tmp_path / "c")
    for row in rows(studied(folder, tmp_path / "o.csv", "--kpi", "nrrat20", "--horizon", "30", runs=4096)):
        company = load_company(str(folder / row["file"]))
        assert main(["study", "uncertainty", "--company", str(folder / row["file"]), "--kpi", "nrrat20", "--horizon", "30",
                     "--runs", "4096", *RANGES, "--out", str(tmp_path / "one.csv")]) == 0  # fmt: skip
        alone = {(one["kpi"], one["month"]): one for one in rows((tmp_path / "one.csv").read_bytes())}
        same, loss = alone["nrr", "20"], alone["operating_profit", "20"]
        for name in same.keys() - {"chance_of_loss", "chance_of_loss_error"}:
            assert_alike(row[name], same[name])
        for name in ("chance_of_loss", "chance_of_loss_error"):
            assert_alike(row[name], loss[name])
        assert (row["company"], row["title"], row["problem"]) == (company.id, company.title, "")
        moves = [read_move(*move.split("=", 1), company) for move in RANGES[1:4:2]]
        assert row["varied"] == "retention_rate win_rate forecast"
        assert row["driver"] in row["varied"].split()
        assert [move.key for move in moves] == row["varied"].split()[:2]


def assert_alike(one: str, other: str) -> None:
    """Compare cells: errors are sums over batches, which another layout in memory may add up in another order."""
    try:
        assert float(one) == pytest.approx(float(other), rel=1e-12)
    except ValueError:
        assert one == other


def test_quantiles_and_chances_are_those_of_a_cost_that_comes_straight_off_profit() -> None:
    company = load_company("midmarket-saas")
    moves = [
        read_move("fixed_cost_growth", "0", company),
        read_move("fixed_costs", "5000000in4000000to8000000", company),
    ]
    scenario = Scenario.of(company, moves, 24, doubt=Doubt(noise=False))
    outcome = read_outcome("operating_profitat12", company, 24)
    plan, costs = outcome.of(engine.project(scenario)), ranges_of(scenario)["fixed_costs"]
    (row,) = rows(one_row_csv(scenario, outcome, plan - 1e6, 10))
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        exact = plan + 5e6 - float(costs.ppf(np.array(1 - share)))
        assert abs(float(row[f"p{100 * share:g}"]) - exact) <= max(float(row[f"p{100 * share:g}_error"]), 1.0)
    reached = stats.norm.cdf(stats.norm.ppf(0.9) * math.log(6 / 5) / math.log(8 / 5))
    assert abs(float(row["chance_of_target"]) - reached) <= float(row["chance_of_target_error"])
    assert (row["driver"], row["varied"]) == ("fixed_costs", "fixed_costs")
    assert float(row["driver_share"]) == pytest.approx(1)


def test_more_runs_take_their_place_in_memory_by_outcomes_alone() -> None:
    company = load_company("midmarket-saas")
    scenario = Scenario.of(company, [read_move("retention_rate", "0.9in0.85to0.94", company)], 60)
    peaks = []
    for batches in (2, 20):
        tracemalloc.start()
        one_row_csv(scenario, LOSS, None, batches)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    drawn_and_kept = 18 * 1_024 * (2 + 1 + 20) * 8
    assert peaks[1] - peaks[0] < 5 * drawn_and_kept < uncertain_bytes(scenario)


def uncertain_bytes(scenario: Scenario) -> int:
    """Return what the study of all months keeps of as many runs more."""
    return 9 * sum(batch.values.nbytes for batch in uncertainty(scenario, asked_with(LOSS), 2).batches)


def test_a_journal_cut_at_any_byte_loses_no_more_than_the_line_it_was_cut_in(tmp_path: Path) -> None:
    path, settings = tmp_path / "j", {"study": "x", "runs": "2048"}
    answers = {f"key-{number}": f"a\n{number},é\n" for number in range(4)}
    with Journal(path, settings) as whole:
        for key, answer in answers.items():
            whole.add(key, answer)
    content = path.read_bytes()
    assert content.count(b"\n") == 5
    for cut in range(len(content) + 1):
        path.write_bytes(content[:cut])
        done = max(0, content[:cut].count(b"\n") - 1)
        with Journal(path, settings) as again:
            assert again.done == dict(list(answers.items())[:done])
            for key in answers.keys() - again.done.keys():
                again.add(key, answers[key])
        assert sorted(path.read_bytes().splitlines()) == sorted(content.splitlines())


def test_a_damaged_line_of_a_journal_counts_for_nothing_and_the_rest_stands(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path, {"study": "x"}) as whole:
        for key in "abc":
            whole.add(key, "answer")
    lines = path.read_bytes().splitlines(keepends=True)
    for damage in (b"answeR", b"\xff\xfe", b"\n"):
        path.write_bytes(b"".join([*lines[:2], lines[2].replace(b"answer", damage), lines[3]]))
        with Journal(path, {"study": "x"}) as again:
            assert again.done == {"a": "answer", "c": "answer"}


def test_a_journal_without_answers_is_not_left_behind_and_binds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path, {"study": "x"}) as first:
        header = path.read_bytes()
        assert first.done == {}
    assert not path.exists()
    path.write_bytes(header)
    with Journal(path, {"study": "y"}) as other:
        other.add("a", "b")
    with Journal(path, {"study": "y"}) as again:
        assert again.done == {"a": "b"}


def test_what_is_done_is_not_done_again(five: Path, of_five: bytes, tmp_path: Path, asked: list[str],
                                        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    out = tmp_path / "o.csv"
    done = Journal.add

    def add(self: Journal, key: str, answer: str) -> None:
        done(self, key, answer)
        if len(self.done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "add", add)
    assert main(call(five, out)) == 130
    kept_there = f"2 of 5 companies are done and kept in {journal(out)}; the same command goes on from there."
    assert capsys.readouterr().err == f"revlens: Stopped. {kept_there}\n"
    assert not out.exists()
    monkeypatch.setattr(Journal, "add", done)
    assert studied(five, out) == of_five
    assert asked == [f"Company {number}" for number in range(1, 6)]
    assert capsys.readouterr().err == "Going on: 2 of 5 companies are done.\n"


def test_a_company_that_has_changed_since_is_worked_out_again(tmp_path: Path, asked: list[str]) -> None:
    folder, out = portfolio(tmp_path / "c", 3), tmp_path / "o.csv"
    (folder / "broken.toml").write_text("id =", encoding="utf-8")
    assert main(call(folder, out)) == 3
    (folder / "broken.toml").unlink()
    changed = folder / "02.toml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("Company 2", "Another 2"), encoding="utf-8")
    del asked[:]
    found = studied(folder, out)
    assert asked == ["Another 2"]
    assert found == studied(folder, tmp_path / "fresh.csv")


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return a folder of eight companies and what comes of 20,480 runs of them in one go."""
    folder = portfolio(tmp_path_factory.mktemp("eight") / "companies", 8)
    return folder, studied(folder, folder.parent / "whole.csv", runs=20_480)


@pytest.fixture
def begun(eight: tuple[Path, bytes], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Yield a study of eight companies by two workers that has just begun."""
    out = tmp_path / "o.csv"
    process = subprocess.Popen(
        [sys.executable, "-m", "model", *call(eight[0], out, "--workers", "2", runs=20_480)],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # tests may run where it is ignored
    )  # fmt: skip
    yield process, out
    if alive(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr:
        process.stderr.close()


def lines_of(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_until(what: Callable[..., object], *arguments: object) -> None:
    end = time.monotonic() + PATIENCE
    while not what(*arguments):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


def alive(group: int) -> bool:
    """Say whether any process of a group is left that does something."""
    return any(of == group and state[0] != "Z" for _, _, of, state, _ in processes())


@pytest.mark.parametrize("lines", [1, 4])
def test_killed_at_any_time_it_goes_on_and_gives_the_same_bytes(
    lines: int, begun: tuple[subprocess.Popen[str], Path], eight: tuple[Path, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    process, out = begun
    wait_until(lambda: lines_of(journal(out)) >= lines)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not alive(process.pid))
    assert process.stderr
    told = process.stderr.read()
    assert not told or told.endswith(HALF_STARTED), told
    assert str(ROOT / "model") not in told
    done = lines_of(journal(out)) - 1
    assert done >= lines - 1
    assert not out.exists()
    assert studied(eight[0], out, runs=20_480) == eight[1]
    assert capsys.readouterr().err == (f"Going on: {done} of 8 companies are done.\n" if done else "")


@pytest.mark.parametrize("lines", [1, 3])
def test_ctrl_c_ends_it_cleanly_and_says_how_to_go_on(
    lines: int, begun: tuple[subprocess.Popen[str], Path], eight: tuple[Path, bytes]
) -> None:
    process, out = begun
    wait_until(lambda: lines_of(journal(out)) >= lines and children(process.pid))
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    done = max(0, lines_of(journal(out)) - 1)
    assert done >= lines - 1
    assert told == f"revlens: Stopped. {kept(done, out)}\n"
    wait_until(lambda: not alive(process.pid))
    assert studied(eight[0], out, runs=20_480) == eight[1]


def test_a_worker_that_is_lost_is_told_and_costs_nothing_that_was_done(
    begun: tuple[subprocess.Popen[str], Path],
) -> None:
    process, out = begun
    wait_until(lambda: children(process.pid))
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    done = max(0, lines_of(journal(out)) - 1)
    assert told == f"revlens: A worker ended before its work was done; was there enough memory? {kept(done, out)}\n"


def kept(done: int, out: Path) -> str:
    """Return the sentence that says how to go on."""
    if not done:
        return "None of 8 companies was done; the same command begins anew."
    return f"{done} of 8 companies are done and kept in {journal(out)}; the same command goes on from there."


def children(parent: int) -> list[int]:
    """Return the workers of a process; the tracker of resources, which is its child, too, is none."""
    return [pid for pid, of, _, _, told in processes() if of == parent and "spawn_main" in told]


def processes() -> Iterator[tuple[int, int, int, str, str]]:
    """Yield of all processes their id, parent, group, state, and command."""
    listed = subprocess.run(
        ["/bin/ps", "-A", "-ww", "-o", "pid=,ppid=,pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        pid, parent, group, state, told = line.split(None, 4)
        yield int(pid), int(parent), int(group), state, told
