"""Service: publish, hold or hide a contribution, with a rule and a reason."""

from moderation.models import Decision  # noqa: F401
