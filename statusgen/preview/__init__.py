"""The site as its writer sees it while writing: on this computer only, at any moment, with mistakes and advice."""
