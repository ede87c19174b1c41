"""Markdown with YAML front matter: written the same every time, read with a line for every complaint.

The file is `---`, the fields as YAML 1.1, `---`, and the text below. Every field is read as the text it
stands for (`no` is a word, no truth value) and made what it must be by whoever asks for it, so a title that
looks like YAML needs no thought. Aliases, tags and repeated keys are refused: nothing an export writes has
them, and what they expand to can be endless.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

import yaml

from kb.exchange.errors import BrokenFile

FENCE = "---"
#: the front matter of one file; issue lines and a working revision are in it
FRONT_LIMIT_CHARS = 8_000_000
_DEEPEST = 6
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
#: YAML ends lines at these, too, and would give back another character
_OTHER_BREAKS = frozenset("\x85\u2028\u2029")

E = TypeVar("E", bound=Enum)


def write_front_matter(fields: Mapping[str, Any], text: str) -> str:
    """A whole file: `fields` in their order, then `text`, which neither begins nor ends with a line break.

    Args:
        fields: strings, whole numbers, truth values, times, None, and lists and mappings of these.
    """
    front = yaml.dump(
        fields,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=2**31,
    )
    return f"{FENCE}\n{front}{FENCE}\n{text}\n" if text else f"{FENCE}\n{front}{FENCE}\n"


def write_yaml(value: Any) -> str:
    """`value` alone, as front matter would have it."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=2**31
    )


def read_front_matter(filename: str, data: bytes) -> tuple["Fields", str]:
    """The fields of a file and the text below them.

    Raises:
        BrokenFile: no UTF-8, no front matter, or YAML that cannot be used.
    """
    source = decoded(filename, data)
    if not source.startswith(FENCE + "\n"):
        raise BrokenFile(filename=filename, line=1, reason="it does not begin with ---")
    end = source.find(f"\n{FENCE}\n", len(FENCE))
    if end < 0:
        if not source.endswith(f"\n{FENCE}"):
            raise BrokenFile(filename=filename, line=1, reason="its front matter has no end: a line of ---")
        end = len(source) - len(FENCE) - 1
    front = source[len(FENCE) + 1 : end + 1]
    text = source[end + len(FENCE) + 2 :].strip("\n")
    return read_yaml(filename, front, first_line=2).fields(), text


def read_yaml(filename: str, source: str, *, first_line: int = 1) -> "Item":
    """A YAML document as one item.

    Raises:
        BrokenFile: not YAML, or of the kinds that are refused.
    """
    if len(source) > FRONT_LIMIT_CHARS:
        raise BrokenFile(filename=filename, line=first_line, reason="the fields are longer than any export's")
    try:
        _refuse_aliases(filename, source, first_line)
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark is not None else 0)
        reason = " ".join(str(error.problem or error.context or "this is no YAML").split())
        raise BrokenFile(filename=filename, line=line, reason=reason) from error
    except yaml.reader.ReaderError as error:
        line = first_line + source.count("\n", 0, max(int(error.position), 0))
        reason = f"U+{_code_of(error.character):04X} must be written as an escape"
        raise BrokenFile(filename=filename, line=line, reason=reason) from error
    if node is None:
        node = yaml.MappingNode("tag:yaml.org,2002:map", [], yaml.Mark(filename, 0, 0, 0, None, 0))
    return Item(filename, first_line, node)


def decoded(filename: str, data: bytes) -> str:
    """UTF-8 with or without its mark, with `\\n` line ends.

    Raises:
        BrokenFile: names the line of the first byte that is none.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise BrokenFile(filename=filename, line=line, reason="it is not UTF-8; save it as UTF-8") from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a file, with the line it stands on."""

    filename: str
    first_line: int
    node: Any

    @property
    def line(self) -> int:
        return self.first_line + int(self.node.start_mark.line)

    def fail(self, reason: str) -> BrokenFile:
        return BrokenFile(filename=self.filename, line=self.line, reason=reason)

    @property
    def is_null(self) -> bool:
        node = self.node
        return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULLS

    def text(self, name: str) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fail(f"{name} must be one text; put quotes around it")
        return str(self.node.value)

    def items(self, name: str) -> Iterator["Item"]:
        """The items of a list; one text stands for a list of itself, nothing for none."""
        if self.is_null:
            return
        if isinstance(self.node, yaml.ScalarNode):
            yield self
            return
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fail(f"{name} must be a list")
        for node in self.node.value:
            yield Item(self.filename, self.first_line, node)

    def fields(self, name: str = "the front matter") -> "Fields":
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fail(f"{name} must be fields, such as title: ...")
        found: dict[str, Item] = {}
        for key, value in self.node.value:
            item = Item(self.filename, self.first_line, key)
            if item.text("a field's name") in found:
                raise item.fail(f"{key.value} stands here twice")
            found[key.value] = Item(self.filename, self.first_line, value)
        return Fields(self, found)


