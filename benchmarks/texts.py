"""The comment analysis on labelled and synthetic texts, each figure beside a named baseline."""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from threadpoolctl import threadpool_limits

from analysis.errors import AnalysisError
from analysis.opinions.strata import read_strata
from analysis.opinions.vote_files import read_statements, read_votes
from analysis.summary.rewording import rewording_problems
from analysis.summary.writing import summarise
from analysis.texts.comment_files import CommentTable, read_comments
from analysis.texts.near_duplicates import find_near_duplicates
from analysis.texts.normalising import language_of, normalise, words
from analysis.texts.parameters import ThemeParameters
from analysis.texts.personal_data import mask_personal_data
from analysis.themes.partition import number_of_themes
from analysis.themes.pipeline import analyse_comments, find_duplicates
from benchmarks.campaign_maker import make_campaigns
from benchmarks.text_data import (
    Row,
    generated_texts,
    hostile_csv,
    hostile_texts,
    many_of,
    policies,
    pool_of,
    read_rows,
)

PARAMETERS = ThemeParameters()
_KINDS = ("unicode", "redos", "naughty", "csv_formula", "xss")
_SENTENCE = {"values": {}, "text": {"th": "ได้รับความเห็นรวม 3 ความเห็น", "en": "3 comments."}}


def main(data: Path) -> dict[str, Any]:
    """Measure themes, determinism, small voices, campaigns, speed and hostile texts."""
    texts = data / "text"
    figures: dict[str, Any] = {}
    for name, measure in {
        "themes": lambda: theme_quality(texts),
        "stability": lambda: stability(texts),
        "minority of 5 in 150": lambda: minority(texts),
        "campaigns at 20,000": lambda: campaigns(texts, 20_000),
        "speed": lambda: speed(texts, (1_000, 10_000, 100_000)),
        "hostile": lambda: hostile(data / "hostile"),
    }.items():
        figures[name] = measure()
        print(f"   {name}: {json.dumps(figures[name], ensure_ascii=False)}", flush=True)
    return figures


def theme_quality(texts: Path) -> dict[str, Any]:
    """Agreement (adjusted mutual information) with human labels; baseline TF-IDF and k-means."""
    sets = {f"kpa: {name}": rows for name, rows in policies(texts).items()}
    figures = {
        "kpa2021_en, per policy": _mean(_agreement(rows) for rows in sets.values()),
        "kpa2021_en, per policy and stance": _mean(
            _agreement(rows, stance=True) for rows in sets.values()
        ),
        "kpa2021_en, baseline": _mean(_baseline_agreement(rows) for rows in sets.values()),
    }
    for language in ("th", "en"):
        rows = [
            r for r in read_rows(texts / "sib200_th_en/comments.csv.gz") if r["lang"] == language
        ]
        figures[f"sib200 {language}"] = _agreement(rows)
        figures[f"sib200 {language}, baseline"] = _baseline_agreement(rows)
    return {name: round(value, 3) for name, value in figures.items()}


