"""Pages to vote on statements and to propose one."""

from flask import Blueprint

blueprint = Blueprint("statements", __name__)
