"""Pages on which officers answer."""

from flask import Blueprint

blueprint = Blueprint("authoring_responses", __name__)
