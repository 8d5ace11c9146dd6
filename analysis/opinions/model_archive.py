"""The fitted vote model inside a report, so that `predict` needs nothing but the report."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.array_types import FloatArray, IndexArray
from analysis.errors import AnalysisError
from analysis.opinions.ideal_point import IdealPointModel, predict_agreement
from analysis.opinions.ideal_point_scan import Positions
from analysis.opinions.placement import Placement


@dataclass(frozen=True)
class ArchivedModel:
    """A vote model as read from a report.

    Attributes
    ----------
    model : IdealPointModel
    positions : Positions
    participants, statements : dict of str to int
        Where each identifier stands in them.
    """

    model: IdealPointModel
    positions: Positions
    participants: dict[str, int]
    statements: dict[str, int]

    def predict(self, participants: IndexArray, statements: IndexArray) -> FloatArray:
        """Return P(agree, given agree or disagree) of pairs of positions."""
        return predict_agreement(self.model, self.positions, participants, statements)


def archive_model(statements: Sequence[str], placement: Placement) -> dict[str, Any] | None:
    """Return the model as plain values; None where the method has none.

    ``statements`` and ``participants`` hold, in base64, little-endian 32-bit floats: row by row
    the posterior mean and the upper triangle of its covariance. Participants follow the order of
    the report's own list.
    """
    model, positions = placement.model, placement.positions
    if model is None or positions is None:
        return None
    return {
        "kind": "ideal-point",
        "dimensions": model.mean.shape[1] - 1,
        "passes": model.passes,
        "second_start": model.second_start,
        "axis_sizes": np.round(model.axis_sizes(), 9).tolist(),
        "statement_ids": list(statements),
        "statements": _pack(model.mean, model.covariance),
        "participants": _pack(positions.mean, positions.covariance),
    }


def read_model(report: Mapping[str, Any]) -> ArchivedModel:
    """Read the model out of a parsed report.

    Raises
    ------
    AnalysisError
        If the report has no model or the model is damaged.
    """
    section = report.get("model")
    if not section:
        method = (report.get("parameters") or {}).get("method")
        raise AnalysisError(f"the report has no vote model (its method is {method}); none predicts")
    try:
        size = int(section["dimensions"]) + 1
        model = IdealPointModel(*_unpack(section["statements"], size), 0.0, 1.0)
        positions = Positions(*_unpack(section["participants"], size))
        items = {str(name): place for place, name in enumerate(section["statement_ids"])}
        people = {str(row["id"]): place for place, row in enumerate(report["participants"])}
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise AnalysisError("the report's vote model is damaged; make the report again") from error
    if len(items) != len(model.mean) or len(people) != len(positions.mean):
        raise AnalysisError("the report's vote model is damaged; make the report again")
    return ArchivedModel(model, positions, people, items)


def _pack(mean: FloatArray, covariance: FloatArray) -> str:
    """Return means and covariances as base64 of 32-bit floats."""
    rows, columns = np.triu_indices(mean.shape[1])
    values = np.hstack([mean, covariance[:, rows, columns]]).astype("<f4")
    return base64.b64encode(values.tobytes()).decode("ascii")


def _unpack(text: str, size: int) -> tuple[FloatArray, FloatArray]:
    """Return means and covariances."""
    rows, columns = np.triu_indices(size)
    raw = np.frombuffer(base64.b64decode(text, validate=True), dtype="<f4")
    values = raw.astype(np.float64).reshape(-1, size + len(rows))
    covariance = np.zeros((len(values), size, size))
    covariance[:, rows, columns] = values[:, size:]
    covariance[:, columns, rows] = values[:, size:]
    return values[:, :size], covariance
