"""Bodies of which one item cannot be read: the others still count.

The usual path decodes a whole body at once. Only when that fails is it taken apart, and what cannot be read is left
out and counted; a list of which nothing can be read is an error.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from cockpit.feeds.census import tally

Data = bytes | msgspec.Raw
Shape = TypeVar("Shape")
Item = TypeVar("Item")
Read = TypeVar("Read")

_ABSENT = msgspec.Raw(b"null")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_pieces = msgspec.json.Decoder(list[msgspec.Raw] | None).decode


def decoded(data: Data, shape: type[Shape], census: Counter[str]) -> tuple[Shape, int]:
    """A body in its shape, and how many of its items were left out. Raises ValueError or RecursionError."""
    try:
        return msgspec.json.decode(data, type=shape), 0
    except msgspec.ValidationError:
        rest, lost = _spared(data, shape, census)
        if not lost:
            raise
        return msgspec.json.decode(rest, type=shape), lost


def _spared(data: Data, shape: type, census: Counter[str]) -> tuple[Data, int]:
    """A body without the items that cannot be read, and their number; of a list always something is kept."""
    lists = _lists(shape)
    if not lists:
        return data, 0
    fields, lost = _fields(data), 0
    for name, item in lists.items():
        pieces = [_piece(each, item, census) for each in _pieces(fields.get(name, _ABSENT)) or []]
        kept = [piece for piece, _ in pieces if piece is not None]
        if kept:
            fields[name] = msgspec.Raw(msgspec.json.encode(kept))
            lost += sum(left_out for _, left_out in pieces)
    return msgspec.json.encode(fields), lost


def _piece(data: msgspec.Raw, item: type, census: Counter[str]) -> tuple[msgspec.Raw | None, int]:
    """An item without those of its own that cannot be read, and their number; None when that is no help."""
    try:
        msgspec.json.decode(data, type=item)
    except msgspec.ValidationError as error:
        why: Exception = error
    except (ValueError, RecursionError) as error:
        tally(census, "unreadable", error)
        return None, 1
    else:
        return data, 0
    try:
        rest, lost = _spared(data, item, census)
        msgspec.json.decode(rest, type=item)
    except (ValueError, RecursionError):
        tally(census, "unreadable", why)
        return None, 1
    return msgspec.Raw(bytes(rest)), lost


def _lists(shape: type) -> dict[str, type]:
    """The fields of a shape that are lists of objects, and what of."""
    found: dict[str, type] = {}
    for field in msgspec.structs.fields(shape):
        for kind in (field.type, *get_args(field.type)):
            of: Any = get_args(kind)[0] if get_origin(kind) is list else None
            if isinstance(of, type) and issubclass(of, msgspec.Struct):
                found[field.encode_name] = of
    return found


def converted(
    items: Sequence[Item], read: Callable[[Item], Read], census: Counter[str]
) -> tuple[list[Read], int]:
    """Items one by one, and how many could not be read; raises the first failure when none can."""
    done: list[Read] = []
    failed: list[Exception] = []
    for each in items:
        try:
            done.append(read(each))
        except (ValueError, RecursionError) as error:
            failed.append(error)
    if failed and not done:
        raise failed[0]
    for why in failed:
        tally(census, "unreadable", why)
    return done, len(failed)


def several(
    items: Sequence[Item], read: Callable[[Item], Iterable[Read]], census: Counter[str]
) -> list[Read]:
    """What items say, in order. Raises the first failure when none can be read."""
    done, _ = converted(items, lambda item: list(read(item)), census)
    return [each for one in done for each in one]
