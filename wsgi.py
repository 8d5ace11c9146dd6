"""Entry point: ``app`` for a web server; run as a program, a whole site on one machine."""

from app import create_app

app = create_app()
