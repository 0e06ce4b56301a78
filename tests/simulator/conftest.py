"""A simulator and a receiver for each test."""

from collections.abc import Iterator

import pytest

from tests.simulator.running import Receiver, Running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The business's callback URL."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def simulator(receiver: Receiver) -> Iterator[Running]:
    """A simulator that posts to `receiver`."""
    running = Running(receiver)
    yield running
    running.stop()


@pytest.fixture
def open_window(simulator: Running) -> Running:
    """A simulator in which Maria has just written, so that the business may."""
    simulator.inbound(type="text", text="oi")
    return simulator
