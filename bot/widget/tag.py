"""What a website pastes into its pages to have the chat, and what its Content-Security-Policy must then allow."""

import re
from typing import Any, Mapping

from markupsafe import Markup

from bot.errors import WidgetError
from bot.widget.files import Widget

SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
OF_BUTTON = ("accent", "accent_text", "accent_dark", "accent_text_dark")
LINK_TEXT = "Chat met de assistent"
TAG = Markup('<script src="{server}/chat/widget/{name}" integrity="{integrity}" crossorigin="anonymous" defer '
             'data-exit="{exit}" {colours}></script>\n'
             '<noscript><a href="{server}/chat">{link}</a></noscript>')


def tag(server: str, widget: Widget, web: Mapping[str, Any]) -> Markup:
    """The HTML to paste; `server` is the address of the chat server, `web` the block of the zone profile.

    Raises WidgetError when `server` is more or less than scheme, host and port.
    """
    return TAG.format(server=checked_server(server), name=widget.name, integrity=widget.current.integrity,
                      exit=web["exit_site"], colours=_colours(web["theme"]), link=LINK_TEXT)


def _colours(theme: Mapping[str, str]) -> Markup:
    """The colours of the button, which stands on the page before the chat asks the server for anything."""
    return Markup(" ").join(Markup('data-{}="{}"').format(name.replace("_", "-"), theme[name]) for name in OF_BUTTON)


def policy(server: str) -> dict[str, str]:
    """The directives of a strict Content-Security-Policy that the chat needs, each with its source."""
    return dict.fromkeys(("script-src", "connect-src", "form-action"), checked_server(server))


def checked_server(server: str) -> str:
    """The address of a chat server without a closing slash."""
    address = server.rstrip("/")
    if not SERVER.fullmatch(address):
        raise WidgetError(f"{server!r} is not the address of a chat server, such as https://chat.zone.be")
    return address
