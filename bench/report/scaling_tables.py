"""The tables of docs/scaling.md, each from a run's figures. Pure: figures in, Markdown out."""

from __future__ import annotations

from typing import Any

from bench.report.tables import SERVERS, table

Found = dict[str, Any]
DAY_S = 86_400
HEADROOM = 0.7  # of a core: above that, queues grow at every little rush
DAYS = 365


def scaling(found: Found) -> str:
    """More and more workers."""
    part = found["scaling"]
    said = ""
    for runs, title in (
        (part["quick"] | part["others"], f"{part['mails']} mails, an SMTP server that takes them at once:"),
        (part["slow"], f"{part['slow_mails']} mails, an SMTP server that thinks {part['slow_ms']} ms about each:"),
    ):
        first = next(iter(runs.values()))["rate"]
        rows = [
            (
                number, f"{one['rate']:.0f}", f"{one['rate'] / first:.2f} ×", f"{one['cpu_ms']['worker']:.2f}",
                f"{one['cpu_ms']['watcher']:.2f}", *(f"{one['cpu_ms'].get(server, 0):.2f}" for server in SERVERS[:3]),
                f"{one['cores_of_worker']:.2f}", f"{one['cores_of_others']:.2f}", one["postgresql_connections"],
                one["redis_connections"],
            )
            for number, one in runs.items()
        ]  # fmt: skip
        heads = (
            "workers", "mails/s", "× one", "CPU ms a mail: worker", "watcher", *SERVERS[:3], "cores: worker",
            "all others", "connections: PostgreSQL", "Redis",
        )  # fmt: skip
        said += f"{title}\n\n{table(heads, rows)}\n"
    return said + "![Workers](images/performance-workers.svg)\n"


def storage(found: Found) -> str:
    """Bytes a mail, and what follows for a year."""
    part = found["storage"]
    rows = [
        (name, f"{rows / 1000:.2f} kB", f"{indexes / 1000:.2f} kB") for name, (rows, indexes) in part["tables"].items()
    ]
    whole = part["bytes"] / 1000
    ours = part["cpu_ms"]["worker"] + part["cpu_ms"]["watcher"] + part["cpu_ms"]["beat"]
    base = part["cpu_ms"]["PostgreSQL"]
    per_core = HEADROOM * 1000 / ours
    return (
        f"After {part['mails']} mails of {part['mail_bytes'] / 1000:.1f} kB on average, answered and filed:\n\n"
        f"{table(('table', 'rows a mail', 'indexes a mail'), rows)}\n"
        f"**{whole:.1f} kB a mail** in all: {part['bytes'] * 1e6 / 1e9:.0f} GB for a million mails, "
        f"{part['bytes'] * 1e6 * DAYS / 1e12:.1f} TB "
        f"for a million a day kept for a year. Redis held at most {part['redis_peak'] / 1e6:.1f} MB "
        f"({part['redis_before'] / 1e6:.1f} MB before): messages carry no content, and there is one a batch.\n\n"
        f"A core at {HEADROOM:.0%} does {per_core:.0f} mails a second of the product's own work ({ours:.2f} ms of "
        f"CPU a mail), {per_core * DAY_S / 1e6:.1f} million a day if they came evenly; PostgreSQL ({base:.2f} ms a "
        f"mail) {HEADROOM * 1000 / base:.0f} a second on one.\n"
    )


def day(found: Found) -> str:
    """The simulated day."""
    part = found["day"]
    costs = part["costs"]
    busiest = max((day["busiest_minute"] for day in part["days"]), default=0)
    rows = [
        (day["workers"], *(_seconds(day[word]) for word in ("p50", "p95", "p99", "worst")), day["longest_queue"],
         f"{busiest / 60 * costs['worker']:.1f}")
        for day in part["days"]
    ]  # fmt: skip
    rate = busiest / 60
    return (
        f"{part['mails']} mails, {part['mailboxes']} mailboxes, {busiest} mails in the busiest minute ({rate:.0f} a "
        f"second). Measured costs: a mail keeps its watcher {costs['taking_in'] * 1000:.2f} ms and a worker "
        f"{costs['answering'] * 1000:.1f} ms, of which {costs['smtp'] * costs['replies'] * 1000:.1f} ms wait for the "
        f"SMTP server. To keep up with the busiest minute as it comes, workers need "
        f"{rate * costs['worker']:.1f} cores, watchers {rate * costs['watcher']:.1f}, PostgreSQL "
        f"{rate * costs['postgresql']:.1f}; on average over the day all together "
        f"{part['mails'] / DAY_S * (costs['worker'] + costs['watcher'] + costs['postgresql']):.2f}.\n\n"
        + table(("workers", "wait p50", "p95", "p99", "worst", "longest queue", "their cores at the peak"), rows)
        + "\n![The queue over the day](images/performance-day.svg)\n"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
