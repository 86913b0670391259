"""The wheel of the statusgen that is running: made again of the files that were installed from it."""

import base64
import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.utils import canonicalize_name

from statusgen.kit.wheels import KitError
from statusgen.kit.zip_file import add_to_zip

# What installers write beside what a wheel brings (PEP 376, PEP 610), and uv's own.
_OF_INSTALLERS = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_build.json", "uv_cache.json"}


def find_checkout(installed: Distribution) -> Path | None:
    """Return the folder that a library runs from, if it is the one that it is written in (PEP 660); None otherwise."""
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if not origin.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(origin["url"]).path))


def rebuild_wheel(installed: Distribution, folder: Path, moment: datetime) -> Path:
    """Write the wheel that a library was installed from, and return its path.

    Each file is as RECORD says that it was installed; otherwise KitError says which one is not.
    """
    name, version = installed.metadata["Name"], installed.version
    label = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    path = folder / f"{label}-{_read_tag(installed)}.whl"
    record = io.StringIO()
    writer = csv.writer(record, lineterminator="\n")
    with zipfile.ZipFile(path, "w") as wheel:
        about = ""
        for entry, content in sorted(_read_installed(installed).items()):
            about = entry.split("/")[0] if ".dist-info/" in entry else about
            writer.writerow([entry, f"sha256={_hash(content)}", len(content)])
            add_to_zip(wheel, entry, content, moment)
        writer.writerow([f"{about}/RECORD", "", ""])
        add_to_zip(wheel, f"{about}/RECORD", record.getvalue().encode(), moment)
    return path


def _read_installed(installed: Distribution) -> dict[str, bytes]:
    """Return the files of a wheel by their paths in it; raise KitError if one was changed or is gone."""
    files = {}
    for file in installed.files or ():
        path = PurePosixPath(file)
        made_here = "__pycache__" in path.parts or path.parts[0] == ".." or path.is_absolute()
        if made_here or (path.parts[0].endswith(".dist-info") and path.name in _OF_INSTALLERS):
            continue
        try:
            content = Path(str(file.locate())).read_bytes()
        except OSError:
            content = None
        if content is None or file.hash is None or _hash(content) != file.hash.value:
            hint = "Install it again, or name its wheel with --statusgen FILE."
            raise KitError(f"{path} of {installed.metadata['Name']} is not as it was installed. {hint}")
        files[path.as_posix()] = content
    return files


def _hash(content: bytes) -> str:
    """Return the SHA-256 as RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _read_tag(installed: Distribution) -> str:
    """Return what stands in the name of a wheel for which computers it is."""
    lines = (installed.read_text("WHEEL") or "").splitlines()
    tags = [line.removeprefix("Tag:").strip().split("-") for line in lines if line.startswith("Tag:")]
    return "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))
