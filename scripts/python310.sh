#!/bin/sh
# Print the path of a Python 3.10 that really starts; nothing and exit 1 when there is none.
# `python3.10` on the path may be a pyenv shim that fails, so each candidate is run.
for candidate in "${WIJKWIJZER_PYTHON:-}" python3.10 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python3.10; do
  [ -n "$candidate" ] || continue
  found=$("$candidate" -c 'import sys; assert sys.version_info[:2] == (3, 10); print(sys.executable)' 2>/dev/null) || continue
  [ -n "$found" ] && { echo "$found"; exit 0; }
done
exit 1
