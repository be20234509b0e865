#!/bin/sh
# All tests in two halves beside each other, those with a browser and the rest: on two cores it takes as long as the longer half.
set -u
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1  # two processes of two threads each spend their time waiting for each other
log=$(mktemp)
.venv/bin/python -m pytest tests/browser tests/widget >"$log" 2>&1 &
browser=$!
status=0
.venv/bin/python -m pytest --ignore=tests/browser --ignore=tests/widget || status=$?
wait "$browser" || status=$?
cat "$log"
rm -f "$log"
exit "$status"
