"""The error family. Every message is one line in Chinese that ends in the mend.

Only `cli` and `web` catch `AssistantError`; everything below lets it pass.
"""


class AssistantError(Exception):
    """Root of all errors that a user can do something about."""


class SettingsError(AssistantError):
    """A setting, an option or a table beside the corpus is wrong."""


class ReadingError(AssistantError):
    """A file of the corpus cannot be read."""


class EncoderError(AssistantError):
    """A model (encoder, reranker, language model) cannot be loaded or does not do what it must."""


class GenerationError(AssistantError):
    """A language model gave no usable answer: out of reach, out of time, or failing as it ran."""


class StoreError(AssistantError):
    """The index or the history is missing, damaged, foreign, or being written by someone else."""


class AccessError(AssistantError):
    """Somebody asks for what is not theirs to see or do."""


class LimitError(AssistantError):
    """Somebody asks too much at once, or tried in vain too often."""


class MissingError(SettingsError):
    """A document that is asked for by its id is not there, or not for whoever asks."""


class ChangedError(SettingsError):
    """Something was changed elsewhere since it was read: it is to be read again first."""
