"""What can go wrong in an analysis, told in one line that names the place and the mend."""


class AnalysisError(ValueError):
    """The input does not allow what was asked; the message says what to mend."""


class NotEnoughVotesError(AnalysisError):
    """There are too few votes, participants or statements for the figure that was asked."""


class MalformedVotesError(AnalysisError):
    """A vote file or table breaks its format; the message names file, row and column."""


class MalformedCommentsError(AnalysisError):
    """A comment file or table breaks its format; the message names file, row and column."""
