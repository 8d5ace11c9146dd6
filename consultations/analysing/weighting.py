"""Weights participants to the population where that is honest, and says why where it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.opinions.representation import (
    RepresentationRefusedError,
    rake,
    weighted_shares,
)
from analysis.opinions.votes import VoteTable
from consultations.strata import LEAST, NOT_SAID

#: Voters who must have answered every question that is weighted by.
LEAST_ANSWERED = 30

Entry = dict[str, Any]
Shares = Mapping[str, Mapping[str, float]]


def weigh(
    table: VoteTable, people: Sequence[Mapping[str, str]], population: Shares, *, interval: float
) -> Entry:
    """Return each statement's agreement as voted and as weighted, or the reason for refusing.

    Parameters
    ----------
    table : VoteTable
    people : sequence of mapping
        Rows of the snapshot's participants: label, and answer to each question.
    population : mapping of question to shares
    interval : float
        Probability that an interval holds.

    Returns
    -------
    dict
        ``state``: ``done``, or ``refused`` with a ``reason`` (``no_population``, ``few_answers``,
        ``small_cells`` with the ``cells`` as pairs of question and answer, or ``weights``);
        ``rows`` when done.
    """
    if not population:
        return _refused("no_population")
    by_label = {row["participant"]: row for row in people}
    answers = {
        question: [_answer(by_label.get(label), question, shares) for label in table.participants]
        for question, shares in population.items()
    }
    if any(len(given) - given.count(None) < LEAST_ANSWERED for given in answers.values()):
        return _refused("few_answers")
    small = [
        [question, value]
        for question, shares in population.items()
        for value in shares
        if answers[question].count(value) < LEAST
    ]
    if small:
        return {**_refused("small_cells"), "cells": small}
    try:
        weights = rake(answers, population)
    except RepresentationRefusedError:
        # The engine's sentence may name a count; the code does not.
        return _refused("weights")
    rows = weighted_shares(table, weights, probability=interval)
    return {
        "state": "done",
        "reason": "",
        "cells": [],
        "questions": sorted(population),
        "rows": {
            row.statement: [round(v, 4) for v in (row.raw, row.weighted, row.low, row.high)]
            for row in rows
        },
    }


def _answer(
    row: Mapping[str, str] | None, question: str, shares: Mapping[str, float]
) -> str | None:
    """Return an answer that the population's table knows; None for any other."""
    given = (row or {}).get(question) or NOT_SAID
    return given if given in shares else None


def _refused(reason: str) -> Entry:
    return {"state": "refused", "reason": reason, "cells": [], "rows": {}}
