"""What people type who mean harm, or who paste what they found: one corpus for every field."""

from __future__ import annotations

from typing import Final

LINK: Final = "[your prize](https://evil.example/x)"
CORPUS: Final = {
    "mentions": "@everyone @here <@987654> <@&2> <#3> </setup:4> <id:guide>",
    "links": f"{LINK} [a][b] <https://evil.example/y> [https://discord.com](https://evil.example/z)",
    "directions": "\u202eevil\u202c \u200bzero\u200dwidth\ufeff \u2066x\u2069",
    "long": "w" * 4000,
    "formats": "{0.__class__.__init__.__globals__} %s %(token)s ${TOKEN} {{7*7}} {ref}",
    "markdown": "# big\n-# small\n> quote\n||spoiler|| **b** __u__ ~~s~~ `c` ```py\nx\n``` * list",
    "sql": "'; DROP TABLE member; -- \" OR 1=1 %_\\",
    "xml": '</text><script>alert(1)</script><image href="file:///etc/passwd"/>&lol; ]]>',
    "formulas": "=cmd|'/c calc'!A1",
    "controls": "a\x00b\x07c\x1b[31m\r\n\tend",
}
"""By what each tries to do."""
RAW: Final = (LINK, "@everyone", "@here", "<@987654>", "<@&2>", "\u202e", "||spoiler||")
"""What must never stand like this in a message of the bot's."""
