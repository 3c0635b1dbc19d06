"""Work shared by threads: the order of its results, work within work, and an end before all is done."""

import threading
import time

import pytest

from model import threads


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "THREADS", 2)


def test_results_come_in_the_order_of_the_parts() -> None:
    def work(part: int) -> int:
        time.sleep(0.01 * (part == 0))
        return part**2

    assert [*threads.shared(work, range(5))] == [0, 1, 4, 9, 16]


def test_a_thread_that_shares_work_in_turn_does_it_alone() -> None:
    def within(_part: int) -> set[int]:
        time.sleep(0.01)
        return {*threads.shared(lambda _: threading.get_ident(), range(4))}

    found = [*threads.shared(within, range(4))]
    assert all(len(of_part) == 1 for of_part in found)
    assert len(of_all := set.union(*found)) == 2
    assert threading.get_ident() in of_all
    assert len({*threads.shared(lambda _: (time.sleep(0.01), threading.get_ident())[1], range(4))}) == 2


def test_one_part_stays_with_whoever_asks_so_that_it_may_be_shared_within() -> None:
    assert [*threads.shared(lambda _: threading.get_ident(), range(1))] == [threading.get_ident()]


def test_whoever_stops_asking_stops_the_work() -> None:
    done: list[int] = []
    shared = threads.shared(lambda part: (time.sleep(0.01), done.append(part)), range(50))
    next(shared)
    shared.close()
    so_far = len(done)
    assert so_far < 10
    time.sleep(0.1)
    assert len(done) <= so_far + 1  # the part under way


def test_every_part_is_done_once() -> None:
    for _ in range(50):
        done: list[int] = []
        assert [*threads.shared(lambda part, done=done: done.append(part) or part, range(20))] == [*range(20)]
        assert sorted(done) == [*range(20)]


def test_what_goes_wrong_in_a_part_is_told_to_whoever_asks() -> None:
    for wrong in range(3):
        with pytest.raises(ZeroDivisionError):
            [*threads.shared(lambda part, wrong=wrong: 1 / (part - wrong), range(3))]
    assert [*threads.shared(lambda part: part, range(3))] == [0, 1, 2]
