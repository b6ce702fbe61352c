"""One tree of errors. Each carries a sentence for the person who meets it: what happened, and what to do."""

from __future__ import annotations


class SyllabotError(Exception):
    """Something went wrong that we can name. ``sentence`` is shown to the user as it stands."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFoundError(SyllabotError):
    """What was asked for does not exist (any more): a topic, an entry, a stage."""


class NotAllowedError(SyllabotError):
    """The person may not do this here."""


class BadInputError(SyllabotError):
    """A value a person typed can't be used; the sentence says what was found and what was expected."""


class StaleComponentError(SyllabotError):
    """A button, menu or form of another version of the bot, or a forged one."""


class StorageError(SyllabotError):
    """The database did not take or give what it was asked to; nothing that was acknowledged is lost."""


class SettingsError(SyllabotError):
    """The settings can't be used; the sentence lists every fault with its mend."""


class RefusedError(SyllabotError):
    """Discord wants nothing from this bot until something is mended: starting it again changes nothing."""


class ContentError(SyllabotError):
    """A content pack can't be used; the sentence lists its faults."""


class ContentChangedError(SyllabotError):
    """Somebody changed a server's content between the report and the decision about it."""


class SourceError(SyllabotError):
    """An outside source gave nothing that can be used.

    Attributes:
        source: which one, by the name people know it by.
        retry_after: seconds from now before which it is not asked again; None where nothing speaks against it.
    """

    def __init__(self, sentence: str, *, source: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.source = source
        self.retry_after = retry_after
