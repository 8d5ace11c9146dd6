"""Commands: ``flask --app wsgi ...``."""

from flask import Flask

import core.accounts.registering
import core.ledger
import core.notices  # noqa: F401
from moderation import deciding  # noqa: F401


def init_app(app: Flask) -> None:
    """Register the commands."""
