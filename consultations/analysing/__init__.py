"""Service, the only bridge to the engine: freeze the input, compute, store the reports.

A failed analysis is a state with a reason, not a crash.
"""

from consultations.analysing.inputs import RunInputs, get_run, load
from consultations.analysing.refreshing import due_for_refresh
from consultations.analysing.runs import (
    Outcome,
    compute,
    give_up,
    note_progress,
    request_run,
    store,
)

__all__ = [
    "Outcome",
    "RunInputs",
    "compute",
    "due_for_refresh",
    "get_run",
    "give_up",
    "load",
    "note_progress",
    "request_run",
    "store",
]
