"""Tables of frozen inputs of the analysis and of its runs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, UtcDateTime, text_enum


class Snapshot(Base):
    """Votes and comments of one moment, frozen: canonical CSV (zlib) with the SHA-256 of each.

    People appear under labels made for this snapshot alone. What turned a participant into a label
    is not kept, and a comment's author has another label than the same person's votes.
    """

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    vote_count: Mapped[int]
    comment_count: Mapped[int]
    #: Hexadecimal SHA-256 of the uncompressed files.
    votes_digest: Mapped[str] = mapped_column(String(64))
    statements_digest: Mapped[str] = mapped_column(String(64))
    comments_digest: Mapped[str] = mapped_column(String(64))
    participants_digest: Mapped[str] = mapped_column(String(64))
    #: People by tier: how many took part, voted and commented.
    tier_counts: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Counts by day, answers about oneself, and the last vote, as ``snapshots.activity`` has them.
    #: Never shown as it is: small counts of answers are in it.
    activity: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    votes_csv: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    statements_csv: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    comments_csv: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: Voters with the group that another system had put them in; empty outside imports.
    participants_csv: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: Which voters support which comments; None in a snapshot older than supports.
    supports_csv: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    supports_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    #: Contributions whose words were erased since; with one or more, the files no longer have the
    #: digests that they were frozen with.
    erased: Mapped[int] = mapped_column(default=0, server_default="0")


class RunState(StrEnum):
    """Where a run stands. A failed run is a result too: its reason is shown."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AnalysisRun(Base):
    """One execution of the engine on one snapshot."""

    __tablename__ = "analysis_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    state: Mapped[RunState] = mapped_column(text_enum(RunState), default=RunState.QUEUED)
    #: Code of the failure, and the engine's own sentence; empty unless failed.
    failure_code: Mapped[str] = mapped_column(String(64), default="")
    failure_detail: Mapped[str] = mapped_column(Text, default="")
    #: Step that the run is at, for the progress page.
    progress: Mapped[str] = mapped_column(String(32), default="")
    engine_version: Mapped[str] = mapped_column(String(64), default="")
    parameters: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: Hexadecimal SHA-256 of the stored report's canonical JSON.
    report_digest: Mapped[str] = mapped_column(String(64), default="")
    #: Begun by the clock and not by a person; older ones make room for newer ones.
    automatic: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Comments that had a theme in the run before and in this one; how many kept theirs.
    themes_compared: Mapped[int | None]
    themes_kept: Mapped[int | None]
    #: What the results page shows: small, without one row per participant.
    picture: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    #: What places a participant on the map by their own votes; zlib-compressed JSON, never shown.
    places_json: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: The engine's reports as zlib-compressed JSON, schemas in ``interfaces`` of docs/methods.md.
    opinions_json: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    themes_json: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    summary_json: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
