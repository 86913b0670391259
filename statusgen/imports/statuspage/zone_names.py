"""Time zones by the names that Ruby on Rails gives them: Statuspage says "Central Time (US & Canada)".

The table is that of ActiveSupport::TimeZone, as far as a name is not that of the city in the name of the zone.
"""

from functools import cache
from zoneinfo import available_timezones

_ZONES = {
    "American Samoa": "Pacific/Pago_Pago",
    "Arizona": "America/Phoenix",
    "Alaska": "America/Juneau",
    "Atlantic Time (Canada)": "America/Halifax",
    "Abu Dhabi": "Asia/Muscat",
    "Beijing": "Asia/Shanghai",
    "Bern": "Europe/Zurich",
    "Brasilia": "America/Sao_Paulo",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Central America": "America/Guatemala",
    "Central Time (US & Canada)": "America/Chicago",
    "Chennai": "Asia/Kolkata",
    "Eastern Time (US & Canada)": "America/New_York",
    "Edinburgh": "Europe/London",
    "Greenland": "America/Nuuk",
    "Guadalajara": "America/Mexico_City",
    "Hanoi": "Asia/Bangkok",
    "Hawaii": "Pacific/Honolulu",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Islamabad": "Asia/Karachi",
    "Kyiv": "Europe/Kiev",
    "Marshall Is.": "Pacific/Majuro",
    "Mountain Time (US & Canada)": "America/Denver",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Newfoundland": "America/St_Johns",
    "Osaka": "Asia/Tokyo",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Pretoria": "Africa/Johannesburg",
    "Puerto Rico": "America/Puerto_Rico",
    "Quito": "America/Lima",
    "Saskatchewan": "America/Regina",
    "St. Petersburg": "Europe/Moscow",
    "Wellington": "Pacific/Auckland",
}


def to_zone_name(name: str | None) -> str | None:
    """Return the IANA name of a zone that Rails calls so; a name that Rails does not know is returned as it is."""
    return _ZONES.get(name) or _zones_by_city().get(name, name) if name else None


@cache
def _zones_by_city() -> dict[str, str]:
    """Return the zones by their cities ("Buenos Aires")."""
    by_city: dict[str, set[str]] = {}
    for zone in available_timezones():
        area, _, city = zone.rpartition("/")
        if area in ("Africa", "America", "America/Argentina", "Asia", "Atlantic", "Australia", "Europe", "Pacific"):
            by_city.setdefault(city.replace("_", " "), set()).add(zone)
    # The zone of Buenos Aires has two names, and the longer is the one of today.
    return {city: max(sorted(zones), key=len) for city, zones in by_city.items()}
