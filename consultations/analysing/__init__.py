"""Service, the only bridge to the engine: freeze the input, compute, store the reports.

A failed analysis is a state with a reason, not a crash.
"""

from consultations.analysing.choosing import next_statement
from consultations.analysing.computing import Outcome, compute
from consultations.analysing.inputs import RunInputs, get_run, load
from consultations.analysing.refreshing import due_for_refresh
from consultations.analysing.runs import (
    cancel,
    give_up,
    note_progress,
    request_run,
    store,
)

__all__ = [
    "Outcome",
    "RunInputs",
    "cancel",
    "compute",
    "due_for_refresh",
    "get_run",
    "give_up",
    "load",
    "next_statement",
    "note_progress",
    "request_run",
    "store",
]
