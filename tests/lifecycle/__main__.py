"""Plays many life cycles and prints what was done: ``python -m tests.lifecycle --seeds 50``."""

import argparse
import json
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from core.keyring import Keyring
from tests.lifecycle.machine import LifeCycle
from tests.lifecycle.plays import LENGTH, run_plays
from tests.sites import SECRET, make_config


def main() -> None:
    """Play; any exception names the shortest play found that breaks something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--steps", type=int, default=5000, help="steps for each seed")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        app = create_app(make_config(f"sqlite:///{template}", Path(folder)))
        with app.app_context():
            upgrade()
            app.extensions["sqlalchemy"].engine.dispose()
        for seed in range(given.first, given.first + given.seeds):
            plays = max(1, given.steps // LENGTH)
            run_plays(template, Keyring(SECRET.encode()), seed=seed, plays=plays, length=LENGTH)
    totals = LifeCycle.totals
    print(
        json.dumps(
            {
                "seeds": given.seeds,
                "steps for each seed": given.steps,
                "acts done": sum(totals["done"].values()),
                "refusals": sum(totals["refused"].values()),
                "violated": 0,
                "seconds": round(time.monotonic() - began),
                **{name: dict(counts.most_common()) for name, counts in totals.items()},
            },
            ensure_ascii=False,
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
