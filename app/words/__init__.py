"""The sentences and names that stand for the domain's codes, in the reader's language."""

from app.words.names import NAMES, name, options
from app.words.problems import PROBLEMS, problem

__all__ = ["NAMES", "PROBLEMS", "name", "options", "problem"]
