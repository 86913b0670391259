"""statusgen: a folder of service definitions and incident posts becomes a public status site."""

__version__ = "1.0.0rc1"
