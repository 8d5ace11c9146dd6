"""The analysis engine: votes in, opinion report out; no web, no database, no clock."""

from analysis.errors import AnalysisError, MalformedVotesError, NotEnoughVotesError
from analysis.opinion_parameters import OpinionParameters
from analysis.opinion_pipeline import analyse_votes
from analysis.report import OpinionReport
from analysis.votes import VoteTable

__all__ = [
    "AnalysisError",
    "MalformedVotesError",
    "NotEnoughVotesError",
    "OpinionParameters",
    "OpinionReport",
    "VoteTable",
    "analyse_votes",
]
