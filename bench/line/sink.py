"""The SMTP server of the bench, a process of its own: `python -m bench.line.sink PORT`.

It takes everything at once (PIPELINING, 8BITMIME, DSN), keeps nothing and counts: `XCOUNT` answers how many mails it
took. A line of its output says when it took a mail (the system's monotonic clock) and which mail that answers.
`XWAIT n` makes it think n milliseconds before it takes one, as real servers do; until then it is much lighter than a
real one, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time

LIMIT = 64 * 1024 * 1024
IN_REPLY_TO = re.compile(rb"^In-Reply-To:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)


class Counter:
    """How many mails were taken, and how long each is thought about (seconds)."""

    taken = 0
    wait = 0.0


async def serve(port: int) -> None:
    """Serve on loopback until the process ends."""
    counter = Counter()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:6].upper()
            if verb.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                if counter.wait:
                    await asyncio.sleep(counter.wait)
                counter.taken += 1
                writer.write(b"250 taken\r\n")
                answers = IN_REPLY_TO.search(mail)
                sys.stdout.write(f"{time.monotonic()} {answers.group(1).decode('ascii') if answers else '-'}\n")
                sys.stdout.flush()
            elif verb.startswith(b"EHLO"):
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250-DSN\r\n250 8BITMIME\r\n")
            elif verb == b"XCOUNT":
                writer.write(f"250 {counter.taken}\r\n".encode())
            elif verb.startswith(b"XWAIT"):
                counter.wait = int(line.split()[1]) / 1000
                writer.write(b"250 fine\r\n")
            elif verb.startswith(b"QUIT"):
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=LIMIT)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
