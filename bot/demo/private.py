"""Every private name of SimCord that the simulated server rests on, in one place, asserted before it is used.

SimCord promises nothing about these names, so the version is pinned exactly and each of them is looked up at start: a
name that has moved stops the demo with a sentence that says which, instead of breaking a page half way. What each is
for stands in ``docs/demo.md``.
"""
# ruff: noqa: SLF001  (the one module that may)
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

import simcord
from simcord import ChannelHandle, MemberActor, UserHandle
from simcord.preview import Preview

from bot.demo.menus import told_apart
from bot.errors import SyllabotError
from bot.log import get_logger

LOCKED: Final = "3.2.1"
MESSAGE_MENU: Final = 3
"""Discord's number for an application command in a message's menu."""

Page: TypeAlias = Any
"""One open tab, SimCord's ``_Page``."""

Viewer: TypeAlias = MemberActor | UserHandle
Body: TypeAlias = Mapping[str, Any]
Action: TypeAlias = Callable[[Page, Body], Awaitable[dict[str, Any]]]

MENU_NAMES: Final = (
    "simcord.preview._action_plans:_component_key",
    "simcord.preview._component_projection:_control_key",
)
CLASS_NAMES: Final = (
    "simcord.env:Env._settle_internal",
    "simcord.env:Env._record_error",
    "simcord.preview:Preview._action",
    "simcord.preview:Preview._publish",
    "simcord.preview:Preview._initial_target",
    "simcord.preview:Preview._clear_page_assets",
    "simcord.preview._server:PreviewServer._STATIC_FILES",
    "simcord.preview._server:PreviewServer._STATIC_CONTENT_TYPES",
    "simcord.preview._markdown:_FIELD_POLICIES",
    "simcord.preview._pages:_Page",
    *MENU_NAMES,
    "simcord.backend:Backend.announce_thread_create",
    "simcord.backend:Backend.create_thread",
    "simcord.backend:Backend.visible_commands",
    "simcord.backend.access:can_access_channel",
    "simcord.backend.cdn:CDN_BASE",
    "simcord.backend.models:Message.visible_to",
)
PAGE_FIELDS: Final = (
    "id",
    "viewer",
    "channel_id",
    "generation",
    "revision",
    "target_id",
    "window_end_id",
    "modal",
    "modal_handle",
    "navigation_cursor",
    "candidate_queries",
    "status",
)
ENV_NAMES: Final = ("_generation", "backend", "backend.messages", "backend.bot_user.avatar")
PREVIEW_NAMES: Final = ("_pages", "_server", "capability", "channel", "viewers")
PAGE_MARKS: Final = (
    "</head>",
    '<script type="module" src="/app.js">',
    "<title>SimCord Preview</title>",
    'id="messages-sidebar"',
    'id="messages-toggle"',
    'id="toolbar"',
    'id="channel-timeline"',
    'id="channel-message-list"',
    'id="channel-composer"',
    'id="new-messages"',
    'id="action-status"',
    'class="preview-brand"',
)
CONTENT_TYPES: Final = {".css": "text/css", ".js": "application/javascript", ".svg": "image/svg+xml"}
ENTER: Final = "/enter.js"
RENDERED: Final = ("embed_description", "embed_field_value")
"""Where Discord shows mentions of people and commands, and SimCord does not."""

log = get_logger(__name__)


def check() -> None:
    """Look up every name that can be looked up before a world exists.

    Raises:
        SyllabotError: naming what has moved, and what to install.
    """
    missing = [name for name in CLASS_NAMES if not _exists(name)]
    if not missing:
        fields: Mapping[str, object] = _find("simcord.preview._pages:_Page").__dataclass_fields__
        missing += [f"_Page.{name}" for name in PAGE_FIELDS if name not in fields]
        missing += [f"_FIELD_POLICIES[{name!r}]" for name in RENDERED if name not in _field_policies()]
        if "idle" not in (simcord.Env._settle_internal.__kwdefaults__ or {}):
            missing.append("Env._settle_internal(idle=)")
        missing += [f"index.html: {mark}" for mark in PAGE_MARKS if mark not in _index()]
    _refuse(missing)


def check_world(env: simcord.Env, preview: Preview) -> None:
    """Look up the names that only a running world has.

    Raises:
        SyllabotError: naming what has moved, and what to install.
    """
    missing = [f"Env.{name}" for name in ENV_NAMES if not _reaches(env, name)]
    missing += [f"Preview.{name}" for name in PREVIEW_NAMES if not _reaches(preview, name)]
    _refuse(missing)


def tune(env: simcord.Env) -> None:
    """Make a world quick, and leave the bot's errors to the bot.

    SimCord sleeps 50 ms after each action, and calls any action uncertain in which the bot met an error, even one that
    the bot has answered with a sentence.
    """
    assert simcord.Env._settle_internal.__kwdefaults__ is not None  # noqa: S101  (looked up in ``check``)
    simcord.Env._settle_internal.__kwdefaults__["idle"] = 0.001

    def leave_to_the_bot(error: BaseException) -> None:
        """Raise no alarm: the bot logs and answers its errors itself."""
        log.debug("bot_error", error=type(error).__name__)

    env._record_error = leave_to_the_bot
    for name in MENU_NAMES:
        module, _, function = name.partition(":")
        setattr(import_module(module), function, told_apart(_find(name)))
    for field in RENDERED:
        _field_policies()[field].update(mentions=True, commands=True)


