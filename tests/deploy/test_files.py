"""The files of deploy/: every way to run it is closed alike, keeps nothing, exposes nothing, and what they start really works."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

from benchmarks.services import own_folder
from bot.conversations import AFTER_EMERGENCY_SECONDS, ANSWER_SECONDS
from bot.errors import SettingsError
from bot.settings import ROOT, SETTINGS, load
from bot.statistics.redis_counts import RedisCounts
from deploy.nginx_config import CONFIG, INSTALLED, render
from tests.conftest import free_port
from tests.services import missing

DEPLOY, IMAGE = ROOT / "deploy", ROOT / "scripts" / "image.sh"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
MANIFESTS = {path.name: [*yaml.safe_load_all(path.read_text())] for path in (DEPLOY / "kubernetes").glob("*.yaml")}
OBJECTS = [each for documents in MANIFESTS.values() for each in documents]
DEPLOYMENTS = {each["metadata"]["name"]: each["spec"] for each in OBJECTS if each["kind"] == "Deployment"}
UNITS = {path.name: path.read_text() for path in sorted((DEPLOY / "systemd").glob("*.service"))}
SETTING_NAMES = {setting.name for setting in SETTINGS}
OURS = "wijkwijzer:"
PINNED = re.compile(r"[a-z]+:(\d[\w.-]*|\$\{WIJKWIJZER_VERSION:\?\})")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+):\?\}")
STARTED = [name for name, one in SERVICES.items() if one["image"].startswith(OURS) and "environment" in one]
CLOSED = {"LimitCORE": "0", "MemorySwapMax": "0", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
          "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "MemoryDenyWriteExecute": "yes", "UMask": "0077",
          "SystemCallFilter": "@system-service", "Restart": "on-failure"}  # of a unit
HOLDS = {*"bot actions data models requirements venv domain.yml config.yml endpoints.yml credentials.yml".split()}
SECRET = re.compile(r"SECRET|TOKEN|PASSWORD")
PASSWORD = "p" * 40
LONGEST = ANSWER_SECONDS + AFTER_EMERGENCY_SECONDS
KEEPS_NOTHING = ('--save ""', "--appendonly no", "--maxmemory-policy noeviction", "--maxmemory ")


def filled(text: str) -> str:
    return VARIABLE.sub(lambda found: "zone.be" if found[1].endswith("_NAME") else PASSWORD, text).replace("$$", "$")


def containers(name: str) -> Iterator[dict[str, Any]]:
    pod = DEPLOYMENTS[name]["template"]["spec"]
    yield from [*pod.get("initContainers", ()), *pod["containers"]]


def config_map(name: str) -> dict[str, str]:
    return next(each["data"] for each in OBJECTS if each["kind"] == "ConfigMap" and each["metadata"]["name"] == name)


def variables(container: dict[str, Any]) -> dict[str, str]:
    secret = {one["name"]: "redis://redis" if one["name"].endswith("_URL") else PASSWORD for one in container.get("env", ())}
    maps = [config_map(source["configMapRef"]["name"]) for source in container.get("envFrom", ())]
    return {name: value for one in (*maps, secret) for name, value in one.items()}


def lines(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNITS[unit], re.M):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_compose_closes_every_container(name):
    service = SERVICES[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service
    assert service["ulimits"]["core"] == {"soft": 0, "hard": 0}
    assert service["mem_limit"] == service["memswap_limit"], "swap"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]) and PINNED.fullmatch(service["image"])
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    written = [volume for volume in service.get("volumes", ()) if not volume.endswith(":ro")]
    assert written == (["postgres:/var/lib/postgresql/data"] if name == "postgres" else [])


def test_compose_exposes_nginx_only_and_each_network_joins_who_must_talk():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {"nginx": ["80:80", "443:443"]}
    assert not any("expose" in service for service in SERVICES.values())
    assert [name for name, network in COMPOSE["networks"].items() if not network.get("internal")] == ["outside"]
    joined = {network: {name for name, service in SERVICES.items() if network in service.get("networks", ())}
              for network in COMPOSE["networks"]}
    pairs = {"pair-1", "pair-2"}
    assert joined == {"outside": {"nginx"}, "chat": {"nginx"} | pairs, "desk": {"nginx", "dashboard"}, "watch": pairs,
                      "store": {"redis"} | pairs, "figures": {"postgres", "dashboard"} | pairs}


@pytest.mark.parametrize("number", (1, 2))
def test_compose_pairs_a_chat_server_with_its_action_server(number):
    chat, actions, pair = (SERVICES[f"{name}-{number}"] for name in ("chat", "actions", "pair"))
    assert chat["network_mode"] == actions["network_mode"] == f"service:pair-{number}"
    assert chat["depends_on"] == [f"actions-{number}"], "what it needs while it drains stops after it"
    environment = chat["environment"]
    assert environment["CHAT_HOST"] == pair["networks"]["chat"]["ipv4_address"]
    assert environment["METRICS_HOST"] == pair["networks"]["watch"]["ipv4_address"]
    assert environment["ACTIONS_PORT"] == actions["environment"]["ACTIONS_PORT"]
    assert environment["ACTIONS_TOKEN"] == actions["environment"]["ACTIONS_TOKEN"]
    assert int(chat["stop_grace_period"].rstrip("s")) > int(environment["CHAT_DRAIN_SECONDS"]) + LONGEST


@pytest.mark.parametrize("name", STARTED)
def test_compose_sets_only_settings_that_exist_and_hold(name):
    environment = SERVICES[name]["environment"]
    assert set(environment) <= SETTING_NAMES
    load({key: filled(value) for key, value in environment.items()})


def test_no_file_holds_a_secret_and_env_example_names_what_compose_asks_for():
    example = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "env.example").read_text(), re.M))
    assert set(example) == set(VARIABLE.findall((DEPLOY / "compose.yml").read_text()))
    assert all(bool(value) != bool(SECRET.search(name)) for name, value in example.items())
    for path in [*DEPLOY.glob("*.yml"), *DEPLOY.glob("Dockerfile*"), *DEPLOY.glob("kubernetes/*"), *DEPLOY.glob("systemd/*")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[0-9a-f]{32,}|://[^\s/:]*:(?!\$\{|<)[^\s/@]+@", text), path
    for key, value in (item for service in SERVICES.values() for item in service.get("environment", {}).items()):
        assert not SECRET.search(key) or VARIABLE.fullmatch(value), key
    (secret,), (applied,) = MANIFESTS["secret.yaml"], MANIFESTS["kustomization.yaml"]
    assert set(applied["resources"]) == set(MANIFESTS) - {"kustomization.yaml", "secret.yaml"}, "secrets would be emptied"
    assert set(secret["stringData"].values()) == {""}
    for one in (one for name in DEPLOYMENTS for container in containers(name) for one in container.get("env", ())):
        assert set(one) == {"name", "valueFrom"} and one["name"] in secret["stringData"]
        assert one["valueFrom"]["secretKeyRef"] == {"name": "wijkwijzer", "key": one["name"]}
    assert not any(SECRET.search(key) for each in OBJECTS if each["kind"] == "ConfigMap" for key in each["data"])


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_kubernetes_closes_every_container(name):
    pod = DEPLOYMENTS[name]["template"]["spec"]
    security = pod["securityContext"]
    assert pod["automountServiceAccountToken"] is False and "hostNetwork" not in pod and "hostPID" not in pod
    assert security["runAsNonRoot"] is True and security["runAsUser"] > 0
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(name):
        own = container["securityContext"]
        assert own == {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"], "swap"
        assert "ulimit -c 0" in " ".join([*container["command"], *container.get("args", ())]), "core dumps"
        assert PINNED.fullmatch(container["image"]) and "hostPort" not in str(container.get("ports"))
    for volume in pod["volumes"]:
        assert set(volume) - {"name"} <= {"emptyDir", "configMap", "secret"}, "a disk"
        assert set(volume.get("emptyDir", {"medium": "Memory", "sizeLimit": ""})) == {"medium", "sizeLimit"}, "a disk"


def test_kubernetes_sets_only_settings_that_exist_and_hold():
    for container in (each for name in DEPLOYMENTS for each in containers(name) if each["image"].startswith(OURS)):
        assert variables(container) and set(variables(container)) <= SETTING_NAMES
        load(variables(container))


def test_kubernetes_replaces_chat_servers_without_losing_anybody():
    chat = DEPLOYMENTS["chat"]
    pod = chat["template"]["spec"]
    assert chat["replicas"] >= 2 and chat["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    (sidecar,) = pod["initContainers"]
    assert sidecar["name"] == "actions" and sidecar["restartPolicy"] == "Always", "what it needs while it drains stops after it"
    drain = int(config_map("chat")["CHAT_DRAIN_SECONDS"])
    assert drain and pod["terminationGracePeriodSeconds"] > drain + LONGEST
    assert {name: pod["containers"][0][name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")} == {
        "startupProbe": {"path": "/ready", "port": "metrics"}, "readinessProbe": {"path": "/ready", "port": "metrics"},
        "livenessProbe": {"path": "/live", "port": "metrics"}}
    assert config_map("chat")["ACTIONS_PORT"] == config_map("actions")["ACTIONS_PORT"]
    assert any(each["kind"] == "PodDisruptionBudget" and each["spec"]["selector"] == chat["selector"] for each in OBJECTS)


def test_kubernetes_lets_through_what_must_talk_and_never_shows_the_metrics():
    flows = set()
    for policy in (each["spec"] for each in OBJECTS if each["kind"] == "NetworkPolicy"):
        who = policy["podSelector"].get("matchLabels", {}).get("app", "all")
        assert policy["podSelector"] or (policy.keys() == {"podSelector", "policyTypes"} and len(policy["policyTypes"]) == 2)
        for direction, side in (("ingress", "from"), ("egress", "to")):
            for rule in policy.get(direction, ()):
                other = str(rule.get(side, "everybody"))
                found = re.search(r"'app': '(\w+)'|kube-dns|monitoring|ipBlock|everybody", other)
                flows |= {(direction, who, found[1] or found[0], port["port"]) for port in rule["ports"]}
    assert flows == {
        ("ingress", "nginx", "everybody", 80), ("ingress", "nginx", "everybody", 443), ("egress", "all", "kube-dns", 53),
        ("egress", "nginx", "chat", 5005), ("ingress", "chat", "nginx", 5005), ("egress", "nginx", "dashboard", 8080),
        ("ingress", "dashboard", "nginx", 8080), ("ingress", "chat", "monitoring", 9105), ("egress", "chat", "redis", 6379),
        ("ingress", "redis", "chat", 6379), ("egress", "chat", "ipBlock", 5432), ("egress", "dashboard", "ipBlock", 5432)}
    ports = {each["metadata"]["name"]: {port["targetPort"] for port in each["spec"]["ports"]} for each in OBJECTS
             if each["kind"] == "Service"}
    assert ports == {"chat": {"chat"}, "dashboard": {"pages"}, "redis": {"redis"}, "nginx": {"http", "https"}}
    assert [each["metadata"]["name"] for each in OBJECTS if each.get("spec", {}).get("type") == "LoadBalancer"] == ["nginx"]


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_closed(unit):
    found = lines(unit)
    assert {name: found[name] for name in CLOSED} == {name: [value] for name, value in CLOSED.items()}
    assert found["User"] != ["root"] and "ReadWritePaths" not in found
    assert int(found["TimeoutStopSec"][0]) >= 30 and found["PartOf"] == ["wijkwijzer.target"]
    if unit != "wijkwijzer-redis.service":
        assert found["EnvironmentFile"] == ["/etc/wijkwijzer/environment"]
        environment = dict(word.split("=", 1) for line in found["Environment"] for word in line.split())
        own = {key: value.replace("%i", "5005") for key, value in environment.items() if key in SETTING_NAMES}
        assert set(environment) - set(own) == {"HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
        assert all(own.get(f"{name}_HOST", "127.0.0.1") == "127.0.0.1" for name in ("CHAT", "METRICS", "DASHBOARD"))
        load(own)


def test_a_chat_unit_stops_before_its_action_server_and_finds_it():
    chat, actions = lines("wijkwijzer-chat@.service"), lines("wijkwijzer-actions@.service")
    partner = "wijkwijzer-actions@%i.service"
    assert partner in chat["After"][0] and chat["Wants"] == [partner]
    assert "ACTIONS_PORT=1%i" in chat["Environment"][0] and "ACTIONS_PORT=1%i" in actions["Environment"][0]
    assert int(chat["TimeoutStopSec"][0]) > int(re.search(r"CHAT_DRAIN_SECONDS=(\d+)", chat["Environment"][1])[1]) + LONGEST
    assert "STATISTICS_STATE_DIR=/run/wijkwijzer" in actions["Environment"][0] and actions["RuntimeDirectoryMode"] == ["0700"]


def test_systemd_takes_the_units(tmp_path):
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("systemd-analyze is not installed")
    for path in (DEPLOY / "systemd").iterdir():  # what they start is not on this machine
        (tmp_path / path.name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M))
    tried = subprocess.run([program, "verify", *(str(path) for path in tmp_path.iterdir())], capture_output=True, text=True,
                           env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"})
    assert tried.returncode == 0 and "wijkwijzer" not in tried.stderr, tried.stderr


@pytest.mark.parametrize("way", ("compose", "kubernetes", "systemd"))
def test_redis_as_we_start_it_is_one_that_our_servers_take(way, tmp_path):
    if not shutil.which("redis-server"):
        missing("redis-server")
    (tmp_path / "redis.conf").write_text(f"requirepass {PASSWORD}\n")
    command = {"compose": SERVICES["redis"]["command"][0].replace("$$", "$"), "kubernetes": next(containers("redis"))["args"][0],
               "systemd": lines("wijkwijzer-redis.service")["ExecStart"][0].replace("/etc/wijkwijzer", str(tmp_path))}[way]
    assert all(part in command for part in KEEPS_NOTHING)
    port = free_port()
    command = command.replace("--port 6390", "").replace("--save", f"--port {port} --save", 1)
    process = subprocess.Popen(["sh", "-c", command], cwd=tmp_path, env={**os.environ, "REDIS_PASSWORD": PASSWORD},
                               stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        counts = RedisCounts(f"redis://:{PASSWORD}@127.0.0.1:{port}/0")
        for _ in range(200):
            with contextlib.suppress(OSError):
                counts.open("2026-W40", True)
                break
            time.sleep(0.05)
        assert counts.opened() == {"2026-W40": True}
        with pytest.raises(SettingsError):
            RedisCounts(f"redis://:other@127.0.0.1:{port}/0")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    assert [path.name for path in tmp_path.iterdir()] == ["redis.conf"], "it wrote something"


@pytest.mark.parametrize(("way", "chat", "dashboard"), (("compose", ("10.203.1.11:5005", "10.203.1.12:5005"), "10.203.2.11:8080"),
                                                        ("kubernetes", ("chat:5005", "chat:5005"), "dashboard:8080")))
def test_nginx_gets_the_configuration_of_its_servers(way, chat, dashboard):
    command = filled(SERVICES["nginx"]["command"][0]) if way == "compose" else next(containers("nginx"))["args"][0]
    command = command.partition(" > /tmp/nginx.conf")[0].replace("/etc/wijkwijzer/nginx.conf", str(CONFIG))
    written = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True,
                             env={**os.environ, "CHAT_NAME": "zone.be", "DASHBOARD_NAME": "zone.be"}).stdout
    tls = (f"{INSTALLED}/tls/fullchain.pem", f"{INSTALLED}/tls/privkey.pem")
    wanted = render(chat, "443 ssl", INSTALLED / "error_pages", Path("/var/lib/nginx"), tls, dashboard)
    assert written == re.sub(r"(chat|cijfers)\.zone\.example", "zone.be", wanted)
    if way == "compose":
        assert chat == tuple(f"{SERVICES[name]['environment']['CHAT_HOST']}:5005" for name in ("chat-1", "chat-2"))
        assert dashboard == SERVICES["dashboard"]["environment"]["DASHBOARD_HOST"] + ":8080"


def test_the_image_is_made_by_the_script_and_cannot_be_changed():
    builder, final = (DEPLOY / "Dockerfile").read_text().split("FROM python:3.10-slim-bookworm")[1:]
    assert re.findall(r"^RUN (.*)$", builder, re.M) == [
        "sh scripts/image.sh packages /opt/wijkwijzer",
        "sh scripts/image.sh build /opt/wijkwijzer && sh scripts/image.sh check /opt/wijkwijzer"]
    assert re.findall(r"^(?:COPY|ADD) (.*)$", final, re.M) == ["--from=builder /opt/wijkwijzer /opt/wijkwijzer"]
    assert re.findall(r"^USER (.*)$", final, re.M) == ["10001:10001"] and "PYTHONDONTWRITEBYTECODE=1" in final
    assert "HEALTHCHECK" in final and "EXPOSE 5005 8080\n" in final and not SECRET.search(final)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert ignored[1] == "*" and {"!bot", "!actions", "!data", "!scripts/image.sh"} <= set(ignored)
    assert not {"!tests", "!deploy", "!docs", "!.git", "!var"} & set(ignored)


def test_the_image_holds_what_runs_and_nothing_else_and_answers(model):
    def image(*words: object) -> subprocess.CompletedProcess:
        return subprocess.run(["sh", str(IMAGE), *map(str, words)], capture_output=True, text=True, timeout=300)

    with own_folder() as folder:
        made, venv = folder / "image", ROOT / ".venv"
        built, checked = image("build", made, "--venv", venv, "--model", ROOT / "models"), image("check", made)
        assert built.returncode == checked.returncode == 0, built.stderr + checked.stdout + checked.stderr
        assert "answers, and the emergency numbers first" in checked.stdout and "nothing was written" in checked.stdout
        assert {path.name for path in made.iterdir()} - {"LICENSE"} == HOLDS
        names = {path.name for path in made.rglob("*")}
        assert not {"tuning", "node_modules", "test", "tests", "src", "example", "package.json", "dev.txt", "sh"} & names
        (made / "models" / "digest").write_text("of other files")
        refused = image("build", folder / "other", "--venv", venv, "--model", made / "models")
        assert refused.returncode == 1 and "not trained from these files" in refused.stderr
