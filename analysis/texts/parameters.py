"""Every constant of the text methods: its default, its unit and where it comes from."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ThemeParameters:
    """The knobs of the comment analysis; a published report carries all of them.

    Sources are named in ``docs/methods-texts.md``. "Measured" means: chosen on public labelled
    sets, as told there; "convention" means: a choice that any value nearby would serve.
    """

    # Normalisation
    longest_text: int = 5_000  #: characters analysed of one comment; the original is kept whole
    longest_run: int = 3  #: equal characters in a row that are kept (convention)
    longest_thai_run: int = 300  #: Thai letters without a space given to the segmenter at once
    fewest_letters: int = 12  #: fewer letters than this is "no text" (measured on bare links)
    script_share: float = 0.3  #: share of letters that makes a text Thai (or another script)

    # Near-duplicates (MinHash: Broder 1997; bands: Leskovec et al., Mining of Massive Datasets 3.4)
    shingle_length: int = 5  #: characters per shingle
    shingle_length_ideographic: int = 3  #: the same for Chinese, Japanese and Korean
    permutations: int = 64  #: length of a MinHash signature
    band_rows: int = 3  #: signature entries per band; 21 bands find pairs of similarity .5
    similarity: float = 0.5  #: Jaccard similarity from which two texts are near-duplicates
    similarity_short: float = 0.8  #: the same for texts under `short_shingles`
    short_shingles: int = 12  #: shingles below which a text counts as short
    bucket_representatives: int = 4  #: texts per band bucket that others are compared with
    core_share: float = 0.5  #: share of members that must hold a shingle of the template core
    core_shingles: int = 40  #: smallest template core, in shingles
    core_contained: float = 0.6  #: share of a core inside a text that attaches the text
    text_contained: float = 0.8  #: share of a text inside a core that attaches the text
    fewest_for_campaign: int = 3  #: comments that make a group of near-duplicates a campaign
    shortest_addition: int = 25  #: letters of own text that count as a personal addition
    addition_block: int = 12  #: letters in a row that count as taken from the template

    # Features
    fewest_to_group: int = 30  #: unique texts of one language below which all are listed instead
    word_features: int = 30_000  #: most frequent words kept
    character_features: int = 60_000  #: most frequent character sequences kept
    character_buckets: int = 20  #: base-2 logarithm of the hash space of character sequences
    character_weight: float = 1.5  #: weight of character sequences beside words (measured)
    shortest_sequence: int = 3  #: characters
    longest_sequence: int = 5  #: characters
    longest_sequence_large: int = 4  #: characters, above `large` texts
    large: int = 20_000  #: texts
    rare_word: int = 2  #: texts that must hold a word (3 from `many` texts on)
    rare_sequence: int = 3  #: texts that must hold a character sequence
    many: int = 3_000  #: texts
    common: float = 0.5  #: share of texts above which a feature says nothing
    boilerplate_share: float = 0.2  #: share of texts that makes a phrase a form's wording
    boilerplate_words: int = 4  #: words in a row that are compared for it

    # Space (latent semantic analysis: Deerwester et al. 1990; smoothing: measured)
    dimensions: int = 100  #: before smoothing
    final_dimensions: int = 50  #: after smoothing
    strength: float = 1.5  #: power of the singular values that weigh the directions (measured)
    iterations: int = 5  #: power iterations of the randomised decomposition (Halko et al. 2011)
    neighbours: int = 14  #: nearest neighbours mixed in, under `neighbours_from` texts
    neighbours_large: int = 28  #: the same from there on
    neighbours_from: int = 500  #: texts
    smoothing: float = 0.8  #: weight of the neighbours in each step
    smoothing_long: float = 0.3  #: the same when the median text is long
    long_text: int = 300  #: characters of the median text
    smoothing_steps: int = 3
    exact_neighbours: int = 20_000  #: texts up to which all pairs are compared
    probed_cells: int = 8  #: cells searched per text above that

    # Themes (spherical k-means: Dhillon and Modha 2001)
    fewest_themes: int = 4
    most_themes: int = 20
    most_themes_small: int = 5  #: the same while there are under `small` unique texts
    small: int = 60  #: unique texts
    starts: int = 10  #: k-means starts; the best is kept
    starts_large: int = 4  #: the same above `many` texts
    rounds: int = 100  #: most iterations of one start
    rounds_warm: int = 2  #: iterations after a start from the previous themes
    warm_shortage: float = 1.5  #: wanted over previous themes above which it starts afresh
    stay_margin: float = 0.02  #: lead that another theme needs to take over a text then
    warm_growth: float = 2.0  #: growth of the unique texts up to which a refit starts warm
    sub_themes: int = 4  #: sub-themes per theme, on average
    weak_similarity: float = 0.35  #: cosine to the own centre below which a fit may be weak
    weak_share: float = 0.05  #: share of the least similar texts that may be weak
    weak_margin: float = 0.01  #: lead over the second centre below which a fit is weak
    second_margin: float = 0.03  #: lead below which the second theme is named too
    fewest_for_minority: int = 3  #: people in a sub-theme that may be promoted
    minority_tightness: float = 0.7  #: mean cosine inside a promoted sub-theme
    minority_share: float = 0.1  #: lowest share of sub-themes by that cosine
    sibling_similarity: float = 0.6  #: cosine that links themes of different answers
    anchor_comments: int = (
        2  #: comments of a theme that must hold what links languages (convention)
    )
    anchor_people: float = (
        0.2  #: share of a theme's people who wrote in both languages (convention)
    )
    most_links: int = 3  #: suggested links per theme
    kept_overlap: float = 0.5  #: shared comments (share of the smaller) that keep a theme's id

    # Labels and quotes
    label_terms: int = 5
    label_documents: int = 3  #: texts of a theme that must hold a label term
    longest_label: int = 30  #: characters of a label term
    label_rarity: float = 0.5  #: power of the rarity of a term
    quotes: int = 3  #: typical quotes per theme
    quote_candidates: int = 200  #: texts per theme that compete for the quotes
    quote_length: int = 280  #: characters; longer comments are quoted by a window of sentences
    bridging_similarity: float = 0.3  #: cosine to a theme's comments that places a statement
    bridging_comments: int = 3  #: nearest comments that it is compared with
    bridging_sample: int = 200  #: comments per theme that are looked at
    shortest_quote: int = 20  #: characters; shorter comments are quoted only when nothing else is

    # Embedders
    embedder_batch: int = 64  #: texts sent at once
    embedder_timeout: float = 30.0  #: seconds
    probe_slack: float = 0.0  #: agreement that an embedder may lose against the default

    seed: int = 0  #: of every random number generator

    def to_dict(self) -> dict[str, int | float]:
        """Return the parameters as a plain dictionary, for the report."""
        return asdict(self)
