"""The analysis engine: votes in, opinion report out; no web, no database, no clock."""

from analysis.errors import AnalysisError, MalformedVotesError, NotEnoughVotesError
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.report import OpinionReport
from analysis.opinions.votes import VoteTable

__all__ = [
    "AnalysisError",
    "MalformedVotesError",
    "NotEnoughVotesError",
    "OpinionParameters",
    "OpinionReport",
    "VoteTable",
    "analyse_votes",
]
