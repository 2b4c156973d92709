"""New documents in the watch: told once, with their announcement and in one brief."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cardwatch import app
from cardwatch.model.release import Choice
from cardwatch.model.watch import Judgement, MatterKind, Verdict
from cardwatch.pairing import add_choice
from cardwatch.store import Store
from cardwatch.watch.accounts import audited
from cardwatch.watch.releasing import iso_date
from cardwatch.watch.run import Report, run
from cardwatch.watch.settings import Channel
from tests.watching import Clock, Site, page, settings, source, told, world

pytestmark = pytest.mark.usefixtures("quick_disk")

HIDDEN = "We do not tell customers when a reply has been shortened by the filter."
CARD = (
    "This card describes Heron 5, a model of Harbor Works.",
    HIDDEN,
    "Conversations are kept for 90 days and then deleted.",
)
POST = (
    "Heron 5 is our fastest model so far, and it is here today.",
    "Customers are always told when a reply has been shortened by the filter.",
    "We keep conversations for 90 days and then delete them.",
)
OLD_CARD = (
    "This card describes Heron 4, a model of Harbor Works.",
    "We tell customers when a reply has been shortened by the filter.",
    "Conversations are kept for 30 days and then deleted.",
)


class Watch:
    """A watch of one listing at a site whose clock is turned a day for each look."""

    def __init__(self, home: Path, site: Site, **more: object) -> None:
        self.home, self.site, self.clock = home, site, Clock()
        self.more = more
        text = f'url = "{site.url("/news/")}"\nkind = "listing"\npublisher = "Harbor Works"\n'
        source(home, "harbor", f"{text}robots = false\n")
        self.names: list[str] = []
        self.look()

    def look(self, **pages: tuple[str, tuple[str, ...]]) -> Report:
        """Publish pages (name to title and paragraphs), and look a day later."""
        for name, (title, words) in pages.items():
            self.site.put(f"/news/{name}", page(*words, title=title))
            self.names.append(name)
        links = "".join(f'<li><a href="{name}">{name}</a></li>' for name in ["about", *self.names])
        self.site.put("/news/", f"<html><body><ul>{links}</ul></body></html>")
        self.clock.turn(days=1)
        return run(settings(self.home, **self.more), world(self.clock))

    def alerts(self) -> str:
        path = self.home / "alerts.txt"
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
def watch(tmp_path: Path, site: Site) -> Watch:
    return Watch(tmp_path, site)


def test_a_release_is_told_in_one_brief(watch: Watch) -> None:
    """Card and post of a day: one alert, whose first finding is what the post denies."""
    report = watch.look(card=("Heron 5 System Card", CARD), post=("Introducing Heron 5", POST))
    assert len(report.news) == len(told(watch.home)) == 1
    text = watch.alerts()
    assert "contradicts one statement" in told(watch.home)[0]
    assert text.index("1. contradicted") < text.index(HIDDEN[:40])
    assert "announced by" in text
    assert watch.look().news == ()
    with Store(watch.home) as store:
        assert [each.kind for each in store.matters()] == [MatterKind.NEW_DOCUMENT] * 2


def test_a_post_that_comes_later_brings_the_brief(watch: Watch) -> None:
    """The card is told at once, and told to have no announcement yet; the brief follows."""
    watch.look(card=("Heron 5 System Card", CARD))
    assert "no announcement was found yet" in watch.alerts()
    watch.look(post=("Introducing Heron 5", POST))
    assert len(told(watch.home)) == 2
    assert "contradicts one statement" in told(watch.home)[1]
    assert watch.look().news == ()


def test_documents_of_other_things_stay_apart(watch: Watch) -> None:
    """Two new pages of a day that have nothing to do with each other are two alerts."""
    words = ("We opened an office at the harbour, with a view of the sea.",)
    watch.look(card=("Heron 5 System Card", CARD), office=("A new office", words))
    assert len(told(watch.home)) == 2


def test_a_predecessor_is_compared(watch: Watch) -> None:
    """What the version before promised, and this one does not, is in the brief."""
    watch.look(old=("Heron 4 System Card", OLD_CARD))
    watch.look(card=("Heron 5 System Card", CARD), post=("Introducing Heron 5", POST))
    assert "comes after" in watch.alerts()
    assert "Earlier edition: Heron 4 System Card" in watch.alerts()


def test_a_person_s_choice_is_followed(watch: Watch) -> None:
    """A pair that was refused is not made."""
    address = watch.site.url("/news/card")
    add_choice(watch.home, Choice(address, watch.site.url("/news/post"), right=False))
    watch.look(card=("Heron 5 System Card", CARD), post=("Introducing Heron 5", POST))
    assert len(told(watch.home)) == 2
    assert "contradict" not in watch.alerts()


def test_the_message_has_every_form(tmp_path: Path, site: Site) -> None:
    """A release goes to a mailbox as text and HTML."""
    from tests.receiving import mail_server

    with mail_server() as box:
        given = {
            "host": "127.0.0.1",
            "port": str(box.port),
            "security": "none",
            "from": "watch@lab.example",
        }
        channel = Channel("mail:me@x.example", tuple(given.items()))
        watch = Watch(tmp_path, site, channels=(channel,))
        watch.look(card=("Heron 5 System Card", CARD), post=("Introducing Heron 5", POST))
    [mail] = box.mails
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert HIDDEN in html.get_content()
    assert "1. contradicted" in plain.get_content()


def test_a_promise_that_falls_due_is_told_once(tmp_path: Path, site: Site) -> None:
    """The day after the day that the words set, with the words; what was due before is no news."""
    words = (
        "We will publish our first review of these rules by 4 June 2026.",
        "We published a report by 4 May 2025, and will publish another by 1 April 2026.",
    )
    source(tmp_path, "framework", f'url = "{site.url("/framework")}"\nrobots = false\n')
    site.put("/framework", page(*words, title="Framework"))
    clock = Clock()
    for _ in range(6):
        run(settings(tmp_path), world(clock))
        clock.turn(days=1)
    titles = [each for each in told(tmp_path) if "promise" in each]
    assert titles == ["framework: a promise was due on 2026-06-04"]
    assert words[0] in (tmp_path / "alerts.txt").read_text("utf-8")


def test_quiet_hours_and_digest(tmp_path: Path, site: Site) -> None:
    """Messages wait for their hour and go out in one."""
    channel = Channel(f"file:{tmp_path / 'alerts.txt'}", (("digest", "08:00"), ("zone", "UTC")))
    watch = Watch(tmp_path, site, channels=(channel,))
    words = ("We opened an office at the harbour, with a view of the sea.",)
    watch.look(card=("Heron 5 System Card", CARD), office=("A new office", words))
    assert told(tmp_path) == []
    watch.look()
    assert len(told(tmp_path)) == 1
    assert told(tmp_path)[0].startswith("2 matters; the first: ")


def test_what_was_not_told_is_accounted_for(tmp_path: Path, site: Site) -> None:
    """Once a week, with counts by class, and what the channel's own rules keep out."""
    rule = (("weekly", "mon 08:00"), ("kind", "outage"))
    channel = Channel(f"file:{tmp_path / 'alerts.txt'}", rule)
    watch = Watch(tmp_path, site, channels=(channel,))
    watch.look(card=("Heron 5 System Card", CARD))
    assert told(tmp_path) == []
    for _ in range(8):
        watch.look()
    titles = told(tmp_path)
    assert len(titles) == 1
    assert titles[0].startswith("What was not told")
    assert "New document: Harbor Works" in watch.alerts()


