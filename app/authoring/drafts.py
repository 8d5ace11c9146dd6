"""Pages on which officers write drafts."""

from flask import Blueprint

blueprint = Blueprint("authoring_drafts", __name__)
