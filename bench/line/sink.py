"""The SMTP server of the bench, a process of its own: `python -m bench.line.sink PORT`.

It takes everything at once (PIPELINING, 8BITMIME, DSN), keeps nothing and counts: `XCOUNT` answers how many mails it
took. Much lighter than a real server, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import sys

LIMIT = 64 * 1024 * 1024


class Counter:
    """How many mails were taken."""

    taken = 0


async def serve(port: int) -> None:
    """Serve on loopback until the process ends."""
    counter = Counter()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:6].upper()
            if verb.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                counter.taken += 1
                writer.write(b"250 taken\r\n")
            elif verb.startswith(b"EHLO"):
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250-DSN\r\n250 8BITMIME\r\n")
            elif verb == b"XCOUNT":
                writer.write(f"250 {counter.taken}\r\n".encode())
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
