"""Many documents at once: all of them, in order, the same however the work went."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest

from cardwatch import corpus
from cardwatch.corpus import Job, Result, Status, Task, Unit
from cardwatch.corpus.pools import Processes, within_time
from cardwatch.corpus.work import key_of, perform, read_line
from cardwatch.errors import SourceError
from tests.conftest import Ran

CARD = "# Card\n\nUsers are not told when a reply is shortened. We keep data for 30 days.\n"
POST = "# Post\n\nUsers will be told whenever a reply is shortened.\n"


def put(folder: Path, **files: str) -> Path:
    """A folder of Markdown files; two underlines stand for a step down."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def names(job: Job, *sources: Path) -> list[tuple[str, str]]:
    return [(each.name, Path(each.other).name) for each in corpus.units(job, sources)]


# -- what there is to do ------------------------------------------------------------------------


def test_folders_are_read_by_their_names(tmp_path: Path) -> None:
    """Editions follow one another as people count; the companion announces all of its folder."""
    put(tmp_path, a__v10="x", a__v2="x", a__v1="x", b__card="x", b__announcement="x", c="x")
    (tmp_path / "a" / "notes.xyz").write_text("x")
    (tmp_path / ".hidden").mkdir()
    put(tmp_path / ".hidden", d="x")
    assert names(Job.DIFF, tmp_path) == [
        ("a/v2.md", "v1.md"),
        ("a/v10.md", "v2.md"),
        ("b/card.md", "announcement.md"),
    ]
    assert names(Job.GAPS, tmp_path) == [("b/card.md", "announcement.md")]
    assert len(names(Job.READ, tmp_path)) == 6


def test_two_companions_are_one_too_many(tmp_path: Path) -> None:
    """It is not guessed which document has which."""
    put(tmp_path, companion="x", announcement="x", card="x")
    with pytest.raises(SourceError, match="could be the companion"):
        corpus.units(Job.GAPS, [tmp_path])


def test_lists_say_it(tmp_path: Path) -> None:
    """Paths are from where the list lies; addresses and snapshots stay what they are."""
    put(tmp_path, one="x", two="x")
    listed = tmp_path / "list.csv"
    listed.write_text("name,document,old\nfirst,one.md,two.md\n,https://a.test/x,lab@latest\n")
    first, second = corpus.units(Job.DIFF, [listed])
    assert (first.name, Path(first.document)) == ("first", tmp_path / "one.md")
    assert (second.name, second.document) == ("https://a.test/x", "https://a.test/x")
    lines = tmp_path / "list.jsonl"
    lines.write_text('{"document": "one.md", "companion": "two.md"}\n\n')
    assert names(Job.GAPS, lines) == [("one.md", "two.md")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("document,older\na,b\n", "unknown column 'older'"),
        ("document,companion\na,b\n", "old is missing"),
        ("document,old\na,b\na,b\n", "two documents have this name"),
        ("document,old\na,b,c\n", "under the names of the columns"),
        ("document,old\n", "nothing to do"),
        ('document,old\n"a', "cannot be read"),
        ("\ud800", "cannot be read"),
    ],
)
def test_a_wrong_list_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    """With its line, before any work is done."""
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SourceError, match=complaint):
        corpus.units(Job.DIFF, [path])


# -- the work -----------------------------------------------------------------------------------


def tasks(folder: Path, job: Job = Job.READ, **more: object) -> tuple[Task, ...]:
    return corpus.tasks_of(job, corpus.units(job, [folder]), **more)


def test_each_line_is_what_one_command_writes(
    tmp_path: Path, cardwatch: Callable[..., Ran]
) -> None:
    """The report in a line is that of the command for one pair; a line comes back as it was."""
    folder = put(tmp_path / "in", card=CARD, companion=POST)
    (task,) = tasks(folder, Job.GAPS)
    result = perform(task)
    alone = cardwatch("gaps", task.unit.document, task.unit.other, "--json")
    assert json.loads(result.report) == json.loads(alone.out)
    assert result.found == sum(count for _, count in result.counts) > 0
    assert result.line().count("\n") == 1
    assert read_line(result.line()) == result


def test_a_result_is_known_by_all_that_decides_it(tmp_path: Path) -> None:
    """Other bytes, another job, other rules: another key."""
    put(tmp_path, one="# One\n\nWords.\n")
    task = Task(Job.READ, Unit("one", str(tmp_path / "one.md")))
    rules = put(tmp_path / "rules", a="x")
    (rules / "a.md").rename(rules / "a.toml")
    keys = {
        key_of(task),
        key_of(Task(Job.GAPS, task.unit)),
        key_of(Task(Job.READ, task.unit, (rules,))),
    }
    put(tmp_path, one="# One\n\nOther words.\n")
    assert len({*keys, key_of(task)}) == 4


