"""Findings on the whole screen: a list on the left, the two texts on the right, and keys."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from cardwatch.cli.clipboard import copy
from cardwatch.errors import CardwatchError
from cardwatch.reports import Subject, one_line
from cardwatch.reports.findings import Finding, findings, results
from cardwatch.reports.words import Kind, Piece, marked, redline, shortened

_LOOKS = {
    Kind.GONE: "red strike",
    Kind.COME: "green underline",
    Kind.MATCH: "green",
    Kind.MISSING: "underline",
    Kind.CUT: "dim italic",
}
_STATUS = {
    "contradicted": "bold red",
    "weakened": "bold red",
    "absent": "magenta",
    "removed": "magenta",
    "partly stated": "yellow",
    "linked only": "blue",
    "added": "blue",
    "stated": "green",
    "strengthened": "green",
}
_READ = "read"


class Browser(App[None]):
    """Goes through the findings of a result. ``keep`` is told all notes whenever one changes."""

    AUTO_FOCUS = "#list"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #list { width: 38%; min-width: 26; border: none; text-wrap: nowrap; text-overflow: ellipsis; }
    #text { padding: 0 2; border-left: solid $panel; }
    #shown { width: 1fr; }
    #ask { dock: bottom; display: none; }
    #ask.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "step(1)", "next", show=False),
        Binding("k", "step(-1)", "previous", show=False),
        Binding("m", "mark", "read"),
        Binding("n", "note", "note"),
        Binding("slash", "search", "search"),
        Binding("u", "unread", "unread only"),
        Binding("c", "copy", "copy citation"),
        Binding("o", "open", "open at the page"),
        Binding("escape", "leave", "close", show=False),
        Binding("q", "quit", "quit"),
    ]

    def __init__(
        self, result: Subject, noted: Mapping[str, str], keep: Callable[[dict[str, str]], None]
    ) -> None:
        super().__init__()
        self.findings = [each for one in results(result) for each in findings(one)]
        self.noted = dict(noted)
        self._keep = keep
        self._words: list[str] = []
        self._unread_only = False
        self._asked = ""

    def compose(self) -> ComposeResult:
        """The list, the texts, the line that asks, and the keys."""
        with Horizontal():
            yield OptionList(id="list", markup=False)
            with VerticalScroll(id="text"):
                yield Static(id="shown", markup=False)
        yield Input(id="ask")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first finding."""
        self._list()

    # -- what is shown ---------------------------------------------------------------------

    @property
    def _options(self) -> OptionList:
        return self.query_one("#list", OptionList)

    @property
    def current(self) -> Finding | None:
        """The finding that the list stands on."""
        option = self._options.highlighted_option
        return self.findings[int(option.id)] if option and option.id else None

    def _list(self) -> None:
        here = self._options.highlighted_option
        options = [
            Option(self._entry(at, each), id=str(at))
            for at, each in enumerate(self.findings)
            if self._fits(each)
        ]
        self._options.clear_options()
        self._options.add_options(options)
        ids = [option.id for option in options]
        if ids:
            self._options.highlighted = ids.index(here.id) if here and here.id in ids else 0
        self._show()

    def _fits(self, finding: Finding) -> bool:
        if self._unread_only and finding.id in self.noted:
            return False
        if not self._words:
            return True
        against = finding.against.quote if finding.against else ""
        text = " ".join(
            (finding.status, finding.why, finding.place.section, finding.place.quote, against)
        ).casefold()
        return all(word in text for word in self._words)

    def _entry(self, at: int, finding: Finding) -> Text:
        sign = "✓" if finding.id in self.noted else " "
        page = f" p. {finding.place.page}" if finding.place.page is not None else ""
        line = Text(f"{sign}{at + 1:>4} ", "dim" if finding.id in self.noted else "")
        line.append(finding.status, _STATUS.get(finding.status, "cyan"))
        line.append(f"{page} {finding.severity or finding.announcement}\n", "dim")
        line.append(f"      {shortened(finding.place.quote)[:60]}")
        line.no_wrap = True
        line.overflow = "ellipsis"
        return line

    def _show(self) -> None:
        finding = self.current
        shown = self.query_one("#shown", Static)
        if finding is None:
            shown.update(Text("Nothing fits."))
            return
        shown.update(self._text(finding))
        self.query_one("#text", VerticalScroll).scroll_home(animate=False)

    def _text(self, finding: Finding) -> Text:
        text = Text()
        text.append(finding.status.upper(), _STATUS.get(finding.status, "bold cyan"))
        text.append(f"  {finding.severity} {finding.announcement}".rstrip() + "\n", "bold")
        text.append(shortened(finding.why) + "\n\n")
        if finding.change is not None:
            text.append_text(_pieces(redline(finding.change)))
            text.append(f"\n{_place(finding)}\n\n", "dim")
        else:
            shared, lacking = finding.matches, finding.missing
            text.append_text(_pieces(marked(finding.place.quote, shared, lacking)))
            text.append(f"\n{_place(finding)}\n\n", "dim")
            if finding.against is None:
                text.append("No passage of the companion is anywhere near.\n\n", "italic")
            else:
                there = finding.against
                text.append("Companion\n", "bold dim")
                text.append_text(_pieces(marked(there.quote, shared)))
                page = f"p. {there.page} · " if there.page is not None else ""
                text.append(f"\n{page}{shortened(there.section, 200)}\n\n", "dim")
        if finding.doubt:
            text.append(f"Doubt: {shortened(finding.doubt)}\n", "italic")
        if finding.reason:
            text.append(f"{finding.standing}: {shortened(finding.reason)}\n", "italic")
        if finding.id in self.noted:
            text.append(f"✓ {shortened(self.noted[finding.id])}\n", "green")
        text.append(
            f"rank {finding.score:.3f} · rule {one_line(finding.rule)} · id {one_line(finding.id)}",
            "dim",
        )
        return text

    def on_option_list_option_highlighted(self) -> None:
        """The list moved on."""
        self._show()

    # -- keys ------------------------------------------------------------------------------

    def action_step(self, by: int) -> None:
        """The next or previous finding."""
        if by > 0:
            self._options.action_cursor_down()
        else:
            self._options.action_cursor_up()

    def action_mark(self) -> None:
        """Read, or not read any more."""
        finding = self.current
        if finding is not None:
            self._note(finding.id, None if finding.id in self.noted else _READ)

    def action_unread(self) -> None:
        """Only what is not read yet, or all again."""
        self._unread_only = not self._unread_only
        self._list()

    def action_search(self) -> None:
        """Ask for words that must stand in a finding."""
        self._ask("search", "words that must stand in it", " ".join(self._words))

    def action_note(self) -> None:
        """Ask for a note on this finding."""
        finding = self.current
        if finding is not None:
            self._ask("note", "note; empty takes it away", self.noted.get(finding.id, ""))

    def action_leave(self) -> None:
        """Close the line that asks."""
        self.query_one("#ask", Input).remove_class("open")
        self._options.focus()

    def action_copy(self) -> None:
        """Put the words with their place on the clipboard."""
        finding = self.current
        if finding is None:
            return
        try:
            self.notify(f"copied, by {copy(citation(finding))}")
        except CardwatchError:
            # terminals know a sequence of their own for it
            self.copy_to_clipboard(citation(finding))
            self.notify("given to the terminal's clipboard")

    def action_open(self) -> None:
        """Open the document at the page, in whatever shows it."""
        finding = self.current
        address = place_to_open(finding) if finding is not None else ""
        if not address:
            self.notify("its file is not here, and it has no address", severity="warning")
        elif not webbrowser.open(address):
            self.notify(address)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The line was answered."""
        finding = self.current
        self.action_leave()
        if self._asked == "search":
            self._words = event.value.casefold().split()
            self._list()
        elif finding is not None:
            self._note(finding.id, event.value.strip() or None)

    def _ask(self, what: str, hint: str, value: str) -> None:
        self._asked = what
        line = self.query_one("#ask", Input)
        line.placeholder, line.value = hint, value
        line.add_class("open")
        line.focus()

    def _note(self, finding: str, note: str | None) -> None:
        self.noted.pop(finding, None)
        if note is not None:
            self.noted[finding] = note
        try:
            self._keep(dict(self.noted))
        except CardwatchError as wrong:
            self.notify(str(wrong), severity="error")
        self._list()


def _pieces(pieces: tuple[Piece, ...]) -> Text:
    text = Text()
    for piece in pieces:
        text.append(piece.text, _LOOKS.get(piece.kind, ""))
    return text


def _place(finding: Finding) -> str:
    page = f"p. {finding.place.page}" if finding.place.page is not None else ""
    return " · ".join(each for each in (page, shortened(finding.place.section, 200)) if each)


def citation(finding: Finding) -> str:
    """The words in quotation marks, with title, page, section, address and digest."""
    document = finding.where
    parts = [
        shortened(document.title or document.source.location, 300),
        _place(finding),
        one_line(document.source.url or document.source.location),
        f"SHA-256 {one_line(document.source.sha256)}" if document.source.sha256 else "",
    ]
    quote = " ".join(one_line(finding.place.quote).split())
    return f"“{quote}” ({', '.join(part for part in parts if part)})"


def place_to_open(finding: Finding) -> str:
    """Where the page can be looked at: its address on the web, else its file, else nothing."""
    from cardwatch.reports.html.parts import safe_address

    source, page = finding.where.source, finding.place.page
    address = safe_address(source.url or source.location, page)
    if address:
        return address
    path = Path(source.location)
    # a path of another machine would be asked for over the network
    if source.location.startswith(("//", "\\\\")) or not path.is_file():
        return ""
    return path.resolve().as_uri() + (f"#page={page}" if page is not None else "")
