"""The keys that files may have, how their values are read, and the schema and the reference made from that."""
