"""Files in a zip, the same bytes for the same content and moment."""

import zipfile
from datetime import UTC, datetime


def add_to_zip(archive: zipfile.ZipFile, path: str, content: bytes, moment: datetime) -> None:
    """Add a file; scripts can be run where it is unpacked."""
    # A zip has no time before 1980.
    written = max(moment.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC))
    entry = zipfile.ZipInfo(path, written.timetuple()[:6])
    entry.create_system = 3  # Unix, on every system: its permissions are those that count
    entry.external_attr = (0o100755 if path.endswith(".sh") else 0o100644) << 16
    # A wheel is a zip itself, and does not get smaller.
    entry.compress_type = zipfile.ZIP_STORED if path.endswith(".whl") else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
