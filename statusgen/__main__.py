"""Lets `python -m statusgen` do what the `statusgen` command does."""

from statusgen.cli.main import run

run()
