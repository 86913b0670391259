"""statusgen: a folder of service definitions and incident posts becomes a public status site."""

__version__ = "0.1.0"
