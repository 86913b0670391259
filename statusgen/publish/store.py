"""Reads and writes the objects of a bucket, by obstore: at Amazon, Azure, Google, and stores that speak as they do.

Only this module knows obstore. Its errors come as `StoreError`, in words that say what to do.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import from_url

from statusgen.model.targets import TargetAddress
from statusgen.text import printable, quote_text
from statusgen.trust.connections import is_this_computer

if TYPE_CHECKING:
    from obstore import PutMode  # which is only there for types

_RETRIES = 8
_MD5 = re.compile("[0-9a-f]{32}")
_YES = ("1", "true", "yes", "on")
# What obstore reads the name and the key of the publisher from.
_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (of a profile: eval "
    '"$(aws configure export-credentials --format env)")',
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
    "gs": "GOOGLE_SERVICE_ACCOUNT (the path of a service account's JSON file)",
}
_STRONGEST = "AWS_ENDPOINT_URL_S3"
_ENDPOINTS = {
    "s3": (_STRONGEST, "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}
_ADDRESS = re.compile(r"https?://[!-~]+")
# To these a whole key or token goes with each request. Amazon's way only signs the request with it.
_SHOWN_KEYS = {
    "az": re.compile(r"(?:.+\.)?blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"),
    "gs": re.compile(r"storage(?:\.[a-z0-9-]+)?(?:\.rep)?\.googleapis\.com"),
}
_RIGHTS = {
    "s3": "s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket",
    "az": "the role Storage Blob Data Contributor",
    "gs": "the role Storage Object Admin",
}


class StoreError(Exception):
    """The store did not do what it was asked for; the message says why and what to do, in whole sentences."""


class ConditionError(Exception):
    """An object is not, or no longer, what a conditional write expects."""


class ConditionsUnknownError(Exception):
    """The store does not know conditional writes."""


class Store:
    """The objects below an address. No request, its retries included, lasts longer than `patience` seconds."""

    def __init__(self, address: TargetAddress, endpoint: str | None, patience: float) -> None:
        self._address, self._endpoint = address, endpoint
        half = timedelta(seconds=patience / 2)
        backoff = {"init_backoff": timedelta(milliseconds=100), "max_backoff": half / 4}
        options: dict[str, object] = {
            "client_options": {
                "timeout": half,
                "connect_timeout": min(half, timedelta(seconds=10)),
                "allow_http": _may_speak_plainly(),
            },
            "retry_config": {"max_retries": _RETRIES, "retry_timeout": half, "backoff": backoff},
        }
        if address.scheme == "s3":
            # Not every store that speaks as Amazon's does can delete in bulk, and there is seldom much to delete.
            options["disable_bulk_delete"] = True
        if endpoint:
            options["base_url" if address.scheme == "gs" else "endpoint"] = endpoint
        _require_address(endpoint, address.scheme)
        open_url: Callable[..., obstore.store.ObjectStore] = from_url  # its overloads are one for each kind
        try:
            self._objects = open_url(f"{address.scheme}://{address.host}/{address.path}", **options)
        except (BaseError, ValueError) as error:
            raise self._explain(error) from None

    def within(self, patience: float) -> "Store":
        """Return the same store, with less patience."""
        return Store(self._address, self._endpoint, patience)

    def read(self, path: str, max_bytes: int) -> tuple[bytes, str] | None:
        """Return the bytes and the tag of an object, None if there is none; raise StoreError."""
        try:
            found = self._objects.get(path)
            meta = found.meta
            if meta["size"] > max_bytes:
                raise StoreError(f"It has a {path} of {meta['size']:,} bytes, which is none. Delete that file there.")
            return bytes(found.bytes()), _join_tag(meta["e_tag"], meta["version"])
        except FileNotFoundError as error:
            if re.search("NoSuchBucket|ContainerNotFound|bucket does not exist", str(error)):
                raise self._explain(error) from None
            return None
        except BaseError as error:
            raise self._explain(error) from None

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        """Write an object with the headers that it is to be sent with, and return its tag; raise StoreError."""
        try:
            done = self._objects.put(path, content, attributes={**headers})
        except (BaseError, FileNotFoundError) as error:
            raise self._explain(error) from None
        return _join_tag(done["e_tag"], done["version"])

    def write_if(self, path: str, content: bytes, headers: Mapping[str, str], tag: str) -> str:
        """Write an object only if it has this tag still, or with an empty tag only if there is none, and return its
        new one.

        Raise ConditionError if that is not so, ConditionsUnknownError if the store does not know that, or StoreError.
        """
        e_tag, _, version = tag.partition("\n")
        try:
            known = {key: value for key, value in (("e_tag", e_tag), ("version", version)) if value}
            mode = cast("PutMode", known or "create")
            done = self._objects.put(path, content, attributes={**headers}, mode=mode)
        except (AlreadyExistsError, PreconditionError):
            raise ConditionError from None
        except NotSupportedError:
            raise ConditionsUnknownError from None
        except (BaseError, FileNotFoundError) as error:
            if re.search("409 Conflict|ConditionalRequestConflict", str(error)):
                raise ConditionError from None
            if re.search("NotImplemented|501 Not Implemented", str(error)):
                raise ConditionsUnknownError from None
            raise self._explain(error) from None
        return _join_tag(done["e_tag"], done["version"])

    def delete(self, path: str) -> None:
        """Delete an object, if it is there; raise StoreError."""
        try:
            self._objects.delete(path)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise self._explain(error) from None

    def list_digests(self) -> dict[str, str]:
        """Return the MD5 of each object's bytes by its path, of those whose store tells it; raise StoreError.

        It is in the ETag where the store neither encrypts nor puts together what it got.
        """
        try:
            objects = [each for chunk in self._objects.list(chunk_size=1000) for each in chunk]
        except (BaseError, FileNotFoundError) as error:
            raise self._explain(error) from None
        tags = {each["path"]: (each["e_tag"] or "").strip('"') for each in objects}
        return {path: tag for path, tag in tags.items() if _MD5.fullmatch(tag)}

    def _explain(self, error: Exception) -> StoreError:
        """Return why it failed and what to do. What the store said is quoted only if nobody knows what it means."""
        text = str(error)
        is_refusal = isinstance(error, (PermissionDeniedError, UnauthenticatedError))
        default = _REFUSED if is_refusal else _UNKNOWN
        words = next((words for pattern, words in _EXPLANATIONS if re.search(pattern, text)), default)
        said = printable(" ".join(text.partition("Debug source")[0].split()))[:300]
        scheme, bucket = self._address.scheme, self._address.host
        return StoreError(
            words.format(bucket=bucket, credentials=_CREDENTIALS[scheme], rights=_RIGHTS[scheme], said=said)
        )


_REFUSED = "The store does not let this key do that. Give it {rights} for {bucket}."
_UNKNOWN = "The store did not do what was asked for ({said})."
# What stores say, and what it means for the publisher. The first that fits counts.
_EXPLANATIONS = (
    (
        "RequestTimeTooSkewed|RequestExpired",
        "The store refuses, as the clock of this computer is wrong. Set it, and publish again.",
    ),
    (
        "SignatureDoesNotMatch|InvalidAccessKeyId|InvalidToken|ExpiredToken|AuthenticationFailed|401 Unauthorized",
        "The store does not know the key, or it has expired. Set {credentials} in the environment.",
    ),
    (
        # Without a key, it asks the cloud that this computer may be a part of.
        r"169\.254\.|metadata\.google|latest/(?:api/token|meta-data)|Account must be specified",
        "There is no key for the store. Set {credentials} in the environment.",
    ),
    (
        "Invalid Access Key|credential error",
        "The key in the environment cannot be used ({said}). Set {credentials}.",
    ),
    (
        "NoSuchBucket|ContainerNotFound|bucket does not exist",
        "There is no bucket or container {bucket}. Create it, or correct the name in the address.",
    ),
    (
        "PermanentRedirect|AuthorizationHeaderMalformed|without LOCATION|IllegalLocationConstraint",
        "{bucket} is in another region. Set AWS_REGION to the one in which it was created.",
    ),
    (
        "BadScheme|builder error",
        "Its endpoint begins with http:, and what is sent could be read and changed on its way. Use https:, or set "
        "AWS_ALLOW_HTTP=true if the store is on this computer or in a network that you trust.",
    ),
    (
        "status code: (?:5|429)|SlowDown|ServerBusy",
        "The store has trouble of its own and kept failing ({said}). Wait for a few minutes, and publish again.",
    ),
    (
        "error sending request|timed out|connection|error decoding|dns error",
        "The store cannot be reached, or does not answer. Check whether this computer is online and the endpoint right "
        "({said}).",
    ),
)


def _may_speak_plainly() -> bool:
    """Return whether the environment allows HTTP without encryption, as obstore itself reads it from there."""
    names = ("AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP", "GOOGLE_ALLOW_HTTP")
    return any(os.environ.get(name, "").lower() in _YES for name in names)


def _require_address(endpoint: str | None, scheme: str) -> None:
    """Raise StoreError if the endpoint, or what the environment says of it, is no address, or if the two differ."""
    found = {"endpoint": endpoint or "", **{name: os.environ.get(name, "") for name in _ENDPOINTS.get(scheme, ())}}
    for name, value in found.items():
        if value and not _ADDRESS.fullmatch(value):
            raise StoreError(f"The {name} {quote_text(value)} is no address. Write it like https://s3.example.org.")
    _refuse_to_show_keys(endpoint, scheme, found)
    strongest = found.get(_STRONGEST)  # obstore prefers it to what it is told
    if endpoint and strongest and strongest != endpoint:
        what = f"The target's endpoint is {endpoint}, but {_STRONGEST} in the environment is {strongest}."
        raise StoreError(f"{what} Unset that one.")


def _refuse_to_show_keys(endpoint: str | None, scheme: str, found: Mapping[str, str]) -> None:
    """Raise StoreError if services.yaml alone, which anybody may have written, says who gets the key."""
    own = _SHOWN_KEYS.get(scheme)
    host = urlsplit(endpoint or "").hostname or ""
    is_said_by_user = any(value == endpoint for name, value in found.items() if name != "endpoint")
    if endpoint and own and not own.fullmatch(host) and not is_this_computer(host) and not is_said_by_user:
        what = f"The key for {scheme}: would be sent to {quote_text(host)}, because services.yaml says so."
        variable = next(iter(_ENDPOINTS.get(scheme, ())), "")
        hint = (
            f"If that is right, set {variable} in the environment to the same endpoint."
            if variable
            else ("Leave endpoint: out; for a store of another kind, use s3: instead.")
        )
        raise StoreError(f"{what} {hint}")


def _join_tag(e_tag: str | None, version: str | None) -> str:
    """Return what identifies a version of an object: stores compare the one, the other, or both."""
    return f"{e_tag or ''}\n{version or ''}"
