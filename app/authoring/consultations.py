"""Pages on which officers prepare a consultation."""

from flask import Blueprint

blueprint = Blueprint("authoring_consultations", __name__)
