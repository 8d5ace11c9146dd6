"""Runs red-dwarf on one table of votes, in whatever interpreter has it; knows nothing of ours."""

import sys
import time

import numpy as np
from reddwarf.implementations.polis import run_pipeline


def main(source: str, target: str) -> None:
    """Read codes and choices from `source`; write groups, points and components to `target`."""
    with np.load(source) as data:
        people, items, choices = data["people"], data["items"], data["choices"]
    columns = zip(people.tolist(), items.tolist(), choices.tolist(), strict=True)
    votes = [
        {"participant_id": person, "statement_id": item, "vote": choice, "modified": number}
        for number, (person, item, choice) in enumerate(columns)
    ]
    started = time.process_time()
    result = run_pipeline(votes=votes, random_state=0)
    seconds = time.process_time() - started
    frame = result.participants_df
    groups = frame["cluster_id"].fillna(-1).to_numpy(dtype=np.int64)
    np.savez(
        target,
        ids=frame.index.to_numpy(dtype=np.int64),
        points=frame[["x", "y"]].to_numpy(dtype=np.float64),
        groups=groups,
        item_ids=result.statements_df.index.to_numpy(dtype=np.int64),
        components=result.reducer.components_,
        seconds=np.array(seconds),
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