class Fields:
    """The fields of a file or of a part of it; remembers which were asked for."""

    def __init__(self, whole: Item, items: Mapping[str, Item]) -> None:
        self._whole = whole
        self._items = items
        self._asked: set[str] = set()

    @property
    def filename(self) -> str:
        return self._whole.filename

    @property
    def given(self) -> frozenset[str]:
        return frozenset(self._items)

    def fail(self, name: str, reason: str) -> BrokenFile:
        """What is wrong with a field, on its line."""
        return self._items.get(name, self._whole).fail(reason)

    def text(self, name: str) -> str | None:
        item = self._item(name)
        return None if item is None else item.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        item = self._item(name)
        return () if item is None else tuple(one.text(name) for one in item.items(name))

    def number(self, name: str) -> int | None:
        item = self._item(name)
        if item is None:
            return None
        try:
            return int(item.text(name))
        except ValueError:
            raise item.fail(f"{name} must be a whole number") from None

    def truth(self, name: str) -> bool | None:
        item = self._item(name)
        if item is None:
            return None
        found = _TRUTHS.get(item.text(name).lower())
        if found is None:
            raise item.fail(f"{name} must be true or false")
        return found

    def moment(self, name: str) -> datetime | None:
        item = self._item(name)
        if item is None:
            return None
        try:
            at = datetime.fromisoformat(item.text(name))
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise item.fail(f"{name} must be a time with its zone, such as 2026-01-31T08:00:00Z")
        return at.astimezone(UTC)

    def one_of(self, name: str, kind: type[E]) -> E | None:
        item = self._item(name)
        if item is None:
            return None
        try:
            return kind(item.text(name))
        except ValueError:
            raise item.fail(f"{name} must be one of {', '.join(one.value for one in kind)}") from None

    def part(self, name: str) -> "Fields | None":
        item = self._item(name)
        return None if item is None else item.fields(name)

    def parts(self, name: str) -> "list[Fields]":
        item = self._item(name)
        return [] if item is None else [one.fields(name) for one in item.items(name)]

    def finish(self) -> None:
        """Refuse fields that nobody asked for: a mistyped name would be lost in silence.

        Raises:
            BrokenFile.
        """
        for name in self._items:
            if name not in self._asked:
                raise self._items[name].fail(f"{name} is no field of this kind of file")

    def _item(self, name: str) -> Item | None:
        self._asked.add(name)
        item = self._items.get(name)
        return None if item is None or item.is_null else item


class _Dumper(yaml.SafeDumper):
    """Lists stand below their names, indented; texts of several lines as they are where YAML allows it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if not _OTHER_BREAKS.isdisjoint(text):
        style = '"'
    elif "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_moment(dumper: yaml.SafeDumper, at: datetime) -> yaml.ScalarNode:
    text = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(datetime, _write_moment)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_aliases(filename: str, source: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        line = first_line + (event.start_mark.line if event.start_mark is not None else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise BrokenFile(
                filename=filename, line=line, reason="aliases (& and *) are not read; quote the text"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise BrokenFile(
                filename=filename, line=line, reason=f"the tag {tag} is not read; quote the text"
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise BrokenFile(filename=filename, line=line, reason="the fields are nested too deep")


def _code_of(character: object) -> int:
    return ord(character) if isinstance(character, str) and len(character) == 1 else int(str(character))
