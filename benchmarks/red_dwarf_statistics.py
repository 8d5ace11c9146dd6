"""Runs red-dwarf on one table of votes and writes its Polis statistics; knows nothing of ours."""

import sys

import numpy as np
from reddwarf.implementations.polis import run_pipeline
from reddwarf.utils.stats import calculate_comment_statistics

#: Which of red-dwarf's arrays hold agree and disagree.
AGREE, DISAGREE = 0, 1


def main(source: str, target: str) -> None:
    """Read codes and choices from `source`; write groups and statistics to `target`."""
    with np.load(source) as data:
        people, items, choices = data["people"], data["items"], data["choices"]
    columns = zip(people.tolist(), items.tolist(), choices.tolist(), strict=True)
    votes = [
        {"participant_id": person, "statement_id": item, "vote": choice, "modified": number}
        for number, (person, item, choice) in enumerate(columns)
    ]
    result = run_pipeline(votes=votes, random_state=0)
    frame = result.participants_df
    grouped = frame[frame["to_cluster"]]
    labels = grouped["cluster_id"].to_numpy(dtype=np.int64)
    matrix = result.raw_vote_matrix.loc[grouped.index, :]
    _, _, share, ratio, share_test, ratio_test, consensus = calculate_comment_statistics(
        vote_matrix=matrix, cluster_labels=labels.tolist()
    )
    statements = result.statements_df
    np.savez(
        target,
        ids=grouped.index.to_numpy(dtype=np.int64),
        labels=labels,
        items=matrix.columns.to_numpy(dtype=np.int64),
        agree_share=share[AGREE],
        disagree_share=share[DISAGREE],
        agree_test=share_test[AGREE],
        disagree_test=share_test[DISAGREE],
        agree_ratio=ratio[AGREE],
        disagree_ratio=ratio[DISAGREE],
        agree_ratio_test=ratio_test[AGREE],
        disagree_ratio_test=ratio_test[DISAGREE],
        consensus=consensus[AGREE],
        priority=statements.loc[matrix.columns, "priority"].to_numpy(dtype=np.float64),
        extremity=statements.loc[matrix.columns, "extremity"].to_numpy(dtype=np.float64),
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
