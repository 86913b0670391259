"""An editor's side of the Language Server Protocol, with the server that most editors use for YAML."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.support.checkers import find_program
from tests.support.paths import NODE_MODULES

SERVER = NODE_MODULES / "yaml-language-server" / "bin" / "yaml-language-server"


class Editor:
    """An open editor. Documents have URIs; none of them is on disk."""

    def __init__(self, process: "subprocess.Popen[bytes]", schemas: dict[str, list[str]]) -> None:
        assert process.stdin
        assert process.stdout
        self.to: IO[bytes] = process.stdin
        self.back: IO[bytes] = process.stdout
        self.settings = {"yaml": {"schemas": schemas, "validate": True, "completion": True, "hover": True}}
        self.requests = 0
        self.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.notify("initialized", {})
        self.notify("workspace/didChangeConfiguration", {"settings": self.settings})

    def problems(self, uri: str, text: str) -> list[str]:
        """Return what the editor underlines in a text: `3: Property x is not allowed.`"""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found = message["params"]["diagnostics"]
                return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]

    def completions(self, uri: str, line: int, character: int) -> list[str]:
        """Return the keys and values that it offers at a place of an open text; both count from 0."""
        result = self.request("textDocument/completion", _at(uri, line, character))
        return [item["label"] for item in result["items"]]

    def hover(self, uri: str, line: int, character: int) -> str:
        """Return what it says about the word at a place."""
        result = self.request("textDocument/hover", _at(uri, line, character))
        return str(result["contents"]["value"])

    def request(self, method: str, params: Any) -> Any:
        """Send a request, and wait for the answer."""
        self.requests += 1
        self.send({"jsonrpc": "2.0", "id": self.requests, "method": method, "params": params})
        asked = self.requests
        while True:
            message = self.receive()
            if message.get("id") == asked and "method" not in message:
                return message["result"]

    def notify(self, method: str, params: Any) -> None:
        """Send a notification, which has no answer."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, message: Any) -> None:
        """Write one message, with its length before it."""
        body = json.dumps(message).encode()
        self.to.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.to.flush()

    def receive(self) -> dict[str, Any]:
        """Read one message, and answer it if it is a request of the server."""
        length = 0
        while line := self.back.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if not length:
            raise EOFError("The language server has ended.")
        message: dict[str, Any] = json.loads(self.back.read(length))
        if "method" in message and "id" in message:
            asked = message.get("params", {}).get("items", [])
            answer = [self.settings.get(item.get("section", ""), {}) for item in asked] if asked else None
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
        return message


def _at(uri: str, line: int, character: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


@contextmanager
def start_editor(schemas: dict[Path, list[str]]) -> Iterator[Editor]:
    """Start an editor that checks files by schemas: for the file of each schema, the names of its documents."""
    if not SERVER.exists():
        raise FileNotFoundError(f"{SERVER} is missing: `make test` installs it.")
    by_address = {path.as_uri(): names for path, names in schemas.items()}
    command = [find_program("node"), str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Editor(process, by_address)
        finally:
            process.kill()
