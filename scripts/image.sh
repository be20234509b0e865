#!/bin/sh
# What the container image holds, made and tried with or without a container engine. deploy/Dockerfile calls this and nothing else.
#
#   sh scripts/image.sh packages FOLDER          FOLDER/venv: the locked packages of requirements/run.txt, each checked by its hash
#   sh scripts/image.sh build FOLDER             packages when they are missing, the files that run, and a trained model
#   sh scripts/image.sh check FOLDER             starts it as a container would, from files that nobody may write, and talks to it
#
# Options of build, for who has both already: --venv PATH (linked, not copied) and --model PATH (a folder with a trained model and
# its digest; refused when it was not trained from these files).
set -eu
cd "$(dirname "$0")/.."
stop() { echo "error: $1" >&2; exit 1; }

sources="docopt mattermostwrapper randomname"  # of these the index has no wheel; plain Python, nothing to compile

# The entries of the lock of these packages (1), or all others (0).
entries() {
  awk -v want="$1" -v names=" $2 " '/^[a-z0-9]/ {split($0, part, "=="); own = index(names, " " part[1] " ") > 0} own == want' \
    requirements/run.txt
}

# pip_for ENVIRONMENT COMMAND ...: the host's pip. --no-deps: the lock names everything, and its overrides are no rules pip knows.
pip_for() {
  target=$1 action=$2
  shift 2
  "$python" -m pip --python "$target/bin/python" --disable-pip-version-check "$action" --quiet --no-cache-dir --no-deps "$@" ||
    stop "the packages of requirements/run.txt could not be installed; see the line above"
}

