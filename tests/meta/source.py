"""The project's own source, as the rules of the house see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported name.

    Attributes:
        target: the module, or the module and the name taken from it: ``bot.ui.reply.answer``.
        module: the module alone.
        line: where.
        typing_only: whether it stands under ``if TYPE_CHECKING``.
    """

    target: str
    module: str
    line: int
    typing_only: bool

    @property
    def package(self) -> str:
        """The outermost package."""
        return self.target.split(".")[0]

    @property
    def room(self) -> str | None:
        """The room of this project it comes from; None for what is not ours."""
        return room_of(self.target.replace(".", "/")) if self.package in {"bot", "cogs"} else None


@dataclass(frozen=True)
class Source:
    """One Python file. ``file`` is its path below the root."""

    file: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.file)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the file."""
        return tuple(ast.walk(self.tree))

    @property
    def room(self) -> str:
        """The room it stands in: ``ui``, ``cogs``, or its own name at the top of ``bot``."""
        return room_of(self.file)

    @cached_property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """Everything it imports, at its top or inside functions."""
        return tuple(self._imports(self.tree, typing_only=False))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What each imported name stands for: ``dt`` for ``datetime``."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for one in node.names:
                    found[one.asname or one.name.split(".")[0]] = one.name if one.asname else one.name.split(".")[0]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        return found

    def qualified(self, node: ast.AST) -> str:
        """Return the dotted name an expression stands for, imports followed; empty where it is none."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones too."""
        yield from (node for node in self.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))

    def _imports(self, node: ast.AST, *, typing_only: bool) -> Iterator[Imported]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Imported(one.name, one.name, child.lineno, typing_only) for one in child.names)
            elif isinstance(child, ast.ImportFrom):
                module = self._absolute(child)
                for one in child.names:
                    yield Imported(f"{module}.{one.name}", module, child.lineno, typing_only)
            elif isinstance(child, ast.If) and self.qualified(child.test).endswith("TYPE_CHECKING"):
                yield from self._imports(ast.Module(child.body, []), typing_only=True)
                yield from self._imports(ast.Module(child.orelse, []), typing_only=typing_only)
            else:
                yield from self._imports(child, typing_only=typing_only)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.file.split("/")[: -node.level]
        return ".".join([*package, *([node.module] if node.module else [])])


def room_of(path: str) -> str:
    """Return the room of a path below the root, with or without its ending."""
    first, *rest = path.removesuffix(".py").split("/")
    return rest[0] if first == "bot" and rest else first


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return every Python file of these folders below the root, sorted."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)
