"""The dashboard put together: settings in, a Sanic app that refuses to be unsafe out."""

import ipaddress
import logging
import secrets

from sanic import Sanic
from sanic.config import Config
from sqlalchemy.exc import SQLAlchemyError

from bot import facts
from bot.dashboard import exports, guard, login, pages, problems, static
from bot.dashboard.figures_store import CheckedStore
from bot.dashboard.login import Door
from bot.dashboard.sessions import Clock, Sessions
from bot.dashboard.staff import Staff
from bot.errors import SettingsError
from bot.settings import Settings
from bot.statistics import parameters
from bot.statistics.release import now
from bot.strict_request import StrictRequest

logger = logging.getLogger(__name__)

MAX_BODY = 16 * 1024
REQUEST_SECONDS = 15


def make_app(settings: Settings, clock: Clock = now) -> Sanic:
    """An app that is ready to serve; raises SettingsError, FactsError or LimitError. A database that is gone stops nothing."""
    check_address(settings)
    config = Config({"REQUEST_MAX_SIZE": MAX_BODY, "REQUEST_TIMEOUT": REQUEST_SECONDS, "AUTO_EXTEND": False}, env_prefix="")
    app = Sanic(f"dashboard_{secrets.token_hex(8)}", config=config, configure_logging=False,  # Sanic keeps apps by name
                request_class=StrictRequest)
    ctx = app.ctx
    ctx.settings, ctx.clock, ctx.facts = settings, clock, facts.load(settings.facts_dir)
    ctx.parameters = parameters.load(settings)
    ctx.store = CheckedStore.for_dashboard(settings, ctx.parameters)
    ctx.staff = Staff.of(settings, clock)
    ctx.sessions, ctx.door, ctx.files = Sessions(settings, clock), Door(ctx.staff), static.load()
    for setting, ready in (("DASHBOARD_STAFF_URL", ctx.staff.prepare), ("the released figures", ctx.store.check)):
        try:
            ready()
        except (SQLAlchemyError, OSError) as error:
            logger.warning("dashboard: %s: no database yet (%s); pages that need it say so", setting, type(error).__name__)
    guard.install(app)
    app.error_handler.add(Exception, problems.answer)
    for part in (static, login, pages, exports):
        app.blueprint(part.routes)
    return app


def check_address(settings: Settings) -> None:
    """Raises SettingsError when passwords would cross a network without TLS."""
    if not settings.dashboard_tls and not _is_loopback(settings.dashboard_host):
        raise SettingsError("DASHBOARD_HOST: another address than loopback needs a reverse proxy that ends TLS, "
                            "and DASHBOARD_TLS=yes")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
