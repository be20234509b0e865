"""Actions are called over one connection that stays open, made anew when the action server was replaced."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.action_endpoint import IDLE_SECONDS, ActionEndpoint


class Actions:
    """An action server that notes from which connection each call came."""

    def __init__(self):
        self.connections, self.tokens, self.bodies = [], [], []
        app = web.Application()
        app.router.add_post("/webhook", self.answer)
        app.router.add_post("/refuse", self.refuse)
        self.server = TestServer(app)

    async def answer(self, request):
        self.connections.append(request.transport.get_extra_info("peername"))
        self.tokens.append(request.query.get("token"))
        self.bodies.append(await request.json())
        return web.json_response({"events": [], "responses": []})

    async def refuse(self, request):
        return web.Response(status=403)


@pytest.fixture
async def actions():
    made = Actions()
    await made.server.start_server()
    yield made
    await made.server.close()


async def test_calls_share_a_connection_and_say_what_rasa_says(actions):
    theirs = EndpointConfig(f"{actions.server.make_url('/webhook')}?token=secret", headers={"X-Any": "1"})
    ours = ActionEndpoint.of(theirs)
    body = {"tracker": {"slots": {"é": None}, "at": 1795852861.123456}, "next_action": "action_answer"}
    for endpoint in (ours, ours, ours, theirs):
        assert await endpoint.request(json=body) == {"events": [], "responses": []}
    assert len(set(actions.connections[:3])) == 1 and actions.connections[3] not in actions.connections[:3]
    assert actions.bodies == [body] * 4 and actions.tokens == ["secret"] * 4
    await ours.close()


async def test_a_server_that_was_replaced_is_found_again(actions):
    ours = ActionEndpoint.of(EndpointConfig(str(actions.server.make_url("/webhook"))))
    await ours.request(json={})
    port = actions.server.port
    await actions.server.close()
    with pytest.raises(OSError):
        await ours.request(json={})
    again = Actions()
    again.server.port = port
    await again.server.start_server()
    assert await ours.request(json={}) == {"events": [], "responses": []}
    await ours.close()
    await again.server.close()


async def test_a_refusal_is_an_error_as_before(actions):
    ours = ActionEndpoint.of(EndpointConfig(str(actions.server.make_url("/refuse"))))
    with pytest.raises(ClientResponseError, match="403"):
        await ours.request(json={})
    await ours.close()


def test_the_chat_server_lets_go_of_a_connection_before_the_action_server_does():
    from actions.__main__ import KEEP_ALIVE_SECONDS, make_app
    from bot.settings import load

    assert make_app(load({}), None).config.KEEP_ALIVE_TIMEOUT == KEEP_ALIVE_SECONDS > 2 * IDLE_SECONDS
