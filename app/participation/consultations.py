"""Pages of one consultation."""

from flask import Blueprint

blueprint = Blueprint("consultations", __name__)
