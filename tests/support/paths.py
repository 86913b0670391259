"""Where everything lies that the tests read. No test module works out a path of its own."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
"""The repository, which is also the example site."""
PACKAGE = ROOT / "statusgen"
DOCS = ROOT / "docs"
README = ROOT / "README.md"

TESTS = ROOT / "tests"
SITES = TESTS / "sites"
"""Whole sample sites."""
BROKEN = TESTS / "broken"
"""Sites with one mistake each, and the messages expected."""
HONEST = TESTS / "honest"
"""Posts as cities write them, by language."""
FINDER = TESTS / "finder"
"""What people type into the finder, and a site in languages that the sample sites lack."""
EXPECTED = TESTS / "expected"
"""Whole outputs, to be read by a person when they change."""
NODE_MODULES = TESTS / "node" / "node_modules"
CLIENTS_PYTHON = TESTS / "clients" / ".venv" / "bin" / "python"
"""The Python of clients whose requirements clash with ours."""
