"""Copies of a signed site that were tampered with."""

from pathlib import Path

from tests.faults.score import Score, first_cases, format_share
from tests.support import tampering


def measure_tampering(scratch: Path, every: int) -> Score:
    """Flip bits, add, remove, swap and roll back files, and sign with another key: `statusgen verify` names each."""
    sites = tampering.build_sites(scratch / "made")
    done = tampering.tamperings(sites)[::every]
    kinds = {kind for kind, _, _ in done}
    missed = tampering.find_missed(sites, sites.copy(scratch), done)
    return Score(
        "a mirror tampered with: a bit turned, files added, missing, swapped, rolled back, signed with another key",
        "`statusgen verify` exits with 1 and names each path",
        f"{format_share(len(done) - len(missed), len(done))}, of {len(kinds)} kinds",
        first_cases(missed),
    )
