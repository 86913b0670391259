"""Lets `python -m statusgen` do what the `statusgen` command does."""

from statusgen.cli import main

main(prog_name="statusgen")
