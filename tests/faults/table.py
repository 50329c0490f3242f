"""Everything that can go wrong and is tried, as a table: what is done, what is counted, which tests do it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`tests`: what the quick column runs, in this package or elsewhere in the tests. `runs`: the names under which
    the runs of this package are kept. `open`: what of it nothing here tries yet."""

    name: str
    what: str
    counted: str
    tests: tuple[str, ...]
    runs: tuple[str, ...] = ()
    quick: str = "with every run of the tests"
    full: str = ""
    open: str = ""


FAULTS = (
    Fault(
        "R1",
        "the server killed with `kill -9` while eight people write and six decide: at any moment, and at seven "
        "pointed ones",
        "answered commands lost, doubled; gaps; false hashes; impossible outcomes; mails of invitations that were "
        "answered for",
        (
            "tests/faults/test_kills.py",
            "tests/faults/test_judge.py",
            "tests/story/test_interruptions.py",
            "tests/browser/test_nothing_is_lost.py",
        ),
        ("R1-random", "R1-pointed"),
        "4 + 7",
        "200 + 140",
    ),
    Fault(
        "R1b",
        "PostgreSQL killed, and stopped with `immediate`, while eight people write",
        "as R1",
        ("tests/faults/test_postgres_away.py",),
        ("R1b",),
        "3",
        "100",
    ),
    Fault(
        "R1c",
        "SQLite after a loss of power: the file and its log as they were, the log cut at a 512-byte step",
        "copies that do not open, whose journal is no unbroken beginning of what was written, or that hold an "
        "impossible outcome",
        ("tests/faults/test_sqlite_log.py",),
        ("R1c",),
        "50",
        "1,000",
    ),
    Fault(
        "R2",
        "lines late, stalled, cut, reset and half-open, while thirty read and four write through them",
        "entries missed or doubled at any reader, pages that differ; time until everybody has everything; attempts "
        "to come back per second; time until nobody is shown who is gone",
        (
            "tests/faults/test_proxy.py",
            "tests/live/test_half_open.py",
            "tests/browser/test_half_open.py",
            "tests/browser/test_nothing_is_lost.py",
            "tests/story/test_interruptions.py",
        ),
        ("R2",),
        "2 rounds of 4 s, silence taken for death ten times as soon",
        "30 rounds of 15 s, half an hour with what follows them",
    ),
    Fault(
        "R3",
        "frames lost, doubled, late and out of order; a journal that is shorter than it was",
        "entries that a reader has not once, or not in order",
        ("tests/live/test_hub_by_chance.py", "tests/live/test_hub.py", "tests/decisions/test_sealed.py"),
        ("R3",),
        "300 plays of chance",
        "20,000",
    ),
    Fault(
        "R4",
        "one command sent again, at once and later; keys of others; keys reused",
        "entries made; answers that differ",
        ("tests/story/test_races.py", "tests/api/test_once.py", "tests/conventions/test_idempotency.py"),
        ("R4",),
        "2 commands in 20 copies at once",
        "50 commands in 500 copies at once",
    ),
    Fault(
        "R5",
        "the last answers of a round at the same moment, of two people and of eight",
        "outcomes per round; mails of one thing to one address",
        ("tests/faults/test_last_answers.py", "tests/api/test_races.py", "tests/story/test_races.py"),
        ("R5", "R5-eight"),
        "3 of each, the order forced each way round; 4 of eight people; 2 of each let loose",
        "1,000 of each of three orders, 500 of each of two kinds of eight; 100 of each let loose. A decision is played "
        "up to its last answers before each, which takes 0.4 s with three people and 1.4 s with eight: 5,000 of each, "
        "as was aimed at, would take six hours",
    ),
    Fault(
        "R6",
        "objection and adoption, revision and withdrawal; somebody acts while the chair changes hands, while the due "
        "time comes, while one is marked absent or leaves the team",
        "outcomes that cannot be; refusals that are not true; mails of one thing to one address",
        (
            "tests/faults/test_forced_orders.py",
            "tests/faults/test_forced_changes.py",
            "tests/api/test_races.py",
            "tests/story/test_races.py",
        ),
        ("R6", "R6-changes"),
        "3 of each, 1 of each change, the order forced each way round; 2 of each let loose",
        "1,000 of each; 100 of each let loose. A decision is played before each, which takes 0.3 to 0.4 s: 2,000 of "
        "everything, as was aimed at, would take four hours",
    ),
    Fault(
        "R7",
        "Redis away and back",
        "commands refused; time until those at the other process hear, of what was written while it was away and of "
        "the last; lines about it in the logs",
        (
            "tests/faults/test_redis.py",
            "tests/live/test_relay.py",
            "tests/live/test_seldom.py",
            "tests/story/test_interruptions.py",
        ),
        ("R7", "R7-full"),
        "3, of which 1 until all was heard without it; 1 that is full",
        "60, of which 20 until all was heard without it; 1 that is full",
    ),
    Fault(
        "R7b",
        "PostgreSQL away for a while; no connection left to it; its machine gone or handing over to a standby",
        "answers other than 503 with Retry-After; answered commands lost, and how many were gone with a machine that "
        "does not wait for its standby",
        ("tests/faults/test_postgres_away.py", "tests/faults/test_standby.py"),
        ("R7b", "R7b-connections", "R7b-standby", "R7b-standby-behind"),
        "2; 2 without a connection for anybody; 1 standby that is waited for, 1 handed over to, 1 not waited for",
        "30, and 1 of half a minute; 50 without a connection for anybody; 10 standbys of each kind",
    ),
    Fault(
        "R8",
        "readers that do not read",
        "memory; time for the others",
        ("tests/faults/test_slow_readers.py", "tests/live/test_protocol.py", "tests/live/test_hub.py"),
        ("R8",),
        "200, during 450 entries",
        "200, during 1,000 entries",
    ),
    Fault(
        "R9",
        "clocks that jump; a server whose zone is changed, a browser whose clock is 26 hours wrong; in any zone, "
        "nights in which clocks are changed, and leap days; pauses and meetings that end by the clock",
        "what happens early, late or twice; texts that name another moment than they were made of, or two",
        (
            "tests/faults/test_clock.py",
            "tests/faults/test_zones.py",
            "tests/story/test_meeting.py",
            "tests/decisions/test_room.py",
            "tests/process/test_room_time.py",
        ),
        ("R9", "R9-zones", "R9-texts", "R9-pages"),
        "6 jumps, 30 due times in such nights, 400 + 1,000 moments by chance",
        "60 jumps, 30 due times, 10,000 + 10,000 moments",
    ),
    Fault(
        "R10",
        "ten thousand connections that are idle",
        "memory for each, time for the others",
        (),
        open="not here: `python3 run.py bench idle` measures it",
    ),
    Fault(
        "R11",
        "the load of many circles at once",
        "time of a command and until others see it",
        (),
        open="not here: `python3 run.py bench meeting` and `bench capacity` measure it",
    ),
    Fault(
        "R12",
        "bad input: bytes, sizes, depths, marks, by hand and by chance",
        "answers of 500 and above; what is kept otherwise than it was sent; memory of the server; answers that take "
        "longer than a second, and again when asked alone",
        (
            "tests/faults/test_any_call.py",
            "tests/api/test_fuzz.py",
            "tests/api/test_bad_input.py",
            "tests/teams/test_any_input.py",
            "tests/conventions/test_body.py",
        ),
        ("R12",),
        "6 s of calls in each of three roles",
        "500 of each kind of call in each of three roles",
    ),
    Fault(
        "R13",
        "migrations over a database with data",
        "journal rows that differ by a byte",
        ("tests/faults/test_restore.py",),
        ("R13", "R13-postgres"),
        "SQLite, 400 entries",
        "SQLite and PostgreSQL, a thousand decisions with sixty thousand entries",
        open="data of released versions: there is none yet",
    ),
    Fault(
        "R14",
        "backup while it is used, and restore; going back to a moment by PostgreSQL's own log",
        "journals that are not sound; browsers that keep what is gone; what was answered before the moment and is gone",
        (
            "tests/faults/test_restore.py",
            "tests/faults/test_recovery.py",
            "tests/operating/test_backup.py",
            "tests/browser/test_restored.py",
            "tests/live/test_hub.py",
        ),
        ("R14", "R14-postgres", "R14-large", "R14-large-postgres", "R14-moment"),
        "1 + 1 of PostgreSQL, put back while people write; 1 back to a moment",
        "20 + 20; 1 + 1 of sixty thousand entries; 5 back to a moment",
    ),
    Fault(
        "R15",
        "twelve tamperings by SQL; and none, in decisions played by chance",
        "tamperings that are not found by the means that is named; sound journals of which something is said",
        (
            "tests/faults/test_tampering.py",
            "tests/faults/test_false_alarms.py",
            "tests/decisions/test_database.py",
            "tests/tools/test_verify_journal.py",
        ),
        ("R15", "R15-sound"),
        "12, and 30 sound journals",
        "12, and 1,000 sound journals",
    ),
    Fault(
        "R16",
        "a mail server that stalls and dies; a postman that is killed",
        "mails per event and address; mails of what was not committed",
        ("tests/notices/test_postman.py", "tests/notices/test_delivery.py", "tests/notices/test_outbox.py"),
        ("R16",),
        "16 kills",
        "50 kills",
    ),
    Fault(
        "R17",
        "a disk that is full, and has room again; with PostgreSQL that of its data, and that of its log",
        "answers other than 503 with Retry-After; answered commands lost",
        ("tests/faults/test_full_disk.py",),
        ("R17", "R17-postgres"),
        "2 + 2",
        "30 + 30",
    ),
    Fault(
        "R18",
        "hours of use: five circles of twelve decide one thing after another, coming and going",
        "memory of the server, its open files, its connections to PostgreSQL and those that idle in a transaction",
        ("tests/faults/test_soak.py",),
        ("R18",),
        "900 commands after 600, as fast as they go",
        "2 h at ten commands a second",
        open="a day",
    ),
    Fault(
        "R19",
        "an old page before a new server; two releases side by side, one process restarted after the other under load",
        "presses neither done nor refused in words; words lost while typing; commands that fail; entries missed",
        (
            "tests/browser/test_old_page.py",
            "tests/operating/test_updating.py",
            "tests/operating/test_stopping.py",
            "tests/config/test_files.py",
            "tests/house/test_migrations.py",
            "tests/live/test_consumer.py",
        ),
        ("R19", "R19-pages"),
        "2 restarts among 100 readers; 4 updates under an open page",
        "20 restarts; 4 updates",
        open="the pages of a release: there is none yet, so another build stands for them",
    ),
)
