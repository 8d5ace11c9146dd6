"""Pages on which officers run the analysis and prepare the summary."""

from flask import Blueprint

blueprint = Blueprint("authoring_summaries", __name__)