packages() {
  python=$(sh scripts/python310.sh) || stop "Python 3.10 was not found"
  export PIP_ROOT_USER_ACTION=ignore
  lock=$(mktemp -d)
  entries 0 "$sources" > "$lock/wheels.txt"
  entries 1 "$sources" > "$lock/sources.txt"
  entries 1 "setuptools wheel" > "$lock/tools.txt"
  "$python" -m venv --without-pip "$folder/venv"
  "$python" -m venv --without-pip "$lock/builder"  # apart: the lock's setuptools does not get on with the lock's packaging
  pip_for "$lock/builder" install --require-hashes --only-binary :all: -r "$lock/tools.txt"
  pip_for "$lock/builder" wheel --require-hashes --no-build-isolation --wheel-dir "$lock/wheels" -r "$lock/sources.txt"
  pip_for "$folder/venv" install --require-hashes --only-binary :all: -r "$lock/wheels.txt"
  pip_for "$folder/venv" install --no-index "$lock"/wheels/*.whl
  rm -rf "$lock"
}

files() {
  tar -cf - --exclude=__pycache__ --exclude='*.pyc' --exclude=node_modules --exclude=bot/tuning --exclude=bot/widget/test \
    --exclude=bot/widget/src --exclude=bot/widget/example --exclude=bot/widget/build.mjs --exclude='bot/widget/package*.json' \
    --exclude=bot/widget/.npmrc bot actions data domain.yml config.yml endpoints.yml credentials.yml requirements/run.txt |
    tar -xf - --no-same-owner -C "$folder"
  for license in LICENSE*; do
    if [ -f "$license" ]; then cp "$license" "$folder/"; fi
  done
  chmod -R u+rwX,go+rX,go-w "$folder"  # other users read it: the container's has a number and no more
}

build() {
  mkdir -p "$folder"
  if [ -n "$venv" ]; then
    ln -sfn "$venv" "$folder/venv"
  elif [ ! -x "$folder/venv/bin/python" ]; then
    packages
  fi
  files
  mkdir -p "$folder/models"
  if [ -n "$model" ]; then
    cp "$model/wijkwijzer.tar.gz" "$model/digest" "$folder/models/"
    (cd "$folder" && PYTHONDONTWRITEBYTECODE=1 venv/bin/python -W ignore -c 'import sys; from bot.train import is_current; sys.exit(not is_current())') ||
      stop "the model in $model was not trained from these files; run make train"
  else
    cache=$(mktemp -d)
    (cd "$folder" && RASA_CACHE_DIRECTORY="$cache" PYTHONDONTWRITEBYTECODE=1 venv/bin/python -W ignore -m bot.train)
    rm -rf "$cache"
  fi
  # Compiled now: later nothing can be written. By contents, so that copying changes nothing.
  "$folder/venv/bin/python" -m compileall -q --invalidation-mode unchecked-hash "$folder/bot" "$folder/actions"
  chmod -R go+rX "$folder"
}

listing() { (cd "$folder" && find . -type f -exec cksum {} + && find . ! -type f) | sort; }

check() {
  [ -x "$folder/venv/bin/python" ] || stop "$folder was not made by: sh scripts/image.sh build"
  work=$(mktemp -d) started=
  shm=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
  # shellcheck disable=SC2086
  finish() {
    [ -z "$started" ] || kill $started 2>/dev/null || true
    [ -z "$started" ] || wait $started 2>/dev/null || true
    chmod -R u+w "$folder"
    rm -rf "$work" "$shm"
  }
  trap finish EXIT
  trap 'exit 1' INT TERM
  chmod -R a-w "$folder"
  listing > "$work/before"
  as=
  if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    as="setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all"
    if (cd "$folder" && $as venv/bin/python -c '' 2>/dev/null); then
      mkdir "$work/own" && chown 10001:10001 "$work/own" "$shm" && chmod 711 "$work"
    else
      echo "check: user 10001 cannot read $folder or its Python; going on as root"
      as=
    fi
  fi
  [ -n "$as" ] || mkdir "$work/own"
  ports=$("$folder/venv/bin/python" -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in held))')
  # shellcheck disable=SC2086
  set -- $ports
  ulimit -c 0
  secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
  cat > "$work/environment" <<END
CHAT_PORT=$1
ACTIONS_PORT=$2
METRICS_PORT=$3
ACTIONS_TOKEN=$(secret)
CHAT_SECRET=$(secret)
STATISTICS_URL=sqlite:///$work/own/statistics.db
STATISTICS_STATE_DIR=$shm/counts
HOME=$work/own
TMPDIR=$work/own
PATH=$folder/venv/bin:/usr/bin:/bin
LANG=C.UTF-8
PYTHONDONTWRITEBYTECODE=1
PYTHONUNBUFFERED=1
END
  for module in actions bot.server; do
    # shellcheck disable=SC2046,SC2086
    (cd "$folder" && exec env -i $(cat "$work/environment") $as venv/bin/python -W ignore -m "$module") > "$work/$module.log" 2>&1 &
    started="$started $!"
  done
  if ! "$folder/venv/bin/python" -I - "$1" "$2" "$3" <<'END'
import json, sys, time, urllib.error, urllib.request

chat, actions, metrics = (f"http://127.0.0.1:{port}" for port in sys.argv[1:])


def call(url, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers), timeout=30) as answer:
        return answer.status, answer.read()


def wait_for(url, seconds=120):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return call(url)
        except OSError:
            time.sleep(0.3)
    sys.exit(f"error: {url} does not answer")


def say(text):
    token = json.loads(call(f"{chat}/chat/sessions", {})[1])["session"]
    return json.loads(call(f"{chat}/chat/messages", {"text": text}, token)[1])["messages"]


def demand(holds, what, shown):
    if not holds:
        sys.exit(f"error: {what}: {json.dumps(shown, ensure_ascii=False)[:2000]}")


for url in (f"{actions}/health", f"{chat}/chat/health", f"{metrics}/live", f"{metrics}/ready", f"{metrics}/metrics"):
    wait_for(url)
shown = say("mijn fiets is gestolen")
demand(shown and shown[0]["kind"] == "answer" and "fiets" in json.dumps(shown), "no answer about a stolen bicycle", shown)
shown = say("help hij slaat mij nu")
links = [link["url"] for message in shown[:1] for link in message["links"]]
demand(shown and shown[0]["kind"] == "emergency" and {"tel:101", "tel:112"} <= set(links), "no emergency numbers first", shown)
print("check: answers, and the emergency numbers first")
END
  then
    tail -n 20 "$work"/*.log >&2
    stop "$folder does not work"
  fi
  for process in $started; do
    echo "check: memory of $(tr '\0' ' ' < "/proc/$process/cmdline" 2>/dev/null | sed 's/ *$//; s/.* //'): $(sed -n 's/^VmHWM: *//p' "/proc/$process/status" 2>/dev/null) at most"
  done
  # shellcheck disable=SC2086
  kill $started
  # shellcheck disable=SC2086
  wait $started || true
  started=
  listing > "$work/after"
  cmp -s "$work/before" "$work/after" || { diff "$work/before" "$work/after" >&2; stop "something was written among the files"; }
  echo "check: nothing was written among the files"
}

command=${1:-} folder=${2:-} venv='' model=''
[ -n "$folder" ] || stop "usage: sh scripts/image.sh packages|build|check FOLDER [--venv PATH] [--model PATH]"
shift 2
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] && [ -d "$2" ] || stop "$1 needs a folder that exists"
  case $1 in
    --venv) venv=$(cd "$2" && pwd) ;;
    --model) model=$(cd "$2" && pwd) ;;
    *) stop "unknown option $1" ;;
  esac
  shift 2
done
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
case $command in
  packages|build|check) "$command" ;;
  *) stop "unknown command $command" ;;
esac
