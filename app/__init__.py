"""The web shell: pages, commands and the job loop around the domain."""

from app.factory import create_app

__all__ = ["create_app"]