def test_what_cannot_be_read_is_a_result(tmp_path: Path) -> None:
    """A damaged document, and one that is not there, stand among the others in their places."""
    put(tmp_path, a="# A\n\nWords.\n", c="# C\n\nWords.\n")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 and no more")
    units = [*corpus.units(Job.READ, [tmp_path]), Unit("d", str(tmp_path / "missing.md"))]
    report = corpus.run(corpus.tasks_of(Job.READ, units), executor=Here())
    assert [each.status for each in report.results] == [
        Status.DONE,
        Status.FAILED,
        Status.DONE,
        Status.FAILED,
    ]
    assert report.results[1].error


def test_a_bug_is_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we did not expect ends one document's work, and says what it was."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("never\nthought of")

    put(tmp_path, a="words")
    monkeypatch.setattr("cardwatch.app.read", broken)
    result = perform(tasks(tmp_path)[0])
    assert (result.status, result.error) == (Status.CRASHED, "RuntimeError: never thought of")


class Here:
    """A pool that works in this process, at once or out of order."""

    jobs = 2
    deaths: tuple[type[BaseException], ...] = ()

    def start(self, jobs: int) -> Executor:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(jobs)

    def work(self, task: Task) -> Result:
        return perform(task)

    def stop(self, executor: Executor) -> None:
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        pass


class Late(Here):
    """The first is done last."""

    jobs = 3

    def work(self, task: Task) -> Result:
        time.sleep(0.1 if task.unit.name.startswith("a") else 0)
        return perform(task)


def many(folder: Path, count: int = 12) -> Path:
    return put(
        folder, **{f"{chr(97 + n)}": f"# Doc {n}\n\nWe keep data {n} days.\n" for n in range(count)}
    )


def test_the_order_is_that_of_the_documents(tmp_path: Path) -> None:
    """Whoever is done first, the bytes written are the same."""
    folder = many(tmp_path / "in")
    told: list[tuple[int, int]] = []
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    corpus.run(tasks(folder), output=one, executor=Here(), progress=lambda *at: told.append(at))
    corpus.run(tasks(folder), output=two, executor=Late())
    assert one.read_bytes() == two.read_bytes()
    assert [json.loads(line)["name"] for line in one.open()] == [
        f"{chr(97 + n)}.md" for n in range(12)
    ]
    assert told == [(n + 1, 12) for n in range(12)]


class Stop(Exception):
    """A run is stopped."""


def stopped(folder: Path, output: Path, after: int) -> None:
    def stop(done: int, _total: int) -> None:
        if done == after:
            raise Stop

    with pytest.raises(Stop):
        corpus.run(tasks(folder), output=output, executor=Here(), progress=stop)


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    """However often it is stopped, nothing is done twice, and the end is that of one calm run."""
    folder, calm, output = many(tmp_path / "in"), tmp_path / "calm.jsonl", tmp_path / "out.jsonl"
    corpus.run(tasks(folder), output=calm, executor=Here())
    for after in (3, 5, 1):
        stopped(folder, output, after)
        assert not output.exists()
    # the last line of a killed run is cut off
    part = output.with_name("out.jsonl.part")
    part.write_bytes(part.read_bytes() + b'{"name": "b.md", "job": "rea')
    report = corpus.run(tasks(folder), output=output, executor=Here())
    assert report.recalled >= 5
    assert output.read_bytes() == calm.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calm.jsonl", "in", "out.jsonl"]


def test_only_what_changed_is_done_again(tmp_path: Path) -> None:
    """A second run recalls the rest; what failed is tried again, what is gone is left out."""
    folder, output = many(tmp_path / "in", 4), tmp_path / "out.jsonl"
    (folder / "e.pdf").write_bytes(b"%PDF-1.7 and no more")
    corpus.run(tasks(folder), output=output, executor=Here())
    put(folder, b="# Other\n\nOther words here.\n")
    (folder / "d.md").unlink()
    report = corpus.run(tasks(folder), output=output, executor=Here())
    assert report.recalled == 2
    assert [each.name for each in report.results] == ["a.md", "b.md", "c.md", "e.pdf"]
    assert len(output.read_text().splitlines()) == 4


