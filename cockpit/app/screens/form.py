"""Forms: a few short fields, and below them what sending would mean."""

from collections.abc import Sequence
from typing import ClassVar

from cockpit.app.line import Line
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.domain.units import fixed

DIGITS = frozenset("0123456789.")


class Field:
    """One line of typing, or a choice between words."""

    def __init__(
        self,
        label: str,
        text: str,
        *,
        unit: str = "",
        choices: Sequence[str] = (),
        allowed: frozenset[str] = DIGITS,
    ) -> None:
        self.label, self.text, self.unit = label, text, unit
        self.choices = tuple(choices)
        self.allowed = allowed
        self._fresh = True

    def press(self, key: str) -> None:
        """Type, delete or choose."""
        if self.choices:
            self._choose(key)
        elif key == "backspace":
            self.text = self.text[:-1]
            self._fresh = False
        elif key == "ctrl+u":
            self.text = ""
        elif key in self.allowed and len(self.text) < 12:
            self.text = key if self._fresh else self.text + key
            self._fresh = False

    def leave(self) -> None:
        """The cursor went elsewhere: typing starts anew when it comes back."""
        self._fresh = True

    def _choose(self, key: str) -> None:
        if key in ("left", "right", "space"):
            self.text = self.choices[(self.choices.index(self.text) + 1) % len(self.choices)]
        for choice in self.choices:
            if key.casefold() == choice[0].casefold():
                self.text = choice

    def number(self, digits: int) -> int | None:
        """The text as a count of ``10**-digits``; None when it is not a number above zero that fits."""
        try:
            value = fixed(self.text.removesuffix(".") if self.text[:1] != "." else f"0{self.text}", digits)
        except ValueError:
            return None
        return value if value > 0 else None


class Form(Dialog):
    """Fields one under another. Enter goes to the next and, on the last, sends."""

    fields: list[Field]
    at = 0
    verb: ClassVar[str] = "send"

    def press(self, key: str) -> None:
        """Move between the fields or type into one."""
        step = {"down": 1, "tab": 1, "enter": 1, "up": -1, "shift+tab": -1}.get(key)
        if step is not None:
            self.fields[self.at].leave()
            self.at = (self.at + step) % len(self.fields)
        else:
            self.fields[self.at].press(key)

    def submits(self, key: str) -> bool:
        """Enter on the last field."""
        return key == "enter" and self.at == len(self.fields) - 1

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """Heading, fields, consequences, keys."""
        rows: list[Line] = [*self.heading(scene)]
        label = max(len(field.label) for field in self.fields)
        for i, field in enumerate(self.fields):
            here = i == self.at
            cursor = "_" if here and not field.choices else ""
            hint = f" {' / '.join(field.choices)}" if field.choices else f" {field.unit}"
            rows.append(
                (
                    (f"{'>' if here else ' '} {field.label:<{label}} ", "accent" if here else "text"),
                    (f" {field.text}{cursor}".ljust(12), "field" if here else "text"),
                    (hint, "dim"),
                )
            )
        rows += [(), *self.meaning(scene, width)]
        last = self.at == len(self.fields) - 1
        rows.append(
            (
                ("Enter", "key"),
                (f" {self.verb if last else 'next field'}  ", "text"),
                ("Esc", "key"),
                (" leave", "text"),
            )
        )
        return rows[:height]

    def heading(self, scene: Scene) -> Sequence[Line]:
        """What the form is about."""
        return []

    def meaning(self, scene: Scene, width: int) -> Sequence[Line]:
        """What sending would mean, as the fields stand."""
        return []
