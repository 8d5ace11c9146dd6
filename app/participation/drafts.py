"""Pages to read a draft and compare two."""

from flask import Blueprint

blueprint = Blueprint("drafts", __name__)
