"""Outside code in the browser is on a labelled shelf: every file known, hashed and licensed."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.js.node import CHECKOUT, NODE, PACKAGES, RECIPE, STATIC

VENDOR = STATIC / "vendor"
DIST = STATIC / "dist"
LICENCES = {"BSD-3-Clause", "MIT"}
OWN = {"README.md", "manifest.json"} | {
    f"recipe/{name}"
    for name in ("build.mjs", "lean.mjs", "library.js", "package.json", "package-lock.json")
}


def sha256(path: Path) -> str:
    """Return a file's hash."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listed() -> list[dict[str, Any]]:
    """Return the manifest's files."""
    files: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text())["files"]
    return files


def locked() -> dict[str, Any]:
    """Return the lock file's packages."""
    packages: dict[str, Any] = json.loads((RECIPE / "package-lock.json").read_text())["packages"]
    return packages


def test_each_file_and_licence_has_the_hash_in_the_manifest() -> None:
    """What is on the shelf is what the manifest names."""
    for file in listed():
        assert sha256(VENDOR / file["file"]) == file["sha256"]
        for package in file["packages"]:
            assert sha256(VENDOR / package["licence_file"]) == package["licence_sha256"]


def test_there_is_no_stray_file() -> None:
    """Every file on the shelf is in the manifest, or is the recipe itself."""
    named = {file["file"] for file in listed()}
    named |= {package["licence_file"] for file in listed() for package in file["packages"]}
    found = {
        str(path.relative_to(VENDOR))
        for path in VENDOR.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    }
    assert found == named | OWN


def test_each_package_has_an_allowed_licence_and_the_locked_version() -> None:
    """Versions are the lock file's, and licences are ones we may ship."""
    for file in listed():
        for package in file["packages"]:
            assert package["licence"] in LICENCES
            assert locked()[f"node_modules/{package['name']}"]["version"] == package["version"]


def test_the_lock_file_fixes_each_package_and_names_no_registry() -> None:
    """Every package is fixed by its hash, and none by an address."""
    packages = {name: package for name, package in locked().items() if name}
    assert packages
    for name, package in packages.items():
        assert re.match(r"sha512-", package["integrity"]), name
        assert "resolved" not in package, name


def test_dist_holds_what_its_manifest_names_and_nothing_else() -> None:
    """A bundle's name carries its own hash, and no old bundle lies about."""
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    for file in names.values():
        assert sha256(DIST / file)[:16] in file
    expected = {"manifest.json", *names.values(), *(f"{file}.gz" for file in names.values())}
    assert {path.name for path in DIST.iterdir()} == expected


@pytest.fixture
def packages() -> Path:
    """The recipe's packages, installed as the lock file says."""
    hidden = PACKAGES / ".package-lock.json"
    if not hidden.is_file():
        pytest.fail("The bundles' packages are not installed; vendor/README.md says how (npm ci).")
    installed = json.loads(hidden.read_text())["packages"]
    for name, package in installed.items():
        assert package["integrity"] == locked()[name]["integrity"], name
    return PACKAGES


@pytest.mark.usefixtures("packages")
def test_the_recipe_builds_the_same_bytes_again(tmp_path: Path) -> None:
    """Library, licences, manifests and bundles come out byte for byte as they are kept."""
    subprocess.run(
        [NODE, RECIPE / "build.mjs", "--into", tmp_path], check=True, capture_output=True
    )
    for folder in ("dist", "vendor"):
        built = [path for path in (tmp_path / folder).rglob("*") if path.is_file()]
        assert built
        for path in built:
            kept = STATIC / path.relative_to(tmp_path)
            if path.suffix != ".gz":  # compressors differ; what they hold is compared elsewhere
                assert kept.is_file(), kept
                assert path.read_bytes() == kept.read_bytes(), kept


@pytest.mark.usefixtures("packages")
def test_the_check_notices_one_changed_byte(tmp_path: Path) -> None:
    """`build.mjs --check` exits 1 when a kept file differs, and says which."""
    for folder in ("dist", "vendor"):
        shutil.copytree(
            STATIC / folder, tmp_path / folder, ignore=shutil.ignore_patterns("node_modules")
        )
    command: list[str | Path] = [NODE, RECIPE / "build.mjs", "--check", "--into", tmp_path]
    same = subprocess.run(command, check=False, capture_output=True, text=True, cwd=CHECKOUT)
    assert same.returncode == 0, same.stderr
    library = tmp_path / "vendor" / listed()[0]["file"]
    library.write_bytes(library.read_bytes() + b"\n")
    (tmp_path / "dist/old.js").write_text("left over")
    changed = subprocess.run(command, check=False, capture_output=True, text=True, cwd=CHECKOUT)
    assert changed.returncode == 1
    assert "age.js" in changed.stderr
    assert "dist/old.js" in changed.stderr
