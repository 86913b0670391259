"""Upptime, which watches sites from GitHub: https://upptime.js.org."""
