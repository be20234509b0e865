"""nginx in front: its files are current, it starts, it hides the rest of Rasa, and what it refuses itself carries the numbers."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from bot import facts as facts_module
from bot.settings import load
from deploy.nginx_config import CONFIG, PAGES, as_shipped, error_pages, render
from tests.api.test_chat_api import assert_problem
from tests.conftest import free_port
from tests.services import missing

NAMES = ("tel:101", "tel:112")


def wait_until_open(port):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@pytest.fixture(scope="session")
def nginx():
    """The program."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")
    return found or missing("nginx-light")


@pytest.fixture(scope="module")
def in_front(nginx, assistant, tmp_path_factory):
    """URLs of an nginx before the running assistant and of one whose chat server is gone; both slow down who comes too fast."""
    from benchmarks.cluster import running_nginx

    folder, port = tmp_path_factory.mktemp("alive"), free_port()
    with running_nginx(folder, port, [assistant.environment["CHAT_PORT"]], limits=True):
        yield f"http://127.0.0.1:{port}"


def test_what_is_written_here_is_what_the_facts_and_templates_give():
    assert CONFIG.read_text(encoding="utf-8") == as_shipped()
    pages = error_pages(facts_module.load(load({}).facts_dir))
    assert {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()} == pages


def test_the_configuration_with_tls_is_one_that_nginx_takes(nginx, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=chat.zone.example",
                    "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    config = tmp_path / "nginx.conf"
    config.write_text(render(["127.0.0.1:5005", "127.0.0.1:5006"], "443 ssl", PAGES, tmp_path, (str(certificate), str(key)),
                             "127.0.0.1:8080"))
    tried = subprocess.run([nginx, "-t", "-c", str(config), "-p", str(tmp_path)], capture_output=True, text=True)
    assert tried.returncode == 0 and "warn" not in tried.stderr, tried.stderr


def test_no_line_is_written_about_a_visitor():
    text = as_shipped()
    assert "access_log off;" in text and text.count("access_log") == 1 and text.count("error_log") == 1
    assert "error_log stderr emerg;" in text and "log_format" not in text


def test_a_household_is_one_client_whatever_address_it_takes(nginx, tmp_path):
    """The map of the configuration, asked through the header that tells this nginx an address."""
    text, port = as_shipped(), free_port()
    start = text.index("  map $remote_addr $household")
    (tmp_path / "logs").mkdir()
    config = tmp_path / "nginx.conf"
    config.write_text(f"""daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}
http {{ access_log off; set_real_ip_from 127.0.0.1; real_ip_header X-Client;
{text[start:text.index("  }", start) + 4].replace("$binary_remote_addr", "$remote_addr")}
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 $household; }} }} }}""")
    process = subprocess.Popen([nginx, "-c", str(config), "-p", str(tmp_path)])
    try:
        wait_until_open(port)
        told = {address: httpx.get(f"http://127.0.0.1:{port}/", headers={"X-Client": address}).text for address in (
            "2a02:1810:9c0d:aa00::1", "2a02:1810:9c0d:aa00:1:2:3:4", "2a02:1810:9c0d:aa01::1", "2a02:1810::7", "2a02:1810::8",
            "10.0.0.1", "10.0.0.2", "::ffff:10.0.0.1", "::1")}
    finally:
        process.terminate()
        process.wait(10)
    assert told["2a02:1810:9c0d:aa00::1"] == told["2a02:1810:9c0d:aa00:1:2:3:4"] != told["2a02:1810:9c0d:aa01::1"]
    assert told["2a02:1810::7"] == told["2a02:1810::8"]
    assert all(told.values()) and told["10.0.0.1"] != told["10.0.0.2"]


def test_the_chat_passes_and_nothing_else_of_the_server_does(in_front):
    assert httpx.get(f"{in_front}/chat/health").status_code == 200
    assert httpx.post(f"{in_front}/chat/sessions").status_code == 201
    assert "<!doctype html>" in httpx.get(f"{in_front}/chat").text.lower()
    for path in ("/", "/version", "/status", "/model", "/conversations/x/tracker", "/chatter", "/chat/../version",
                 "/failed/503.json", "//chat", "/webhooks/rest/webhook"):
        assert httpx.get(in_front + path).status_code in (301, 404), path


def test_a_body_that_is_too_large_gets_the_numbers(in_front):
    assert_problem(httpx.post(f"{in_front}/chat/messages", content=b"x" * 40_000), 413)
    page = httpx.post(f"{in_front}/chat", content=b"x" * 40_000)
    assert page.status_code == 413 and all(name in page.text for name in NAMES) and "<h1>" in page.text


def test_who_comes_too_fast_gets_the_numbers(in_front):
    with httpx.Client() as client:
        refused = [response for response in (client.post(f"{in_front}/chat/sessions", headers={"Origin": "https://zone.example"})
                                             for _ in range(80)) if response.status_code == 429]
    assert refused
    assert_problem(refused[0], 429)
    assert refused[0].headers["retry-after"] == "15"
    assert refused[0].headers["access-control-allow-origin"] == "https://zone.example"


def test_without_any_chat_server_everybody_gets_the_numbers(nginx, tmp_path):
    from benchmarks.cluster import running_nginx

    port = free_port()
    with running_nginx(tmp_path, port, [str(free_port())], wait=False):
        url = f"http://127.0.0.1:{port}/chat"
        for call in (httpx.post(f"{url}/messages", json={"text": "hij slaat mij"}), httpx.post(f"{url}/sessions"),
                     httpx.get(f"{url}/health")):
            assert_problem(call, 503)
            assert call.headers["retry-after"] == "10"
        for page in (httpx.get(url), httpx.post(url, data={"text": "help"})):
            assert page.status_code == 503 and page.headers["content-type"].startswith("text/html")
            assert all(name in page.text for name in NAMES)
    assert json.loads(Path(PAGES / "503.json").read_text(encoding="utf-8"))["status"] == 503
    assert (tmp_path / "nginx-error.log").read_text() == ""
