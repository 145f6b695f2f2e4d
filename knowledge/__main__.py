"""The owners' command line: `python -m knowledge check`."""

import argparse
import sys
from pathlib import Path

from knowledge.findings import KnowledgeError
from knowledge.loader import load

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 good, 1 findings, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="read the knowledge files and say what is wrong with them")
    check.add_argument("folder", nargs="?", type=Path, default=HERE)
    check.set_defaults(run=_check)
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


def _check(options: argparse.Namespace) -> int:
    try:
        knowledge = load(options.folder)
    except KnowledgeError as error:
        for finding in error.findings:
            print(finding)
        return 1
    print(f"{len(knowledge.entries)} entries and {len(knowledge.tools)} tools, version {knowledge.version}: no faults")
    return 0


if __name__ == "__main__":
    sys.exit(main())
