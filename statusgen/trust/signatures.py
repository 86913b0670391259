"""Signatures of bytes: by SSH keys, through OpenSSH's own ssh-keygen, and by minisign keys, through an extra package.

Whose SSH keys count is written in a file of allowed signers (ALLOWED SIGNERS in ssh-keygen(1)). Dates in it without a
"Z" at the end are taken for UTC on every computer.
"""

import base64
import binascii
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

from statusgen.git import find_program
from statusgen.problems import TrustError

NAMESPACE = "statusgen"
"""What the signatures of a manifest are for (`-n` of ssh-keygen), so that none made for something else counts."""
SSH_SUFFIX, MINISIGN_SUFFIX = ".sig", ".minisig"
"""What the name of a file's signature ends with."""
MARKS = {SSH_SUFFIX: b"-----BEGIN SSH SIGNATURE-----", MINISIGN_SUFFIX: b"untrusted comment:"}
"""What a signature begins with, by what its file's name ends with; a minisign key begins so as well."""

_TIMEOUT = 120  # seconds; somebody may have to type a passphrase, or touch a key
_ARMOR = (MARKS[SSH_SUFFIX], b"-----END SSH SIGNATURE-----")


class SignatureError(Exception):
    """A signature does not count; the message ends a sentence that begins with what is signed."""


@dataclass(frozen=True)
class AllowedSigners:
    """Whose SSH signatures count, and for what: a file of allowed signers, and the namespace of the signatures.

    `identity` narrows it to one of them (a principal, in the words of ssh-keygen).
    """

    file: Path
    namespace: str = NAMESPACE
    identity: str | None = None

    def find_signer(self, content: bytes, signature: bytes, at: datetime) -> str:
        """Return who signed the content with a key that counted at the moment; raise SignatureError if nobody did."""
        if not signature.startswith(_ARMOR[0]):
            raise SignatureError("is signed, but not with an SSH key")
        with tempfile.TemporaryDirectory(prefix="statusgen-") as folder:
            file = Path(folder, "signature")
            file.write_bytes(signature)
            checked = _ssh_keygen("check-novalidate", "-n", self.namespace, "-s", str(file), content=content)
            if checked.returncode:
                raise SignatureError(f'has a signature that does not match it, or is not meant for "{self.namespace}"')
            time = f"verify-time={at.astimezone(UTC):%Y%m%d%H%M%S}"
            trusted = ("-f", str(self.file), "-s", str(file), f"-O{time}")
            found = _ssh_keygen("find-principals", *trusted).stdout.decode(errors="replace").splitlines()
            for name in [self.identity] if self.identity else found:
                who = ("-n", self.namespace, "-I", name)
                if not _ssh_keygen("verify", *trusted, *who, content=content).returncode:
                    return name
        raise SignatureError(self._rejection_reason(signature, found, at))

    def _rejection_reason(self, signature: bytes, found: list[str], at: datetime) -> str:
        """Return why a signature that fits its content does not count."""
        key = _public_key(signature)
        if found and self.identity:
            return f"is signed by {', '.join(found)} and not by {self.identity}"
        if key and base64.b64encode(key) in self.file.read_bytes():
            return (
                f"is signed with a key that {self.file} does not allow for this at {at.astimezone(UTC):%Y-%m-%d %H:%M} "
                "UTC (see valid-after, valid-before and namespaces there)"
            )
        return f"is signed with a key that {self.file} does not list"


def _public_key(signature: bytes) -> bytes | None:
    """Return the public key in a signature (PROTOCOL.sshsig of OpenSSH)."""
    try:
        blob = base64.b64decode(signature.partition(_ARMOR[0])[2].partition(_ARMOR[1])[0])
    except binascii.Error:
        return None
    size = int.from_bytes(blob[10:14], "big")
    return blob[14 : 14 + size] if blob.startswith(b"SSHSIG") else None


def signature_suffix(key: Path) -> str:
    """Return what the name of a signature by this key ends with; raise TrustError if it cannot be read.

    A minisign key is known by its first line; all others are SSH keys, public ones too if an agent has the private one.
    """
    mark = MARKS[MINISIGN_SUFFIX]
    try:
        with key.open("rb") as file:
            return MINISIGN_SUFFIX if file.read(len(mark)) == mark else SSH_SUFFIX
    except OSError as error:
        raise TrustError(f"{key} cannot be read: {error.strerror}.") from error


def sign(content: bytes, key: Path, ask_password: Callable[[], str]) -> tuple[str, bytes]:
    """Return the signature that a key makes for the content, after what its file's name must end with.

    `ask_password` is called for a minisign key that needs one; ssh-keygen asks by itself.
    """
    if signature_suffix(key) == MINISIGN_SUFFIX:
        return MINISIGN_SUFFIX, _sign_with_minisign(content, key, ask_password)
    signed = _ssh_keygen("sign", "-f", str(key), "-n", NAMESPACE, content=content)
    if signed.returncode:
        reason = signed.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TrustError(f"{key} cannot sign: {reason}. It has to be an SSH key or a minisign key.")
    return SSH_SUFFIX, signed.stdout


def _ssh_keygen(action: str, *arguments: str, content: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run `ssh-keygen -Y`, which reads what is signed from standard input."""
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    program = find_program("ssh-keygen")
    if program is None:
        raise TrustError("There is no ssh-keygen on this computer. Install OpenSSH, 8.8 or newer.")
    command = [program, "-Y", action, *arguments]
    try:
        return subprocess.run(
            command, input=content, capture_output=True, timeout=_TIMEOUT, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise TrustError(f"ssh-keygen did not answer within {_TIMEOUT} seconds.") from None


def _sign_with_minisign(content: bytes, key: Path, ask_password: Callable[[], str]) -> bytes:
    minisign = _import_minisign()
    try:
        secret = minisign.SecretKey.from_file(key)
        if secret.is_encrypted():
            secret.decrypt(ask_password())
        # Its own comment would have the time in it: the same content must have the same signature.
        return bytes(secret.sign(content, trusted_comment="manifest.json of statusgen")) + b"\n"
    except minisign.Error as error:
        raise TrustError(f"{key} cannot sign: {error}.") from error


def verify_minisign(content: bytes, signature: bytes, key: str) -> None:
    """Raise SignatureError unless a minisign key signed the content. `key` is a public key, or a file with one."""
    minisign = _import_minisign()
    try:
        public = minisign.PublicKey.from_file(key) if Path(key).exists() else minisign.PublicKey.from_base64(key)
    except (minisign.Error, ValueError, OSError):
        raise TrustError(f"{key} is neither a minisign key nor a file with one.") from None
    try:
        public.verify(content, minisign.Signature.from_bytes(signature))
    except (minisign.Error, ValueError):
        raise SignatureError("has no signature by that minisign key") from None


def _import_minisign() -> ModuleType:
    try:
        return import_module("minisign")
    except ImportError:
        what = "The Python package minisign is not installed."
        raise TrustError(f'{what} Install it with pip install "statusgen[sign]", or use an SSH key.') from None
