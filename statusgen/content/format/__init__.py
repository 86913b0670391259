"""What may stand in the files: every key, how its value is read, and the schema and reference made from that."""
