"""`python -m analysis`: anyone can recompute a published result from the published votes."""

import argparse
import sys

from analysis.commands import opinions, texts
from analysis.errors import AnalysisError


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command; 2 after one line on standard error if the input is bad."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    opinions.register(subparsers)
    texts.register(subparsers)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except AnalysisError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
