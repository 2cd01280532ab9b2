"""The tables of docs/performance.md, each from a run's figures. Pure: figures in, Markdown out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bench.report.targets import PLAIN, verdicts

Found = dict[str, Any]
SERVERS = ("Dovecot", "PostgreSQL", "Redis", "SMTP sink")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], others: str = "---:") -> str:
    """A Markdown table; all columns but the first to the right unless `others` says otherwise."""
    lines = [heads, ["---", *[others] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def run(found: Found) -> str:
    """What was run where."""
    command = "python -m bench --quick" if found["quick"] else "make bench"
    return (
        f"Run: `{command}`, {found['seconds'] / 60:.0f} minutes. Machine: {found['machine']}. All servers, contenders "
        "and what makes the load share its cores.\n"
    )


def targets(found: Found) -> str:
    """Every target and whether it is reached."""
    return table(
        ("target", "measured", ""),
        ((one.target, one.figure, f"**{one.said}**") for one in verdicts(found)),
        others="---",
    )


def line(found: Found) -> str:
    """Contenders beside each other."""
    part = found["line"]
    plain = part["contenders"].get(PLAIN)
    low, middle, high = (size / 1000 for size in part["sizes"])
    rows = []
    for name, one in part["contenders"].items():
        rates = " to ".join(f"{rate:.0f}" for rate in sorted((min(one["rates"]), max(one["rates"]))))
        ratio = f"{one['rate'] / plain['rate']:.2f}" if plain else "–"
        cpu = one["cpu_ms"]
        rows.append(
            (name, f"{one['rate']:.0f}", rates, ratio, one["replies"], f"{cpu['own']:.2f}",
             *(f"{cpu.get(server, 0):.2f}" for server in SERVERS))
        )  # fmt: skip
    said = table(
        ("", "mails/s", "rounds", "× plain", "replies", "CPU ms a mail: own", *SERVERS),
        rows,
    )
    setups = "".join(f"- {name}: {one['setup']}.\n" for name, one in part["contenders"].items() if "product" in name)
    share = _share(found["share"]) if found.get("share") else ""
    return (
        f"{part['mails']} mails of {low:.1f} to {high:.1f} KB (median {middle:.1f}) wait at once; "
        f"{part['rounds']} rounds in turn, medians. The product is at rest when they arrive.\n\n"
        f"{said}\n{setups}\n{share}\n![Mails a second](images/performance-line.svg)\n"
    )


def _share(share: Found) -> str:
    return (
        f"Celery: {share['celery']:.2f} of the {share['all']:.2f} ms of CPU that the product uses a mail (worker, beat "
        f"and watcher; two workers) are spent outside of tasks' bodies or on publishing: **{share['share']:.1%}**; "
        f"Redis uses {share['redis']:.2f} ms beside that.\n"
    )


def latency(found: Found) -> str:
    """Percentiles."""
    part = found["latency"]
    rows = []
    for setup in ("two workers", "one process"):
        rows += [(f"idle, {setup}, {word}", one) for word, one in part[setup].items()]
    load = part["load"]
    rows.append((f"two workers at {load['rate']:.0f} mails/s, from delivery", load))
    cells = [(name, one["n"], *(f"{one[word]:.0f} ms" for word in ("p50", "p95", "p99", "max"))) for name, one in rows]
    return table(("", "replies", "p50", "p95", "p99", "max"), cells) + "\n![Waiting](images/performance-latency.svg)\n"


def growth(found: Found) -> str:
    """Sizes beside each other."""
    sizes = sorted(found["growth"].items(), key=lambda item: int(item[0]))
    first = sizes[0][1]["ms"]
    rows = [
        ("time a mail", *(_ratio(one["ms"], first) for _, one in sizes)),
        ("wake-up, nothing new, by the clock", *(f"{one['wake_up']['ms']:.1f} ms" for _, one in sizes)),
        ("its CPU: client, Dovecot, PostgreSQL", *(_wake_cpu(one["wake_up"]) for _, one in sizes)),
        ("full comparison (every 10 minutes)", *(f"{one['wake_up']['full_ms']:.0f} ms" for _, one in sizes)),
        ("idle: product's share of a core", *(_idle(one["idle"], ("worker", "watcher", "beat")) for _, one in sizes)),
        ("idle: servers' share of a core", *(_idle(one["idle"], SERVERS) for _, one in sizes)),
    ]
    if all("cpu_ms" in one for _, one in sizes):
        rows.insert(
            1, ("its CPU: worker, watcher, Dovecot, PostgreSQL", *(_mail_cpu(one["cpu_ms"]) for _, one in sizes))
        )
    if all("filed_ms" in one for _, one in sizes):
        small = sizes[0][1]["filed_ms"]
        rows[2:2] = [
            ("a mail, the old ones in their folders", *(_ratio(one["filed_ms"], small) for _, one in sizes)),
            ("its CPU: worker, watcher, Dovecot, PostgreSQL", *(_mail_cpu(one["filed_cpu_ms"]) for _, one in sizes)),
        ]
    for part in first_memory(sizes):
        rows.append((f"peak memory: {part}", *(f"{one['memory_mb'].get(part, 0):.0f} MB" for _, one in sizes)))
        rows.append(("after a mail of 25 MB", *(f"{one['memory_mb_25'].get(part, 0):.0f} MB" for _, one in sizes)))
    heads = [f"{one['mails']:,} mails".replace(",", " ") for _, one in sizes]
    return table(("in inbox and ledger", *heads), rows) + "\n![Growth](images/performance-growth.svg)\n"


def first_memory(sizes: Sequence[tuple[str, Found]]) -> list[str]:
    """The processes whose memory was taken, the ones at work first."""
    return sorted(sizes[0][1]["memory_mb"], key=lambda part: "child" not in part)


def _ratio(milliseconds: float, first: float) -> str:
    return f"{milliseconds:.2f} ms ({milliseconds / first:.2f} ×)"


def _mail_cpu(used: Found) -> str:
    return " + ".join(f"{used[part]:.2f}" for part in ("worker", "watcher", "Dovecot", "PostgreSQL")) + " ms"


def _wake_cpu(wake: Found) -> str:
    return f"{wake['client']:.1f} + {wake['dovecot']:.1f} + {wake['postgresql']:.1f} ms"


def _idle(idle: Found, parts: Sequence[str]) -> str:
    return f"{sum(idle.get(part, 0) for part in parts):.2%}"


def reading(found: Found) -> str:
    """Corpora and kinds."""
    part = found["reading"]
    heads = ("", "mails", "mails/s", "parse (median)", "rules (median)", "both p95", "worst")
    words = ("n", "rate", "parse", "rules", "p95", "worst")
    styles = ("{:.0f}", "{:.0f}", "{:.2f} ms", "{:.2f} ms", "{:.1f} ms", "{:.0f} ms")

    def cells(name: str, one: Found) -> tuple[str, ...]:
        return (name, *(style.format(one[word]) for word, style in zip(words, styles, strict=True)))

    corpora = table(heads, (cells(name, one) for name, one in part["corpora"].items()))
    kinds = table(heads, (cells(name, one) for name, one in part["kinds"].items()))
    return (
        f"{corpora}\nThe same mails by what they carry:\n\n{kinds}\n"
        f"Loading the catalogue takes {part['catalogue_s']:.2f} s, once a process.\n\n"
        "![Flame graph of reading](images/performance-flame.svg)\n"
    )


def staff(found: Found) -> str:
    """Views by number of requests, the dearest first; exports."""
    pages = found["staff"]["pages"]
    sizes = sorted(pages, key=int)
    large = pages[sizes[-1]]
    rows = []
    for name in sorted(large, key=lambda one: -large[one]["median"]):
        rows.append((name, *(_page(pages[size][name]) for size in sizes if name in pages[size])))
    shown = rows[:15]
    rest = [large[name]["median"] for name in sorted(large, key=lambda one: -large[one]["median"])[15:]]
    exports = found["staff"]["exports"]
    files = table(
        ("export", "time", "memory", "file"),
        (
            (name, f"{one['seconds']:.1f} s", f"{one['mb']:.0f} MB", f"{one['bytes'] / 1e6:.1f} MB")
            for name, one in exports.items()
            if isinstance(one, dict)
        ),
    )
    others = f"The other {len(rest)} views take {min(rest):.0f} to {max(rest):.0f} ms.\n" if rest else ""
    return (
        f"PostgreSQL; median by the clock, CPU of page and database, queries. The 15 dearest of {len(rows)} views:\n\n"
        f"{table(('', *(f'{size} requests' for size in sizes)), shown)}\n{others}\n"
        f"All {exports['rows']} requests into a file (`aspoktatas export`, its start included):\n\n{files}"
    )


def _page(one: Found) -> str:
    return f"{one['median']:.0f} ms, CPU {one['cpu']:.0f}, {one['queries']:.0f} q"
