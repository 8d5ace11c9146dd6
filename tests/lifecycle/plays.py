"""Plays with a seed: so many steps of the state machine, always the same ones."""

from pathlib import Path

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from core.keyring import Keyring
from tests.lifecycle.machine import LifeCycle

#: Steps of one play, from the preparation of a consultation on.
LENGTH = 250


def run_plays(template: Path, keyring: Keyring, *, seed: int, plays: int, length: int) -> None:
    """Run so many plays of so many steps each; the first thing that does not hold ends it.

    Parameters
    ----------
    template : Path
        A migrated, empty SQLite database.
    """
    settings = hypothesis.settings(
        max_examples=plays,
        stateful_step_count=length,
        deadline=None,
        database=None,
        derandomize=False,
        # To make a play shorter takes minutes; the steps of a long one can be read as well.
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    machine = type("Seeded", (LifeCycle,), {"template": template, "keyring": keyring})
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings)
