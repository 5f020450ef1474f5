"""Whoever asked first is next: in a surge the thread that takes turns leaves room for replies."""

import threading
import time

from bot.storage.in_order import InOrder


def until(lock: InOrder, waiting: int) -> None:
    for _ in range(10_000):
        if lock.waiting == waiting:
            return
        time.sleep(0.001)
    raise AssertionError(lock.waiting)


def test_who_lets_go_and_asks_again_comes_after_everybody_who_waits() -> None:
    lock, had = InOrder(), list[str]()

    def have(name: str) -> None:
        with lock:
            had.append(name)

    with lock:
        others = [
            threading.Thread(target=have, args=(name,)) for name in ("pump", "desk", "figures")
        ]
        for number, other in enumerate(others, 1):
            other.start()
            until(lock, number)
    with lock:
        had.append("turns")
    for other in others:
        other.join()
    assert had == ["pump", "desk", "figures", "turns"]


def test_a_fault_inside_lets_go_and_only_one_is_ever_inside() -> None:
    lock, inside, most = InOrder(), 0, 0

    def have() -> None:
        nonlocal inside, most
        for number in range(300):
            try:
                with lock:
                    inside += 1
                    most = max(most, inside)
                    inside -= 1
                    if number % 7 == 0:
                        raise LookupError
            except LookupError:
                continue

    threads = [threading.Thread(target=have) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside, lock.waiting) == (1, 0, 0)
    with lock:
        pass
