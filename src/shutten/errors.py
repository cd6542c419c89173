"""The error tree. Every message is one line that names the cure.

ShuttenError
├── UsageError              what the user typed cannot be done
│   ├── QuestionError       the question is empty or too long
│   └── UnknownArticleError an id that is not in the index
├── ArticleError            a source cannot be read
│   └── DuplicateArticleError
├── IndexStoreError         the index on disk
│   ├── IndexNotFoundError
│   ├── IndexMismatchError  made by another model
│   ├── IndexDamagedError
│   ├── IndexBusyError      another process is writing
│   └── IndexWriteError     disk full, no permission
├── WikiError               a wiki cannot be reached or read
│   ├── UnknownSourceError  a wiki that was never synced, or not with an address
│   └── UnknownPageError    neither the wiki nor the index holds it
├── AddressRefusedError     it leads into a private network
├── ModelError              a model is missing, broken, or fails its canary
│   ├── ModelLoadingError   it is on its way into memory
│   └── ModelMemoryError    it needs more memory than is free
├── WriterError             a language model or its server did not write what was asked
├── SettingsError           a setting has a value that cannot be used
├── FeedbackError           what people said of answers cannot be kept or read
├── DatasetError            an evaluation file cannot be read
├── ServeError              the web app cannot start (port in use)
└── ServiceError            a server that was asked
    ├── ServiceRefusedError     it says no, and why
    └── ServiceUnreachableError nothing answers there
"""

from __future__ import annotations


class ShuttenError(Exception):
    """Root of all errors that Shutten raises on purpose; `str(error)` is one line with the cure."""


class UsageError(ShuttenError):
    """What was asked for cannot be done as it stands."""


class QuestionError(UsageError):
    """The question is empty or longer than is accepted."""


class UnknownArticleError(UsageError):
    """An article id that the index does not hold."""


class ArticleError(ShuttenError):
    """A source cannot be read as an article."""


class DuplicateArticleError(ArticleError):
    """Two sources claim the same article id."""


class IndexStoreError(ShuttenError):
    """The index on disk cannot be used."""


class IndexNotFoundError(IndexStoreError):
    """There is no index at the given place."""


class IndexMismatchError(IndexStoreError):
    """The index was made by another embedding model."""


class IndexDamagedError(IndexStoreError):
    """The store, which is the truth, cannot be read."""


class IndexBusyError(IndexStoreError):
    """Another process is writing to this index."""


class IndexWriteError(IndexStoreError):
    """The index cannot be written: disk full, file-size limit, or no permission."""


class WikiError(ShuttenError):
    """A wiki cannot be reached, or what it answers cannot be read."""


class UnknownSourceError(WikiError):
    """A wiki that this index does not know, or knows no place of."""


class UnknownPageError(WikiError):
    """A page that neither its wiki nor the index holds."""


class AddressRefusedError(ShuttenError):
    """An address on the web that is not fetched, as it leads into a private network."""


class ModelError(ShuttenError):
    """A model is missing, cannot be loaded, or fails its canary."""


class ModelLoadingError(ModelError):
    """A model that is not in memory yet."""


class ModelMemoryError(ModelError):
    """A model that needs more memory than is free, both in bytes."""

    def __init__(self, message: str, *, needed: int, free: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.free = free


class WriterError(ShuttenError):
    """A language model, here or on a server, broke off, or did not begin."""


class SettingsError(ShuttenError):
    """A setting has a value that cannot be used."""


class FeedbackError(ShuttenError):
    """The store of what people said of answers cannot be written or read."""


class DatasetError(ShuttenError):
    """An evaluation file cannot be read."""


class ServeError(ShuttenError):
    """The web app cannot start."""


class ServiceError(ShuttenError):
    """A server that was asked gave no answer."""


class ServiceRefusedError(ServiceError):
    """The server says no; `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ServiceUnreachableError(ServiceError):
    """Nothing answers at the address, or something that is no Shutten."""