def stability(texts: Path) -> dict[str, float]:
    """Share of comments that change theme: another order, more threads, a third more comments."""
    changed: dict[str, list[float]] = defaultdict(list)
    for rows in list(policies(texts).values())[:8]:
        table = _table(rows)
        before = analyse_comments(table).to_dict()
        for seed in range(3):
            changed["reordered"].append(_churn(before, analyse_comments(_shuffled(table, seed))))
        with threadpool_limits(2):
            changed["two threads"].append(_churn(before, analyse_comments(table)))
        fewer = _part(table, range(len(table) * 3 // 4))
        first = analyse_comments(fewer).to_dict()
        changed["a third more, warm"].append(_churn(first, analyse_comments(table, previous=first)))
        changed["a third more, cold (baseline)"].append(
            _matched_churn(first, analyse_comments(table).to_dict())
        )
        changed["weak fits"].append(_weak_share(before))
        changed["agreement of two 80 % samples (ARI)"].append(_resampled(table))
    return {name: round(float(np.mean(values)), 4) for name, values in changed.items()}


def minority(texts: Path, trials: int = 48) -> dict[str, float]:
    """Share of trials in which five planted comments on a foreign subject are found (F1 >= .6)."""
    sets = list(policies(texts).values())
    source = random.Random(0)  # noqa: S311 - a benchmark, not a secret
    found: Counter[str] = Counter()
    for trial in range(trials):
        home = sets[trial % len(sets)]
        other = sets[(trial + 1 + trial // len(sets)) % len(sets)]
        base = source.sample(home, min(150, len(home)))
        points = Counter(row["kp"] for row in other)
        point = source.choice(sorted(name for name, count in points.items() if count >= 5))
        planted = source.sample([row for row in other if row["kp"] == point], 5)
        report = analyse_comments(_table(base + planted))
        wanted = {str(len(base) + place) for place in range(5)}
        themes = any(_f1(theme.comments, wanted) >= 0.6 for theme in report.themes)
        promoted = any(_f1(small.comments, wanted) >= 0.6 for small in report.minority)
        subs = [sub.comments for theme in report.themes for sub in theme.sub_themes]
        found["sub-theme"] += any(_f1(sub, wanted) >= 0.6 for sub in subs)
        found["sub-theme or theme"] += themes or any(_f1(sub, wanted) >= 0.6 for sub in subs)
        found["theme (baseline: themes alone)"] += themes
        found["theme or promoted"] += themes or promoted
    return {name: round(count / trials, 3) for name, count in found.items()}


def campaigns(texts: Path, count: int) -> dict[str, Any]:
    """Pairs of one campaign found together; baseline equal letters."""
    made = make_campaigns(pool_of(texts), count, seed=1)
    normalised = [normalise(text) for text in made.texts]
    started = time.process_time()
    labels = find_near_duplicates(normalised)
    spent = time.process_time() - started
    numbers = {text: place for place, text in enumerate(normalised)}
    equal = np.array([numbers[text] for text in normalised])
    return {
        "ours": _pair_scores(made.campaigns, labels),
        "equal text (baseline)": _pair_scores(made.campaigns, equal),
        "cpu_ms_per_comment": round(1_000 * spent / count, 3),
    }


def speed(texts: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """CPU seconds of the whole analysis; baseline TF-IDF and k-means of scikit-learn alone."""
    pool = pool_of(texts)
    figures: dict[str, Any] = {}
    for size in sizes:
        chosen = many_of(pool, size)
        table = CommentTable(tuple(str(n) for n in range(size)), tuple(chosen))
        ours, report = _timed(lambda table=table: analyse_comments(table))
        verbatim = all(
            0 <= quote.start < quote.end <= len(table.texts[int(quote.comment)])
            for theme in report.themes
            for quote in theme.quotes
        )
        entry = {"cpu_seconds": round(ours, 1), "quotes_inside_their_comment": verbatim}
        if size <= 10_000:
            baseline, _ = _timed(lambda chosen=chosen: _baseline(chosen, 20))
            entry["times_baseline"] = round(ours / baseline, 2)
        figures[f"{size:,}"] = entry
    return figures


def hostile(folder: Path) -> dict[str, Any]:
    """Longest CPU time over all hostile strings and files, by step; the worst one by name.

    Ours are a million characters long, those of the folder as they are.
    """
    worst: dict[str, tuple[float, str]] = {}
    steps = hostile_steps()
    texts = [*generated_texts(), *hostile_texts(folder, _KINDS)]
    for call in steps.values():  # dictionaries are loaded once, by whoever comes first
        call("ไฟถนนดับทั้งซอย ขอให้รีบซ่อม " * 20)
    for name, text in texts:
        for step, call in steps.items():
            spent, _ = _timed(lambda call=call, text=text: call(text))
            worst[step] = max(worst.get(step, (0.0, "")), (round(spent, 3), name))
    for path in hostile_csv(folder):
        spent, _ = _timed(lambda path=path: read_all(path))
        worst["files"] = max(worst.get("files", (0.0, "")), (round(spent, 3), path.name))
    return {"strings": len(texts), "slowest_seconds": worst}


def hostile_steps() -> dict[str, Callable[[str], object]]:
    """Return everything that a stranger's text goes through, by name."""
    return {
        "normalise": normalise,
        "words": lambda text: words(normalise(text)),
        "language": lambda text: language_of(normalise(text)),
        "mask": mask_personal_data,
        "themes and quotes": lambda text: analyse_comments(_twice(text)),
        "duplicates": lambda text: find_duplicates(_twice(text)),
        "summary": _summarised,
        "rewording": lambda text: rewording_problems(_SENTENCE, text, language="th"),
    }


def read_all(path: Path) -> list[str]:
    """Read a file with every reader; return what each refused it with, empty if it did not."""
    told = []
    for read in (read_comments, read_votes, read_statements, lambda path: read_strata(path, path)):
        try:
            read(path)
            told.append("")
        except AnalysisError as error:
            told.append(str(error))
    return told


def _twice(text: str) -> CommentTable:
    return CommentTable(("a", "b"), (text, text + "."))


def _summarised(text: str) -> object:
    table = _twice(text)
    themes = analyse_comments(table).to_dict()
    comments = dict(zip(table.comments, table.texts, strict=True))
    return summarise({}, themes, statements={}, comments=comments, table=table)


def _table(rows: Sequence[Row], *, stance: bool = False) -> CommentTable:
    return CommentTable(
        tuple(str(place) for place in range(len(rows))),
        tuple(row["text"] for row in rows),
        stances=tuple(row["stance"] for row in rows) if stance else (),
    )


def _part(table: CommentTable, places: Iterable[int]) -> CommentTable:
    chosen = list(places)
    return CommentTable(
        tuple(table.comments[place] for place in chosen),
        tuple(table.texts[place] for place in chosen),
    )


def _shuffled(table: CommentTable, seed: int) -> CommentTable:
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)  # noqa: S311 - a benchmark, not a secret
    return _part(table, order)


def _agreement(rows: Sequence[Row], *, stance: bool = False) -> float:
    report = analyse_comments(_table(rows, stance=stance))
    themes = {c: theme.id for theme in report.themes for c in theme.comments}
    found = [themes.get(str(place), "none") for place in range(len(rows))]
    return float(adjusted_mutual_info_score([row["label"] for row in rows], found))


def _baseline_agreement(rows: Sequence[Row]) -> float:
    count = number_of_themes(len(rows), PARAMETERS)
    found = _baseline([row["text"] for row in rows], count)
    return float(adjusted_mutual_info_score([row["label"] for row in rows], found))


def _baseline(texts: Sequence[str], count: int) -> Any:
    weights = TfidfVectorizer(
        analyzer=lambda text: words(normalise(text)), min_df=2, max_df=0.5, sublinear_tf=True
    ).fit_transform(texts)
    return KMeans(count, n_init=4, random_state=0).fit_predict(weights)


def _churn(before: dict[str, Any], after: Any) -> float:
    """Return the share of comments in both reports whose theme id is another."""
    old = {c: theme["id"] for theme in before["themes"] for c in theme["comments"]}
    new = {c: theme.id for theme in after.themes for c in theme.comments}
    return float(np.mean([new[comment] != theme for comment, theme in old.items()]))


def _matched_churn(before: dict[str, Any], after: dict[str, Any]) -> float:
    """Return the share that moves although each old theme is matched to its best new one."""
    new = {c: theme["id"] for theme in after["themes"] for c in theme["comments"]}
    kept = sum(
        max(Counter(new[comment] for comment in theme["comments"]).values())
        for theme in before["themes"]
    )
    return 1 - kept / sum(len(theme["comments"]) for theme in before["themes"])


def _weak_share(report: dict[str, Any]) -> float:
    weak = sum(len(theme["weak"]) for theme in report["themes"])
    return weak / sum(theme["size"] for theme in report["themes"])


def _resampled(table: CommentTable) -> float:
    """Return how far themes of two samples agree on the comments that both hold."""
    found: list[dict[str, str]] = []
    for seed in range(2):
        order = np.random.default_rng(seed).permutation(len(table))
        report = analyse_comments(_part(table, order[: len(table) * 4 // 5].tolist()))
        found.append({c: theme.id for theme in report.themes for c in theme.comments})
    shared = sorted(found[0].keys() & found[1].keys())
    one, other = ([labels[comment] for comment in shared] for labels in found)
    return float(adjusted_rand_score(one, other))


def _f1(group: Iterable[str], wanted: set[str]) -> float:
    found = set(group)
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def _pair_scores(truth: Sequence[int], labels: Any) -> dict[str, float]:
    """Return precision, recall and F1 over pairs; texts outside campaigns are each alone."""
    known = [c if c >= 0 else -place - 1 for place, c in enumerate(truth)]
    both = _pairs(Counter(zip(known, labels.tolist(), strict=True)).values())
    precision = both / max(1, _pairs(Counter(labels.tolist()).values()))
    recall = both / max(1, _pairs(Counter(known).values()))
    f1 = 2 * precision * recall / max(1e-12, precision + recall)
    named = {"precision": precision, "recall": recall, "f1": f1}
    return {name: round(value, 4) for name, value in named.items()}


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = call()
    return time.process_time() - started, result


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
