"""The JSON Schema of the content files, published for editors."""

from __future__ import annotations

from pydantic import BaseModel

from bot.domain.faq import FaqCategory
from bot.domain.guide import Chapter
from bot.domain.points import PointsTable
from bot.domain.prompt import CompetitionShelf, KaggleShelf, PaperShelf, PromptShelf, ReadingShelf
from bot.domain.review import CardShelf
from bot.domain.synonym import SynonymShelf
from bot.domain.track import Stage, Track


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of every content file, by file kind, for editors and for whoever writes a pack."""
    kinds: dict[str, type[BaseModel]] = {
        "track": Track,
        "stage": Stage,
        "chapter": Chapter,
        "faq": FaqCategory,
        "synonyms": SynonymShelf,
        "prompts": PromptShelf,
        "kaggle": KaggleShelf,
        "papers": PaperShelf,
        "reading": ReadingShelf,
        "competitions": CompetitionShelf,
        "cards": CardShelf,
        "points": PointsTable,
    }
    definitions: dict[str, object] = {}
    for kind, model in kinds.items():
        schema = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        if kind == "track":  # the stages stand in files of their own
            schema["properties"].pop("stages")
            schema["required"].remove("stages")
        definitions[kind] = schema
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Syllabot content",
        "description": (
            "One file: the track, a stage, a chapter, an FAQ category, synonyms, prompts, Kaggle tasks, papers, "
            "reading questions, tasks for competitions, review cards or what scores how much."
        ),
        "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds],
        "$defs": definitions,
    }
