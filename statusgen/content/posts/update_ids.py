"""The id of an update, which is its local time: `2024-05-15-1600`, or `2024-05-15` if only the date was given."""

from zoneinfo import ZoneInfo

from statusgen.model.times import When


def make_update_id(time: When, zone: ZoneInfo) -> str:
    """Return the id of an update from its time, as the clocks of `zone` show it."""
    local = time.start.astimezone(zone)
    return f"{local:%Y-%m-%d}" if time.is_whole_day else f"{local:%Y-%m-%d-%H%M}"


def heading_time(id: str) -> str:
    """Return the time that an id stands for, as a heading has it: `2024-05-15 16:00`."""
    day, clock = id[:10], id[11:]
    return f"{day} {clock[:2]}:{clock[2:]}" if clock else day
