"""Histories from other status pages: what each source tells, and the site of ours that says the same."""
