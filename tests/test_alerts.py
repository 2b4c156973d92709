"""Alerts arrive once, whole and inert, at real receivers; secrets go nowhere else."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import feedparser
import pytest

from cardwatch import alerts
from cardwatch.alerts.apprise import calm
from cardwatch.errors import DeliveryError
from cardwatch.model import Severity
from cardwatch.model.watch import Event, Finding, MatterKind, Message
from tests.receiving import PASSWORD, Hook, Mailbox, certificate, mail_server, web_hook

HOSTILE = "News\r\nBcc: all@x.test\r\n\r\n<script>alert(1)</script> \x1b[2J \u202e end"


def message(title: str = "Lab: terms changed", **more: str) -> Message:
    finding = Finding(
        "0123456789abcdef0123",
        Event.OPENED,
        MatterKind.CHANGE,
        "lab/terms",
        "2026-06-01T09:00:00+00:00",
        Severity.HIGH,
        title,
        ("- we keep it for 30 days", "+ we keep it for 90 days"),
        "https://lab.example/terms",
        "Lab",
    )
    given = {"text": f"{title}\n\nöñ 90 days\n", "channel": "stdout:", **more}
    return Message("0123456789abcdef0123-opened", subject=title, finding=finding, **given)


def send(channel: str, settings: dict[str, str] | None = None, **more: object) -> None:
    given = replace(message(), channel=channel, **more)  # type: ignore[arg-type]
    alerts.send(given, settings or {})


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_hook() as receiver:
        yield receiver


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as receiver:
        yield receiver


def mail_settings(box: Mailbox, **more: str) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(box.port),
        "security": "none",
        "from": "cardwatch@lab.example",
        **more,
    }


# -- mail -----------------------------------------------------------------------------------


def test_a_mail_arrives(box: Mailbox) -> None:
    """The words arrive as they were, with the HTML beside them."""
    send("mail:me@x.example", mail_settings(box), html="<p>ö</p>\n")
    [mail] = box.mails
    assert box.recipients == ["me@x.example"]
    assert mail["Subject"] == "Lab: terms changed"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "öñ 90 days" in plain.get_content()
    assert html.get_content().strip() == "<p>ö</p>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_repeat_has_the_same_id(box: Mailbox) -> None:
    """A mailbox can tell that two mails are one."""
    for repeated in (False, True):
        send("mail:me@x.example", mail_settings(box), repeated=repeated)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert second["X-Cardwatch-Repeated"] == "yes"


def test_a_title_cannot_add_a_header(box: Mailbox) -> None:
    """Line ends in watched text end no line of the mail's head."""
    send("mail:me@x.example", mail_settings(box), subject=HOSTILE)
    [mail] = box.mails
    assert mail["Bcc"] is None
    assert box.recipients == ["me@x.example"]
    assert "\x1b" not in mail["Subject"]
    assert "\u202e" not in mail["Subject"]


@pytest.mark.parametrize("address", ["a@x\r\nBcc: b@y", "a@x, b@y", "<a@x>", "a", "a@x\n"])
def test_an_address_is_one_address(address: str) -> None:
    """Whatever else it holds, no mail goes out."""
    with pytest.raises(DeliveryError, match="mail address"):
        send(f"mail:{address}", {"host": "127.0.0.1", "port": "9", "from": "a@b.example"})


def test_mail_over_tls_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """STARTTLS is used and the certificate verified before the password is sent."""
    pem = certificate(tmp_path)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with mail_server(pem, log_in=True) as box:
        given = mail_settings(box, security="starttls", user="me", password="env:MAIL_PASSWORD")
        with pytest.raises(DeliveryError, match="certificate"):
            send("mail:me@x.example", given)
        assert box.mails == []
        send("mail:me@x.example", {**given, "ca": str(pem)})
        assert len(box.mails) == 1
        monkeypatch.setenv("MAIL_PASSWORD", "wrong-0815")
        with pytest.raises(DeliveryError, match=r"login refused \(535\)") as wrong:
            send("mail:me@x.example", {**given, "ca": str(pem)})
    said = f"{wrong.value}{capsys.readouterr()}"
    assert "wrong-0815" not in said
    assert PASSWORD not in said


