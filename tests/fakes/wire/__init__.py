"""Discord on the wire: a small server on loopback against which the real bot runs in a real process.

``server.Wire`` is the whole of it, in a test's own loop; ``python -m tests.fakes.wire`` is the same in a process of its
own; ``process.BotProcess`` starts the real bot against it. This file imports nothing, because the bot's process passes
through it and its start and memory are measured.
"""
