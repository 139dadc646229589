"""Where in a pledge text something stands: paths such as `("standards", "repair", "within", 1)` to places."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Finding, Place, Severity
from ..language.text import Listing, Mapping, Node, Scalar

Path = tuple[str | int, ...]
Places = Callable[[Path], Place]


def places_in(root: Node) -> Places:
    """The places of a text: of each path the value if it is a phrase, else its key; the deepest that is there.

    A single thing where a list may stand is the list's only item, so a path through it stays where it is.
    """

    def place(path: Path) -> Place:
        node, found = root, root.place
        for step in path:
            if isinstance(step, int):
                if isinstance(node, Listing) and step < len(node.items):
                    node = node.items[step]
                    found = node.place
                continue
            if not isinstance(node, Mapping) or step not in node.entries:
                break
            key, node = node.keys[step], node.entries[step]
            found = node.place if isinstance(node, Scalar) else key.place
        return found

    return place


def nowhere(path: Path) -> Place:
    """The place of a path in a pledge that was not read from text: its words stand for the file.

    >>> str(nowhere(("standards", "repair", "within", 1)))
    'standards › repair › within › 2:1:1'
    """
    words = (str(step + 1) if isinstance(step, int) else step for step in path)
    return Place(file=" › ".join(words) or "the pledge")


class Findings:
    """The findings of a check, each with its place and none twice."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.found: list[Finding] = []
        self._seen: set[tuple[Place, str, str]] = set()

    def wrong(self, path: Path, code: str, found: str, expected: str = "", mend: str = "") -> None:
        """Note an error."""
        self._note(path, code, found, expected, mend, Severity.ERROR)

    def warn(self, path: Path, code: str, found: str, expected: str = "", mend: str = "") -> None:
        """Note something that does not stop the pledge from being used."""
        self._note(path, code, found, expected, mend, Severity.WARNING)

    @property
    def failed(self) -> bool:
        """Whether an error is among them."""
        return any(finding.severity is Severity.ERROR for finding in self.found)

    def _note(self, path: Path, code: str, found: str, expected: str, mend: str, severity: Severity) -> None:
        place = self.places(path)
        if (place, code, found) not in self._seen:
            self._seen.add((place, code, found))
            self.found.append(
                Finding(place=place, code=code, found=found, expected=expected, mend=mend, severity=severity)
            )
