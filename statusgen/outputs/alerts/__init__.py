"""Incidents and notices in the Common Alerting Protocol 1.2 (CAP, an OASIS standard)."""
