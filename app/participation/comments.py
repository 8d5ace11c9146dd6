"""Pages to comment on a clause."""

from flask import Blueprint

blueprint = Blueprint("comments", __name__)
