"""The values of the Board: the status of each service, channel and incident at one moment."""
