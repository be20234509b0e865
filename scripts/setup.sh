#!/bin/sh
# Make .venv with the locked requirements of $1 (run or dev). Quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
lock="requirements/$kind.txt"
tools=.tools
stop() { echo "error: $1" >&2; exit 1; }

[ "$(cat .venv/installed-"$kind" 2>/dev/null)" = "$(cksum "$lock")" ] && exit 0
[ "$kind" = run ] && [ "$(cat .venv/installed-dev 2>/dev/null)" = "$(cksum requirements/dev.txt)" ] && exit 0

host=
for candidate in python3 python3.12 python3.11 python3.10; do
  "$candidate" -c 'import sys; assert sys.version_info >= (3, 8)' 2>/dev/null && { host=$candidate; break; }
done
[ -n "$host" ] || stop "no Python 3 was found; install it first (Debian: apt-get install python3 python3-venv)"

uv=$(command -v "$tools/bin/uv" || true)
if [ -z "$uv" ]; then
  echo "setup: installing uv into $tools"
  if "$host" -m venv "$tools" 2>/dev/null; then
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "uv>=0.4" || stop "uv could not be downloaded; is there a network, or a package index in your pip settings?"
  else
    rm -rf "$tools"
    "$host" -m pip install --quiet --disable-pip-version-check --target "$tools" "uv>=0.4" 2>/dev/null ||
      stop "python3 has neither venv nor pip; install them first (Debian: apt-get install python3-venv)"
  fi
  uv="$tools/bin/uv"
fi

python=$(sh scripts/python310.sh || true)
if [ -z "$python" ]; then
  echo "setup: no Python 3.10 that starts; letting uv download one"
  UV_PYTHON_INSTALL_DIR="$PWD/$tools/python" "$uv" python install --quiet 3.10 || stop "Python 3.10 is missing and could not be downloaded; install it (for example with pyenv install 3.10) and try again"
  python=$(UV_PYTHON_INSTALL_DIR="$PWD/$tools/python" "$uv" python find 3.10)
fi

echo "setup: $($python --version) at $python"
[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || "$uv" venv --quiet --python "$python" .venv
echo "setup: installing the locked packages of $lock (about 1.5 GB, a few minutes the first time)"
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes "$lock" || stop "the packages of $lock could not be installed; see the line above"
rm -f .venv/installed-*
cksum "$lock" > ".venv/installed-$kind"
echo "setup: ready"
