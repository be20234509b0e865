"""Builds of the widget as its build script leaves them, for tests that need their own."""

import base64
import hashlib
import json
from pathlib import Path


def build(folder: Path, current: str = "1.1.0", **scripts: bytes) -> Path:
    """A folder with one script a version, named v1_0_0="..." in the arguments, and versions.json beside them."""
    folder.mkdir(exist_ok=True)
    versions = {}
    for argument, content in (scripts or {"v1_0_0": b"first();\n", "v1_1_0": b"second();\n" * 50}).items():
        version = argument.removeprefix("v").replace("_", ".")
        (folder / f"wijkwijzer-chat-{version}.js").write_bytes(content)
        versions[version] = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    (folder / "versions.json").write_text(json.dumps({"current": current, "versions": versions}))
    return folder