def test_no_password_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS a password stays here."""
    from cardwatch.alerts import mail

    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with mail_server(log_in=True) as box:
        given = mail_settings(box, user="me", password="env:MAIL_PASSWORD")
        send("mail:me@x.example", given)
        monkeypatch.setattr(mail, "is_this_machine", lambda _host: False)
        with pytest.raises(DeliveryError, match="open line"):
            send("mail:me@x.example", given)
    assert len(box.mails) == 1


def test_a_refused_mail_is_not_delivered(box: Mailbox) -> None:
    """The server's no is told by its number."""
    box.refuse = "554 we know your password is hunter2"
    with pytest.raises(DeliveryError, match=r"refused \(554\)") as wrong:
        send("mail:me@x.example", mail_settings(box))
    assert "hunter2" not in str(wrong.value)


def test_a_mail_server_that_is_away(box: Mailbox) -> None:
    """Nothing listens: told as a failure to deliver."""
    with pytest.raises(DeliveryError):
        send("mail:me@x.example", mail_settings(box, port="1"))


# -- web hook -------------------------------------------------------------------------------


def test_a_hook_gets_json(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """All fields, a key for the receiver to tell repeats, a token and a signature."""
    monkeypatch.setenv("HOOK", hook.url)
    monkeypatch.setenv("KEY", "signing-key-1")
    monkeypatch.setenv("TOKEN", "token-1")
    send("webhook:env:HOOK", {"secret": "env:KEY", "token": "env:TOKEN"}, repeated=True)
    [(path, headers, body)] = hook.posts
    given = json.loads(body)
    assert path == "/hook/s3cr3t-path"
    assert given["schema"] == "cardwatch/alert/1"
    assert given["title"] == "Lab: terms changed"
    assert given["lines"][1] == "+ we keep it for 90 days"
    assert given["repeated"] is True
    assert headers["Idempotency-Key"] == given["id"]
    assert headers["Authorization"] == "Bearer token-1"
    wanted = hmac.new(b"signing-key-1", body, sha256).hexdigest()
    assert headers["X-Cardwatch-Signature"] == f"sha256={wanted}"


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500])
def test_another_answer_is_no_delivery(hook: Hook, status: int) -> None:
    """Redirects are not followed, and the address is not repeated."""
    hook.status, hook.location = status, f"http://127.0.0.1:{hook.port}/other"
    with pytest.raises(DeliveryError, match=f"answered {status}") as wrong:
        send(f"webhook:{hook.url}")
    assert len(hook.posts) == 1
    assert "s3cr3t" not in str(wrong.value)


def test_a_slow_hook_is_left(hook: Hook) -> None:
    """An answer that does not come is waited for so long and no longer."""
    hook.drip = 3.0
    begun = time.monotonic()
    with pytest.raises(DeliveryError):
        send(f"webhook:{hook.url}", {"seconds": "0.2"})
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "https://me:pass-1@x.example/",
        "http://x.example/hook",
        "https://x.example/a\r\nX: y",
        "https://[::1",
        "https:///x",
        "",
    ],
)
def test_an_address_that_is_no_hook(address: str) -> None:
    """Refused before anything is sent, and without repeating a password."""
    with pytest.raises(DeliveryError) as wrong:
        send(f"webhook:{address}")
    assert "pass-1" not in str(wrong.value)


# -- Atom -----------------------------------------------------------------------------------


def test_a_feed_that_a_reader_reads(tmp_path: Path) -> None:
    """Newest first, each once, in the words that were sent."""
    path = tmp_path / "deep" / "alerts.atom"
    first = replace(message(), channel=f"atom:{path}")
    second = replace(first, id="other-opened", subject="a < b & c", html="<body><p>x</p></body>")
    for each in (first, second, first):
        alerts.send(each, {"title": "What <we> heard"})
    feed = feedparser.parse(path.read_bytes())
    assert feed.bozo == 0
    assert feed.feed.title == "What <we> heard"
    assert [entry.id.rpartition(":")[2] for entry in feed.entries] == ["other-opened", first.id]
    assert feed.entries[0].title == "a < b & c"
    assert feed.entries[0].content[0].value == "<p>x</p>"
    assert "öñ 90 days" in feed.entries[1].content[0].value
    assert feed.entries[1].link == "https://lab.example/terms"