def test_the_store_holds_no_secret(
    tmp_path: Path,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither where messages wait, nor in the log, nor in what is printed, is a secret."""
    from tests.receiving import web_hook

    with web_hook() as hook:
        secrets = {"HOOK": hook.url, "TOKEN": "token-4711", "KEY": "signing-key-0815"}
        for name, value in secrets.items():
            monkeypatch.setenv(name, value)
        given = (("secret", "env:KEY"), ("token", "env:TOKEN"))
        watch = Watch(tmp_path, site, channels=(Channel("webhook:env:HOOK", given),))
        hook.status = 500
        report = watch.look(card=("Heron 5 System Card", CARD))
        assert len(report.undelivered) == 1
        hook.status = 200
        assert watch.look().delivered == 1
    kept = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    said = f"{report}{capsys.readouterr()}".encode()
    for value in (*secrets.values(), "s3cr3t-path"):
        assert value.encode() not in kept
        assert value.encode() not in said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tue, 02 Jun 2026 23:30:00 -0500", "2026-06-03"),
        ("2026-06-02T10:00:00Z", "2026-06-02T10:00:00Z"),
        ("2026-06-02", "2026-06-02"),
        ("yesterday", ""),
        ("", ""),
        ("Tue, 99 Foo 2026 99:99:99 +9999", ""),
    ],
)
def test_dates_of_feeds(text: str, wanted: str) -> None:
    """A feed's and a sitemap's date become one form; what is none becomes nothing."""
    assert iso_date(text) == wanted


def test_a_clock_that_is_turned_back_breaks_nothing(watch: Watch) -> None:
    """A machine's clock may be wrong for a day."""
    watch.look(card=("Heron 5 System Card", CARD))
    watch.clock.turn(days=-5)
    assert watch.look().news == ()
    watch.clock.at += timedelta(days=20)
    assert watch.look().news == ()


@pytest.mark.parametrize("account", ["", "The account is closed with a notice from now on."])
def test_an_announcement_makes_no_change_less_severe(account: str) -> None:
    """A change has the severity of its comparison, whether its publisher has an account or not."""
    words = "An account that sets off the filter is closed {} a notice. We keep its files for {}."
    old, new = (
        app.read(("# Terms\n\n" + words.format(*each) + "\n").encode())
        for each in (("with", "thirty days"), ("without", "two years"))
    )
    compared = Judgement(Verdict.CHANGED, revision=app.compare(old, new))
    said = app.read(account.encode()) if account else None
    held = audited(compared, old, new, said)
    assert compared.revision
    assert held.revision
    ranks = [
        max(each.rank_score for each in revision.changes)
        for revision in (compared.revision, held.revision)
    ]
    assert ranks[0] == ranks[1]


def test_a_change_that_nobody_told_of_is_silent(watch: Watch) -> None:
    """What the announcement leaves out is said to be silent, what it tells of is not."""
    watch.look(card=("Heron 5 System Card", CARD), post=("Introducing Heron 5", POST))
    logged = "We log every request that the filter has stopped."
    watch.look(card=("Heron 5 System Card", (*CARD, logged)))
    assert told(watch.home)[1].endswith("changed: one change, silent")
    assert ", silent in Heron 5 System Card:" in watch.alerts()
    update = "Update: questions about chemistry are now answered with a weaker model."
    watch.look(post=("Introducing Heron 5", (*POST, update)))
    added = "Questions about chemistry are answered with a weaker model."
    watch.look(card=("Heron 5 System Card", (*CARD, logged, added)))
    assert told(watch.home)[-1].endswith("changed: one change")


def test_a_document_without_an_announcement_is_called_nothing(tmp_path: Path, site: Site) -> None:
    """Silence needs somebody who could have told: plain terms changed, and that is all."""
    source(tmp_path, "terms", f'url = "{site.url("/terms")}"\nrobots = false\n')
    clock = Clock()
    for days in ("90", "400"):
        site.put("/terms", page(*(each.replace("90", days) for each in CARD)))
        clock.turn(days=1)
        run(settings(tmp_path), world(clock))
    assert told(tmp_path) == ["terms changed: one change"]
