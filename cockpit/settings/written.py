"""A person's settings file as text with some keys changed: every other byte stays, comments and order too."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Item, Table

Value = int | float | str | list[str]
"""What a key may be given."""
_LONE = re.compile(r"(?<!\r)\n")


def changed(text: str, changes: Mapping[str, Value]) -> str:
    """The text with these keys (``part.key``) at these values.

    Raises:
        ValueError: when the text is not TOML, or would say anything else besides.
    """
    try:
        document = tomlkit.parse(text)
        for name, value in changes.items():
            part, _, key = name.rpartition(".")
            _put(document.setdefault(part, tomlkit.table()) if part else document, key, value)
        after = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, KeyError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if "\r\n" in text and not _LONE.search(text):
        after = _LONE.sub("\r\n", after)
    if tomllib.loads(after) != _wanted(tomllib.loads(text), changes):
        raise ValueError("the keys cannot be changed where they stand")
    return after


def _put(table: Any, key: str, value: Value) -> None:
    """Change one key; of a list only what differs, so that what is said beside its names stays."""
    found = table.get(key)
    if isinstance(found, Array) and isinstance(value, list) and _keeps_order(found, value):
        for i in reversed(range(len(found))):
            if found[i] not in value:
                del found[i]
        for name in value[len(found) :]:
            found.append(name)
    elif found is None and isinstance(table, Table):
        _append(table, key, _item(value, None))
    else:
        table[key] = _item(value, found)


def _append(table: Table, key: str, item: Item) -> None:
    """A new key after the last one of its section: what is said below that may be said of the next section."""
    body = table.value.body
    said = []
    while body and body[-1][0] is None:
        said.append(body.pop())
    table.append(key, item)
    body.extend(reversed(said))


def _keeps_order(found: Array, wanted: list[str]) -> bool:
    """Whether taking away and adding at the end is all that is to be done."""
    kept = [name for name in found.unwrap() if name in wanted]
    return bool(kept) and wanted[: len(kept)] == kept and len(set(wanted)) == len(wanted)


def _item(value: Value, instead: Any) -> Item:
    """A value as an item of the document; a list stays one of many lines where it was."""
    made = tomlkit.item(value)
    if isinstance(made, Array) and isinstance(instead, Array) and "\n" in instead.as_string():
        made.multiline(multiline=True)
    return made


def _wanted(values: dict[str, Any], changes: Mapping[str, Value]) -> dict[str, Any]:
    """Plain values with the changes made."""
    for name, value in changes.items():
        part, _, key = name.rpartition(".")
        (values.setdefault(part, {}) if part else values)[key] = value
    return values
