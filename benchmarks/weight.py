"""What a reader's phone has to load: the compressed size of pages of the sample sites, beside what is allowed.

Run it with `.venv/bin/python benchmarks/weight.py`. A page is one response: its style stands in it, and the one
script is not needed. Sizes are those of gzip at level 9.
"""

import gzip
import tempfile
from pathlib import Path

from click.testing import CliRunner

from statusgen.cli.main import main

ROOT = Path(__file__).parent.parent
SITES = [ROOT / "tests" / "sites" / name for name in ("quiet", "small", "worst-week", "long-tail")] + [ROOT]
# For the front page of a city on its worst day, and for the page of a service.
ALLOWED = {"front page": 10_000, "largest service page": 6_000}


def weight(page: Path) -> int:
    """The bytes of one response."""
    return len(gzip.compress(page.read_bytes(), 9, mtime=0))


def measure() -> None:
    """Build each sample site and print a row for each page and language."""
    print(f"{'site':<14}{'language':<10}{'page':<24}{'bytes':>7}{'allowed':>9}{'ratio':>7}")
    for source in SITES:
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder) / "site"
            result = CliRunner().invoke(main, ["build", "--source", str(source), "--output", str(site)])
            assert result.exit_code == 0, result.output
            name = "kansas-city" if source == ROOT else source.name
            for front in sorted(site.glob("index.html")) + sorted(site.glob("??/index.html")):
                language = "first" if front.parent == site else front.parent.name
                services = max(weight(page) for page in front.parent.glob("services/*/index.html"))
                for kind, size in (("front page", weight(front)), ("largest service page", services)):
                    ratio = size / ALLOWED[kind]
                    print(f"{name:<14}{language:<10}{kind:<24}{size:>7}{ALLOWED[kind]:>9}{ratio:>7.2f}")


if __name__ == "__main__":
    measure()
