"""The chat API keeps to docs/openapi.yml, whatever is sent: a fixed number of cases, the same ones each time."""

import json

import httpx
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from requests import Request
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    JsonSchemaError,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.settings import ROOT

DESCRIPTION = ROOT / "docs" / "openapi.yml"
CASES = 150
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
          response_headers_conformance]
ALWAYS_THE_SAME = settings(max_examples=CASES, derandomize=True, deadline=None, database=None,
                           phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))

schema = schemathesis.openapi.from_dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))


def send(assistant, case, token):
    """Send a case to the server; None when what was made up cannot be written as a request."""
    case.headers = {**{name: value for name, value in dict(case.headers or {}).items() if name.lower() != "authorization"},
                    **({"Authorization": f"Bearer {token}"} if token else {})}
    return case.call(base_url=assistant.url.removesuffix("/chat"), timeout=30)


@schema.parametrize()
@ALWAYS_THE_SAME
def test_in_a_conversation(case, assistant):
    resident = assistant.open()
    case.validate_response(send(assistant, case, resident.token), checks=CHECKS)
    resident.close()


@schema.parametrize()
@ALWAYS_THE_SAME
def test_without_one(case, assistant):
    answer = send(assistant, case, None)
    case.validate_response(answer, checks=CHECKS)
    if case.operation.label == "POST /chat/messages":
        assert answer.status_code != 200


def test_the_description_names_every_path_of_the_chat_api(assistant):
    for path, methods in schema.raw_schema["paths"].items():
        for method in methods:
            answer = httpx.request(method, assistant.url.removesuffix("/chat") + path)
            assert answer.status_code not in (404, 405), (method, path)
    source = (ROOT / "bot" / "channel.py").read_text(encoding="utf-8")
    for path in schema.raw_schema["paths"]:
        assert f'"{path.removeprefix("/chat")}"' in source


@pytest.mark.parametrize("wrong", [{"messages": [{}]}, {"messages": "x"}, {}])
def test_the_checks_can_fail(wrong):
    said = schema["/chat/messages"]["POST"].Case()
    headers = {"content-type": ["application/json"]}
    request = Request("POST", "http://x/chat/messages").prepare()
    answer = Response(status_code=200, headers=headers, content=json.dumps(wrong).encode(), request=request, elapsed=0.1,
                      verify=False)
    with pytest.raises(FailureGroup) as failed:
        said.validate_response(answer, checks=[response_schema_conformance])
    assert all(isinstance(failure, JsonSchemaError) for failure in failed.value.exceptions)