def serve(preview: Preview, folder: Path, assets: Iterable[Path]) -> None:
    """Put our scripts and styles into SimCord's page. Call it before the preview is entered.

    Args:
        preview: whose page it is.
        folder: a temporary folder for the changed page.
        assets: the files to serve by their names; ``.css`` is linked, ``enter.js`` runs first, other ``.js`` last.
    """
    files = {f"/{asset.name}": asset for asset in assets}
    styles = [f'<link rel="stylesheet" href="{url}">' for url in files if url.endswith(".css")]
    scripts = [f'<script type="module" src="{url}"></script>' for url in files if url.endswith(".js") and url != ENTER]
    icon = '<link rel="icon" type="image/svg+xml" href="/favicon.svg">'
    head = [icon, f'<meta name="demo-key" content="{preview.capability}">', *styles, f'<script src="{ENTER}"></script>']
    html = _index().replace("<title>SimCord Preview</title>", "<title>Syllabot · simulated server</title>")
    html = html.replace("</head>", f"{''.join(head)}</head>").replace("</body>", f"{''.join(scripts)}</body>")
    page = folder / "index.html"
    page.write_text(html, encoding="utf-8")
    server = type(preview._server)
    server._STATIC_FILES = {**server._STATIC_FILES, "/": str(page), **{url: str(path) for url, path in files.items()}}
    server._STATIC_CONTENT_TYPES = {
        **server._STATIC_CONTENT_TYPES,
        str(page): "text/html",
        **{str(path): CONTENT_TYPES[path.suffix] for path in files.values()},
    }


def lead(preview: Preview, action: Action) -> Callable[[Page, Body], Awaitable[dict[str, Any]]]:
    """Lead everything a page asks for through ``action``, and return SimCord's own way of doing it.

    A page then opens at the end of its channel, and what a tab did while another was changing it is not refused.
    """
    original = preview._action

    def at_the_end(_viewer: Viewer, _channel_id: int) -> None:
        """Focus no message."""

    preview._initial_target = at_the_end  # pyright: ignore[reportAttributeAccessIssue]  (names of its arguments)

    async def by_id(context_id: str | None, body: Body) -> dict[str, Any]:
        page = preview._pages.get(context_id or "")
        return await (original(context_id, body) if page is None else action(page, body))

    async def as_simcord_does(page: Page, body: Body) -> dict[str, Any]:
        current = dict(body)
        if "published_revision" in current:
            current["published_revision"] = page.revision
        if "bot_generation" in current:
            current["bot_generation"] = preview.env._generation
        return await original(page.id, current)

    preview._action = by_id
    return as_simcord_does


def move(preview: Preview, page: Page, viewer: Viewer, channel_id: int) -> None:
    """Show a page to ``viewer``, at the end of a channel."""
    preview._clear_page_assets(page)
    page.viewer, page.channel_id = viewer, channel_id
    page.generation += 1
    page.target_id = page.window_end_id = page.modal = page.modal_handle = page.navigation_cursor = None
    page.candidate_queries.clear()
    page.status = "current"
    preview._publish(page, reason="navigation")


def show_form(page: Page, result: simcord.InteractionResult) -> None:
    """Let a page show the form that a message's menu opened, if it did."""
    if result.modal is not None:
        page.modal, page.modal_handle = result, f"m_menu_{page.revision}"


def can_see(env: simcord.Env, viewer: Viewer, channel_id: int) -> bool:
    """Whether a person may read a channel."""
    allowed = _find("simcord.backend.access:can_access_channel")
    return bool(allowed(env, channel_id, viewer, history=True))


def last_message_id(env: simcord.Env, channel_id: int, user_id: int) -> int:
    """Return the id of the newest message that a person sees in a channel; 0 where there is none."""
    messages = env.backend.messages.get(channel_id, {})
    return next((one.id for one in reversed(messages.values()) if one.visible_to(user_id)), 0)


def message_menus(env: simcord.Env, channel_id: int, user_id: int) -> list[str]:
    """Return the names of the message menus that a person has in a channel."""
    commands = env.backend.visible_commands(user_id=user_id, channel_id=channel_id, type=MESSAGE_MENU)
    return [str(command["name"]) for command in commands]


def open_thread(env: simcord.Env, channel: ChannelHandle, message_id: int, name: str, owner_id: int) -> ChannelHandle:
    """Open a thread on a message as a person does, and return it."""
    thread = env.backend.create_thread(channel.id, name, owner_id, message_id=message_id, broadcast=False)
    env.backend.announce_thread_create(thread)
    return next(one for one in channel.threads if one.id == thread.id)


def portrait_url(user_id: int, portrait: str) -> str:
    """Return the address at which SimCord expects a person's portrait."""
    return f"{_find('simcord.backend.cdn:CDN_BASE')}/avatars/{user_id}/{portrait}.png"


def give_bot_portrait(env: simcord.Env, portrait: str) -> int:
    """Give the bot a portrait and return its user id."""
    env.backend.bot_user.avatar = portrait
    return env.backend.bot_user.id


def _field_policies() -> dict[str, dict[str, Any]]:
    return _find("simcord.preview._markdown:_FIELD_POLICIES")


def _index() -> str:
    return (Path(simcord.__file__).parent / "preview" / "static" / "index.html").read_text(encoding="utf-8")


def _find(name: str) -> Any:  # noqa: ANN401  (whatever stands there)
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


def _exists(name: str) -> bool:
    try:
        _find(name)
    except (ImportError, AttributeError):
        return False
    return True


def _reaches(start: object, path: str) -> bool:
    for part in path.split("."):
        if not hasattr(start, part):
            return False
        start = getattr(start, part)
    return True


def _refuse(missing: list[str]) -> None:
    if missing:
        raise SyllabotError(
            f"The simulated server needs SimCord {LOCKED}; in the installed version {version('simcord')} these names "
            f"have moved: {', '.join(missing)}. Install the locked one, simcord=={LOCKED} (requirements/demo.txt), or "
            "follow docs/demo.md to upgrade."
        )
