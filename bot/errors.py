"""Errors of the bot, worded for people, each with its exit code.

BotError                   1  failure while running
├── WrongApiError          1  another server answers instead of Discord's API
├── DatabaseError          1  the database cannot be opened, read or written
│   └── WrongKeyError      2  its hashes of people were made with another key
├── TextRefusedError       1  a server's own text cannot be added
├── BackupError            1  a backup cannot be made, read or restored
├── SettingsError          2  a setting is missing or wrong
├── QuestionSetError       2  a question set cannot be read
├── NoSuchTextError        2  no text has the path or title that was asked for
├── TokenRejectedError     3  Discord does not accept the token
├── IntentRefusedError     4  Discord refuses an intent that the bot asked for
└── AlreadyRunningError    5  another process serves the same
"""


class BotError(Exception):
    """Base of the errors whose message is one line for the person who started the program."""

    exit_code = 1


class SettingsError(BotError):
    """A setting is missing or has a value that cannot be used."""

    exit_code = 2

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable
        self.reason = reason


class QuestionSetError(BotError):
    """A question set is not a list of questions in the documented form."""

    exit_code = 2


class NoSuchTextError(BotError):
    """A pattern names none of the texts."""

    exit_code = 2

    def __init__(self, pattern: str, texts: str) -> None:
        super().__init__(
            f"no text has the path, folder or title {pattern!r}; the texts are {texts}"
        )


class TokenRejectedError(BotError):
    """Discord answered that the token is wrong."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "DISCORD_TOKEN: Discord rejected the token; copy it again from the application's "
            "Bot page (Reset Token) into .env"
        )


class IntentRefusedError(BotError):
    """Discord closed the connection over a privileged intent."""

    exit_code = 4

    def __init__(self) -> None:
        super().__init__(
            "Discord refused an intent; on the application's Bot page turn on "
            "'Message Content Intent', then start again"
        )


class AlreadyRunningError(BotError):
    """Another process serves the same data folder, bot or shards."""

    exit_code = 5


class WrongApiError(BotError):
    """The server that answers is not Discord's API."""

    def __init__(self, answered: str) -> None:
        super().__init__(
            f"Discord's API answered with {answered}; try again later, and if this lasts "
            "check DISCORD_API_BASE and the network"
        )


class DatabaseError(BotError):
    """The database cannot be opened, read or written.

    Attributes:
        where: The database, without its password.
        reason: What went wrong.
        may_pass: Whether the failure may end while the bot waits: a lock, damage, a full or
            read-only disk, but not a wrong setting.
    """

    def __init__(
        self, where: str, reason: str, what_to_do: str = "", *, may_pass: bool = False
    ) -> None:
        advice = what_to_do or "check that it exists and can be written, and check DATABASE_URL"
        super().__init__(f"The database {where} failed: {reason}; {advice}")
        self.where = where
        self.reason = reason
        self.may_pass = may_pass


class WrongKeyError(DatabaseError):
    """The key of people's hashes is not the one that the database's hashes were made with."""

    exit_code = 2


class BackupError(BotError):
    """A backup cannot be made, read or restored; nothing was changed."""


class TextRefusedError(BotError):
    """A text cannot be added to a server's own texts; the message is for the person who sent it.

    Attributes:
        message: The reason, in English; a message of the catalogues.
        values: The values of its placeholders.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values
