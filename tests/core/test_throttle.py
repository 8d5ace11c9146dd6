"""Attempts are counted by window."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from core import throttle
from core.clock import now
from core.errors import ThrottledError

WINDOW = timedelta(minutes=10)


def test_the_limit_holds_within_a_window_and_ends_with_it(session: Session) -> None:
    with time_machine.travel("2026-11-20 10:01:00+00:00", tick=False):
        for _ in range(3):
            throttle.check_and_count(session, "try:a", limit=3, window=WINDOW)
        with pytest.raises(ThrottledError) as refused:
            throttle.check_and_count(session, "try:a", limit=3, window=WINDOW)
    assert refused.value.retry_after == timedelta(minutes=9)
    with time_machine.travel("2026-11-20 10:10:00+00:00", tick=False):
        throttle.check_and_count(session, "try:a", limit=3, window=WINDOW)


def test_keys_are_counted_apart(session: Session) -> None:
    throttle.check_and_count(session, "try:a", limit=1, window=WINDOW)
    throttle.check_and_count(session, "try:b", limit=1, window=WINDOW)
    assert throttle.attempts(session, "try:a") == 1


def test_forgetting_starts_anew(session: Session) -> None:
    throttle.check_and_count(session, "try:a", limit=1, window=WINDOW)
    throttle.forget(session, "try:a")
    throttle.check_and_count(session, "try:a", limit=1, window=WINDOW)


def test_old_windows_are_dropped(session: Session) -> None:
    throttle.check_and_count(session, "try:a", limit=9, window=WINDOW)
    throttle.forget_old(session, before=now() + timedelta(days=1))
    assert throttle.attempts(session, "try:a") == 0
