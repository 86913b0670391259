"""Lets `python -m statusgen` do what the `statusgen` command does."""

from statusgen.cli.main import main

main(prog_name="statusgen")
