"""Atlassian Statuspage and incident.io, which answer alike."""
