"""Pages of results, summary and responses."""

from flask import Blueprint

blueprint = Blueprint("results", __name__)
