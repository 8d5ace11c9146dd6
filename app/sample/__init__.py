"""A sample that the project makes itself, so that a newcomer can walk the whole loop at once."""

from app.sample.loading import load, load_once
from app.sample.people import SampleAccounts
from app.sample.welcome import welcome

__all__ = ["SampleAccounts", "load", "load_once", "welcome"]
