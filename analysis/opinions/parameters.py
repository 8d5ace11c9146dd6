"""Every constant of the vote analysis: default, unit, reason and source, in one place."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class OpinionParameters:
    """Constants of the vote analysis; a published report carries the ones it was made with.

    Sources: (P) the Polis code at compdemocracy/polis 08e03eb1, `math/src/polismath/math`;
    (M) measured on real Polis conversations, see docs/methods-votes.md; (R) a rule of ours.
    """

    #: Axes of disagreement in the vote model; the map shows two (M: the third lowers log-loss on
    #: every conversation and steadies the map).
    dimensions: int = 3
    #: Prior variance, logit², of a participant's inclination to agree with anything (M).
    inclination_variance: float = 0.25
    #: Prior variance, logit², of a statement's loading on each axis (M).
    loading_variance: float = 1.0
    #: Most passes over the votes when fitting (M).
    passes: int = 30
    #: Fitting stops when statements move less than this on average (logit).
    pass_tolerance: float = 2e-3
    #: Steps for each participant within a pass, and when projecting onto a finished model (M).
    steps: int = 2
    projection_steps: int = 4
    #: Votes added to a participant's and a statement's count in the start (M: without them a
    #: rarely seen statement owns an axis).
    start_participant_votes: float = 5.0
    start_statement_votes: float = 20.0
    #: Largest loading in the start (logit).
    start_loading_limit: float = 3.0
    #: An axis whose loadings have a root mean square below this is dead (logit; M).
    dead_axis: float = 0.05
    #: Above this many participants the model is fitted on an evenly spaced sample of them.
    sample_participants: int = 10_000
    #: Votes in that sample, at most (M: more of them hardly move the statements).
    sample_votes: int = 500_000
    #: How far an expected vote moves from the statement's average to the model's guess when the
    #: map is drawn (M: 1 follows the guess and is less steady, 0 is the average of others).
    map_trust: float = 0.7
    #: Cells of the completed table that the axes of the map are computed from, at most.
    map_cells: int = 5_000_000
    #: Cells of the completed table held at once when participants are placed.
    block_cells: int = 500_000
    #: Participants per block when a table is scanned; fixes the order of summation.
    block_participants: int = 25_000
    #: Votes that put a participant on the map, or all statements if there are fewer (P).
    included_votes: int = 7
    #: Participants below which nobody is grouped (R: two groups of five).
    grouped_participants: int = 10
    #: Number of groups that an officer asks for; None lets the votes decide.
    wanted_groups: int | None = None
    #: Most groups tried (P).
    groups: int = 5
    #: Share of the whole gain in fit that the last group must bring to be worth naming (M).
    group_gain: float = 0.15
    #: Smallest group, in participants and as a share of those included (R).
    group_participants: int = 5
    group_share: float = 0.05
    #: Votes at the statement's own rate added to each group's votes while grouping (M).
    group_prior_votes: float = 2.0
    #: Most rounds of the grouping (each is one pass over the included votes).
    group_rounds: int = 100
    #: Grouping stops when the mean log-likelihood per participant gains less than this.
    group_tolerance: float = 1e-6
    #: Below this share of belonging to any one group a participant counts as undecided (R).
    undecided: float = 0.6
    #: Updates for which a new number of groups must win before it is taken (P).
    keep_groups: int = 4
    #: Resamples behind the published stability of the groups (R: bounded cost).
    stability_resamples: int = 10
    #: Votes of included participants above which stability is measured on a sample.
    stability_votes: int = 150_000
    #: Passes over the votes when a resample is fitted (M: more change no group).
    stability_passes: int = 12
    #: Stability below which a report warns (M: real conversations have a mean of about 0.8).
    stable: float = 0.6
    #: Share of the probability inside a credible interval.
    interval: float = 0.90
    #: Votes on a statement, and in a group, below which nothing is said about it (R).
    statement_votes: int = 10
    group_votes: int = 5
    #: Participants, evenly spaced, over whom the bridging quantile is taken.
    bridging_participants: int = 2_000
    #: Share of participants that may like a bridging statement less than its score says (R).
    bridging_quantile: float = 0.10
    #: A consensus statement's lower bounds lie above this (R: more likely than not).
    consensus_share: float = 0.5
    #: Votes at the average rate of passing added to each statement's passes (R).
    pass_prior_votes: float = 10.0
    #: z of a one-sided 90 % test (P).
    significance: float = 1.2816
    #: Length of the lists of representative, consensus and dividing statements (P: 5).
    representative_length: int = 5
    list_length: int = 10
    #: Priority of a statement about the consultation itself (P).
    meta_priority: float = 49.0
    #: Votes below which a statement gets its turn before priority decides (R).
    coverage_votes: int = 5
    #: Share of the turns given to the least seen statement once all are covered (R).
    coverage_share: float = 0.1
    #: Votes that a flagged participant, or flagged pair together, has at least (R).
    flag_votes: int = 15
    #: Participants that make a pattern coordinated (R).
    flag_participants: int = 3
    #: A pattern is flagged if fewer than one in this many consultations would show it by chance.
    flag_odds: float = 100.0
    #: Participants above which only wholly identical votes are looked for, not overlapping ones.
    flag_pairs: int = 3_000
    #: Seed of every random draw.
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the constants by name."""
        return asdict(self)