def test_a_feed_holds_no_live_words(tmp_path: Path) -> None:
    """Watched text is text in the feed, and what no XML may hold is not in it."""
    path = tmp_path / "alerts.atom"
    finding = replace(message().finding, url="javascript:alert(1)")
    send(f"atom:{path}", text=f"{HOSTILE} \ufffe \ud800\x00", finding=finding, subject=HOSTILE)
    feed = feedparser.parse(path.read_bytes())
    assert feed.bozo == 0
    assert b"<script" not in path.read_bytes()
    assert not any(each.href.startswith("javascript") for each in feed.entries[0].get("links", ()))


def test_a_feed_is_bounded(tmp_path: Path) -> None:
    """The oldest entries leave."""
    path = tmp_path / "alerts.atom"
    for number in range(5):
        send(f"atom:{path}", {"entries": "3"}, id=f"m{number}")
    entries = feedparser.parse(path.read_bytes()).entries
    assert [entry.id[-2:] for entry in entries] == ["m4", "m3", "m2"]


@pytest.mark.parametrize(
    "text", ["", "my diary", "<html/>", '<!DOCTYPE f [<!ENTITY a "b">]><f>&a;</f>']
)
def test_a_file_that_is_no_feed_stays(tmp_path: Path, text: str) -> None:
    """What is not ours is not written over."""
    path = tmp_path / "notes.xml"
    path.write_text(text)
    with pytest.raises(DeliveryError, match="no feed of ours"):
        send(f"atom:{path}")
    assert path.read_text() == text


# -- Apprise --------------------------------------------------------------------------------


def test_apprise_delivers(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that Apprise knows, by an address from the environment."""
    pytest.importorskip("apprise", reason="Apprise is an extra")
    monkeypatch.setenv("NOTIFY", f"json://me:{PASSWORD}@127.0.0.1:{hook.port}/x")
    hook.status = 200
    send("apprise:env:NOTIFY", text="hello @everyone <!channel>\n")
    [(_, _, body)] = hook.posts
    words = json.loads(body)["message"]
    assert "hello" in words
    assert "@everyone" not in words
    assert "<!" not in words


def test_apprise_says_nothing_of_its_address(
    hook: Hook,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A failure is told without what is in the address, in error, log and output."""
    pytest.importorskip("apprise", reason="Apprise is an extra")
    monkeypatch.setenv("NOTIFY", f"json://me:{PASSWORD}@127.0.0.1:{hook.port}/x")
    hook.status = 500
    with caplog.at_level(logging.DEBUG), pytest.raises(DeliveryError) as wrong:
        send("apprise:env:NOTIFY")
    assert PASSWORD not in f"{wrong.value!r}{capsys.readouterr()}{caplog.text}"


def test_calm_text_calls_nobody() -> None:
    """Signs that call people in a chat are parted from the names."""
    assert "@here" not in calm("@here <@U123> <!here> <#C1>")
    assert calm("plain words, 3 < 4, a@ b") == "plain words, 3 < 4, a@ b"


# -- secrets --------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["mail", "webhook", "apprise"])
def test_a_secret_that_stands_in_the_settings_is_refused(way: str, box: Mailbox) -> None:
    """Settings and store never hold a secret; the error does not repeat it."""
    secret = "hunter2-in-the-clear"
    given = {
        "mail": ("mail:a@b.example", mail_settings(box, user="me", password=secret)),
        "webhook": ("webhook:http://127.0.0.1:9/", {"token": secret}),
        "apprise": (f"apprise:{secret}", {}),
    }
    with pytest.raises(DeliveryError, match="must not be written here") as wrong:
        send(*given[way])
    assert secret not in f"{wrong.value!s}{wrong.value.hint}{wrong.value.where}"


def test_a_secret_from_a_file(hook: Hook, tmp_path: Path) -> None:
    """The last line end of a file is none of the secret."""
    path = tmp_path / "hook"
    path.write_text(hook.url + "\n")
    send(f"webhook:file:{path}")
    assert len(hook.posts) == 1


@pytest.mark.parametrize("data", [None, b"", b"\xff\xfe", b"two\nlines"])
def test_a_file_without_a_secret(tmp_path: Path, data: bytes | None) -> None:
    """Missing, empty, no text, several lines: told as such."""
    path = tmp_path / "hook"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DeliveryError):
        send(f"webhook:file:{path}")


def test_an_unknown_way_lists_those_there_are() -> None:
    """A slip in the settings is told with the names to choose from."""
    with pytest.raises(DeliveryError, match="pigeon") as wrong:
        send("pigeon:coop")
    assert "webhook" in wrong.value.hint
