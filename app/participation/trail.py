"""Page of what became of one's own contributions."""

from flask import Blueprint

blueprint = Blueprint("trail", __name__)
