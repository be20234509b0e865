"""`python -m scripts.sbom [file]`: the software bill of materials, CycloneDX 1.5 as JSON, on the screen or in a file.

In it stand every package of requirements/run.txt with its hashes, who asked for it and its licence, the npm packages that the
widget ships, and the sentence encoder. The same repository and environment give the same bytes: no time, everything sorted, and
the serial number is made of the contents.
"""

import base64
import hashlib
import importlib.metadata
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any, Iterable

ROOT = Path(__file__).resolve().parent.parent
LOCK, ENCODER, WIDGET = ROOT / "requirements" / "run.txt", ROOT / "bot" / "encoder", ROOT / "bot" / "widget" / "package-lock.json"
US = "wijkwijzer"
UNSURE = "NOASSERTION"  # the word of SPDX for: we do not know
LONGEST_LICENCE = 80  # what is longer is the text of a licence, not its name
ENTRY = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)[^\n]*\n((?:[ \t]+[^\n]*\n?)*)", re.M)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ASKED_BY = re.compile(r"^ +#(?: via)? +(\S+(?: \S+)?)$", re.M)  # a package, or: -r requirements/run.in
LICENSED = re.compile(r"\[([\w.-]+)\]\((https://[^)]+)\)\s+\((\S+)\s+licence\)")  # [name](address) (MIT licence)
LICENSED_VERSION = re.compile(r"([\w.-]+)\s+(\d[\d.]*\d)\s+\((\S+)\s+licence\)")  # name 0.3.0 (MIT licence)
Component = dict[str, Any]


class SbomError(Exception):
    """What the bill is made of cannot be read; the message says which file and what is missing in it."""


def licences(metadata: Any) -> list[dict[str, Any]]:
    """What the metadata of an installed package say, as CycloneDX writes it: an expression, else names, else NOASSERTION."""
    if metadata is not None and metadata.get("License-Expression"):
        return [{"expression": metadata["License-Expression"]}]
    told = (metadata.get("License") or "").strip() if metadata is not None else ""
    names = [told] if told and told != "UNKNOWN" and "\n" not in told and len(told) <= LONGEST_LICENCE else []
    if not names and metadata is not None:
        names = [name.split(" :: ")[-1] for name in metadata.get_all("Classifier") or [] if name.startswith("License :: ")]
    return [{"license": {"name": name}} for name in sorted(set(names) - {"OSI Approved"}) or [UNSURE]]


def _metadata(name: str, version: str) -> Any:
    """Those of the package when exactly this version is installed, else None: another version may have another licence."""
    try:
        found = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    return found if found["Version"] == version else None


def _sha256(values: Iterable[str]) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": value} for value in sorted(set(values))]


def locked(text: str) -> tuple[list[Component], dict[str, list[str]]]:
    """(the packages of a lock, for each name what asked for it). The hashes of a package are those of the files it may be
    installed from: one a platform, and its source. SbomError on an entry without any."""
    components, askers = [], {}
    for name, version, details in ENTRY.findall(text):
        hashes = _sha256(HASH.findall(details))
        if not hashes:
            raise SbomError(f"{LOCK.name}: {name} has no hash; run `make lock`")
        purl = f"pkg:pypi/{name}@{version}"
        components.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes,
                           "licenses": licences(_metadata(name, version))})
        askers[name] = ASKED_BY.findall(details)
    if not components:
        raise SbomError(f"{LOCK.name}: no package was found in it")
    return components, askers


def shipped(lock: dict[str, Any]) -> list[Component]:
    """The npm packages of a package-lock that are no dependencies of development: nothing of those reaches a browser."""
    components = []
    for place, package in lock.get("packages", {}).items():
        name = place.rpartition("node_modules/")[2]
        if not place or package.get("dev") or package.get("link"):
            continue
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        kinds = [part.partition("-") for part in package.get("integrity", "").split()]
        hashes = [{"alg": kind.replace("sha", "SHA-"), "content": base64.b64decode(value).hex()} for kind, _, value in kinds]
        components.append({"type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl,
                           "hashes": hashes, "licenses": [{"license": {"name": package.get("license", UNSURE)}}]})
    return components


def encoder(folder: Path) -> list[Component]:
    """The model files of a folder, with what its README says of their origin; SbomError when it names none."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    ancestors = [{"type": "machine-learning-model", "name": name, "licenses": [{"license": {"id": licence}}],
                  "externalReferences": [{"type": "website", "url": url}]} for name, url, licence in LICENSED.findall(readme)]
    ancestors += [{"type": "library", "name": name, "version": version, "licenses": [{"license": {"id": licence}}]}
                  for name, version, licence in LICENSED_VERSION.findall(readme)]
    files = sorted(folder.glob("*.onnx"))
    if not ancestors or not files:
        raise SbomError(f"{folder.name}: needs a model and a README that tells its origin as: name (X licence)")
    inherited = sorted({item["licenses"][0]["license"]["id"] for item in ancestors})
    return [{"type": "machine-learning-model", "bom-ref": f"file:{path.name}", "name": path.name,
             "hashes": _sha256([hashlib.sha256(path.read_bytes()).hexdigest()]),
             "licenses": [{"license": {"id": licence}} for licence in inherited], "pedigree": {"ancestors": ancestors}}
            for path in files]


def bill() -> dict[str, Any]:
    """The whole bill as CycloneDX 1.5 wants it."""
    packages, askers = locked(LOCK.read_text(encoding="utf-8"))
    ours = [*shipped(json.loads(WIDGET.read_text(encoding="utf-8"))), *encoder(ENCODER)]
    refs = {package["name"]: package["bom-ref"] for package in packages}
    wanted: dict[str, set[str]] = {ref: set() for ref in (US, *refs.values(), *(one["bom-ref"] for one in ours))}
    wanted[US] |= {one["bom-ref"] for one in ours}
    for name, by in askers.items():
        for asker in by or [US]:
            wanted[refs.get(asker, US)].add(refs[name])  # what is no package is a file of ours
    contents: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": US, "name": US}},
        "components": sorted([*packages, *ours], key=lambda one: one["bom-ref"]),
        "dependencies": [{"ref": ref, "dependsOn": sorted(wanted[ref])} for ref in sorted(wanted)],
    }
    return {**contents, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(contents, sort_keys=True))}"}


def text() -> str:
    """The bill as it stands in a file."""
    return json.dumps(bill(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the bill to the file that was named, else print it; 2 and one sentence when it cannot be made."""
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print("usage: python -m scripts.sbom [file]", file=sys.stderr)
        return 2
    try:
        made = text()
        Path(arguments[0]).write_text(made, encoding="utf-8") if arguments else sys.stdout.write(made)
    except (SbomError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
