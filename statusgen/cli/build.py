"""`statusgen build`: the site, all of it or nothing."""

from statusgen.cli.build_options import BuildOptions
from statusgen.cli.flags import command


@command(BuildOptions)
def build(options: BuildOptions) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen.cli.build_site import build_site

    build_site(options)
