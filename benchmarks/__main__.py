"""Run the benchmarks: ``python -m benchmarks [NAME ...] [--data FOLDER]``; JSON in reports/."""

import argparse
import importlib
import json
import platform
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    *("site", "pages", "reader", "discussion", "votes", "texts", "mail", "hostile_text"),
    *("report", "workbench", "answer_desk"),
)


def main() -> None:
    """Run the named benchmarks, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", default=list(NAMES), metavar="NAME")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    arguments = parser.parse_args()
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    for name in arguments.names:
        if name not in NAMES:
            parser.error(f"{name} is none of {', '.join(NAMES)}")
        print(f"== {name}", flush=True)
        started = time.perf_counter()
        figures = importlib.import_module(f"benchmarks.{name}").main(arguments.data)
        report = {
            "benchmark": name,
            "python": platform.python_version(),
            "seconds": round(time.perf_counter() - started, 1),
            "figures": figures,
        }
        path = reports / f"{name}.json"
        path.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")
        print(f"   {report['seconds']} s, written to {path.relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    main()
