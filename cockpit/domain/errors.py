"""The error tree. Their fault is apart from ours, and each error has a title for the screen.

CockpitError
├── FeedError            a source sent something that cannot be read; counted, kept, never fatal
├── InputError           a person gave something that cannot be used            exit code 3
│   ├── SessionError     a session or capture file: missing, foreign, torn at its head
│   └── OrdersError      an orders file: wrong columns, a value out of range
├── SettingsError        a settings file or flag: unknown key, wrong type        exit code 2
├── OutputError          a file that cannot be written, or exists already       exit code 2
│   └── Overtaken        a file that somebody else changed since it was read
├── NotVerified          a replay that differs, or that cannot be compared       exit code 4
├── LockHeld             another cockpit holds this profile's pen               exit code 3
└── InvariantError       ours: a state that must not exist
"""


class CockpitError(Exception):
    """Base of all errors this program raises on purpose; never raised itself."""

    title = "Error"
    exit_code = 1


class FeedError(CockpitError):
    """A frame that breaks its source's own format. Raised by feeds, caught by the session."""

    title = "Unreadable frame"


class InputError(CockpitError):
    """Something a person handed in cannot be used; the message names the file and the line or key."""

    title = "Unreadable input"
    exit_code = 3


class SessionError(InputError):
    """A session or capture file that is missing, foreign, of an unknown version, or torn at its head."""

    title = "Unreadable session"


class OrdersError(InputError):
    """An orders file with wrong columns or a value out of range."""

    title = "Unreadable orders file"


class SettingsError(CockpitError):
    """A settings file or flag with an unknown key or a value of the wrong type."""

    title = "Bad setting"
    exit_code = 2


class OutputError(CockpitError):
    """A file that was to be written cannot be, or exists already and was not to be replaced."""

    title = "Cannot write"
    exit_code = 2


class Overtaken(OutputError):  # noqa: N818  what became of the file
    """A file that was to be written has been changed by somebody else since it was read: it is left alone."""


class NotVerified(CockpitError):  # noqa: N818  the outcome's name, as the command prints it
    """A replay whose effects differ from the recorded digests, or that cannot be compared."""

    title = "Not verified"
    exit_code = 4


class LockHeld(CockpitError):  # noqa: N818  the state's name
    """Another running cockpit holds the pen of this profile."""

    title = "Profile in use"
    exit_code = 3


class InvariantError(CockpitError):
    """A state the engine must never reach; a bug of ours."""

    title = "Internal fault"