@pytest.mark.parametrize("text", ["dear diary\n", "{}\n", '{"name": "x"}', "\x00" * 100])
def test_a_file_of_something_else_is_spared(tmp_path: Path, text: str) -> None:
    """Results take the place of results only."""
    output = tmp_path / "out.jsonl"
    output.write_text(text)
    with pytest.raises(SourceError, match="something else"):
        corpus.run(tasks(many(tmp_path / "in", 1)), output=output, executor=Here())
    assert output.read_text() == text
    output.write_text("")
    corpus.run(tasks(many(tmp_path / "in", 1)), output=output, executor=Here())


# -- processes and clusters ---------------------------------------------------------------------


class Deadly(Processes):
    """Processes that some documents are too much for."""

    def work(self, task: Task) -> Result:
        if task.unit.name.startswith("c"):
            os._exit(9)
        if task.unit.name.startswith("e"):
            return within_time(Task(task.job, Unit("e.md", "sleep"), seconds=task.seconds))
        return perform(task)


@pytest.mark.slow
def test_a_death_is_a_result(tmp_path: Path) -> None:
    """A document that ends its process costs the others nothing but time."""
    folder, output = many(tmp_path / "in", 5), tmp_path / "out.jsonl"
    report = corpus.run(tasks(folder), output=output, executor=Deadly(2))
    assert [each.status for each in report.results] == [
        *[Status.DONE] * 2,
        Status.CRASHED,
        Status.DONE,
        Status.FAILED,
    ]
    assert "ended without an answer" in report.results[2].error
    assert len(output.read_text().splitlines()) == 5


def endless(task: Task) -> Result:
    """Takes longer than it may, inside a call that no signal reaches."""
    import faulthandler

    faulthandler.dump_traceback_later(task.seconds, exit=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    time.sleep(60)
    return perform(task)


class Slow(Processes):
    def work(self, task: Task) -> Result:
        return endless(task) if task.unit.name.startswith("b") else perform(task)


@pytest.mark.slow
def test_what_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """After its time, wherever it hangs; the others are done."""
    report = corpus.run(tasks(many(tmp_path, 3), seconds=1.0), executor=Slow(2))
    assert [each.status for each in report.results] == [Status.DONE, Status.CRASHED, Status.DONE]
    assert "more than 1 seconds" in report.results[1].error


@pytest.mark.slow
def test_a_cluster_gives_the_same(tmp_path: Path) -> None:
    """A Dask cluster by its address writes the bytes that are written without one."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    folder, here, there = many(tmp_path / "in", 6), tmp_path / "h.jsonl", tmp_path / "t.jsonl"
    corpus.run(tasks(folder), output=here, executor=Here())
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        corpus.run(tasks(folder), output=there, executor=address)
    assert here.read_bytes() == there.read_bytes()


def test_an_address_that_is_no_cluster(tmp_path: Path) -> None:
    """It is told what one looks like."""
    with pytest.raises(SourceError, match="dask://HOST:PORT"):
        corpus.run(tasks(many(tmp_path, 1)), executor="tcp://a:1")


# -- the command --------------------------------------------------------------------------------


def test_the_command(
    tmp_path: Path, cardwatch: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells what failed first, counts what it found, and ends with 1 if that is something."""
    monkeypatch.setattr("cardwatch.corpus.running.pool", lambda _executor, _jobs: Here())
    put(tmp_path, a__card=CARD, a__companion=POST, b__card="", b__companion=POST)
    output = tmp_path / "out.jsonl"
    ran = cardwatch("corpus", "run", "gaps", tmp_path, "-o", output, "--jobs", 1)
    assert ran.code == 1
    assert ran.out.index("b/card.md") < ran.out.index("a/card.md")
    assert "2 documents: done 1, failed 1" in ran.out
    again = cardwatch("corpus", "run", "gaps", tmp_path, "-o", output, "--json")
    assert json.loads(again.out)["rows"]
    assert "1 of them were done by an earlier run" in again.out


def test_the_command_spares_what_it_reads(
    tmp_path: Path, cardwatch: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No input is written over, and work of another name is refused."""
    put(tmp_path, a="# A\n\nWords.\n")
    ran = cardwatch("corpus", "run", "read", tmp_path / "a.md", "-o", tmp_path / "a.md")
    assert (ran.code, "written over" in ran.err) == (2, True)
    assert (tmp_path / "a.md").read_text() == "# A\n\nWords.\n"
    ran = cardwatch("corpus", "run", "guess", tmp_path)
    assert (ran.code, "diff, gaps, read" in ran.err) == (2, True)
    monkeypatch.setattr("cardwatch.corpus.running.pool", lambda _executor, _jobs: Here())
    put(tmp_path / "empty", b="")
    ran = cardwatch("corpus", "run", "read", tmp_path / "empty", "--jobs", "1")
    assert (ran.code, "none of 1 documents" in ran.err) == (2, True)
