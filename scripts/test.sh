#!/bin/sh
# All tests in two halves beside each other, about as long: on two cores that takes half the time.
set -u
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1  # two processes of two threads each spend their time waiting for each other
beside="tests/browser tests/widget tests/dashboard tests/attacks/test_dashboard.py"
ignored=
for path in $beside; do ignored="$ignored --ignore=$path"; done
log=$(mktemp)
# shellcheck disable=SC2086
.venv/bin/python -m pytest $beside >"$log" 2>&1 &
other=$!
status=0
# shellcheck disable=SC2086
.venv/bin/python -m pytest $ignored || status=$?
wait "$other" || status=$?
cat "$log"
rm -f "$log"
exit "$status"
