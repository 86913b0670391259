"""Files → Site: reads services.yaml and incidents/, and reports every mistake in them at once."""
