"""The site as its writer sees it while writing: on this computer alone, at any of its moments, with the findings."""
