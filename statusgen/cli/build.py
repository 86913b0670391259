"""`statusgen build`: the site, all of it or nothing."""

from statusgen.cli.build_options import BuildOptions
from statusgen.cli.flags import command

EXIT_LEFT_OUT = 3
"""The exit code of a build that left something out."""


@command(BuildOptions)
def build(options: BuildOptions) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen.cli.build_site import build_site

    if build_site(options).left_out:
        raise SystemExit(EXIT_LEFT_OUT)
