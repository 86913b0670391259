"""The site's own data: `status.json`, `incident.json`, `history.json`, `services.csv`, and their schemas."""
