"""What a kind of evidence beside the certificate is: how its token is known, and what its shape is worth.
Pure."""

import re
from dataclasses import dataclass

from leadping.problems import Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """`names` are those under which its token is sent, the documented one first; they match in any case and
    without separators. A token that does not match `shape` is kept, with the warning of `problem`.

    `hinted` are names that also mean other things: where the value has the shape, the sender is asked to use
    the documented name. Taking it would make evidence of what may be something else.
    """

    key: str
    title: str
    about: str
    names: tuple[str, ...]
    shape: re.Pattern[str]
    problem: Problem
    hinted: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The documented one."""
        return self.names[0]

    def fits(self, token: str) -> bool:
        return bool(self.shape.fullmatch(token))
