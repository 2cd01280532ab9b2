"""The broker: in this process, or a Redis that never evicts."""

from __future__ import annotations

from collections.abc import Iterator

import redis

from worker.services.doctor.diagnosis import Diagnosis, Grade


def examine_broker(url: str) -> Iterator[Diagnosis]:
    """Ping Redis and read its eviction policy; nothing is written."""
    if url.startswith("memory://"):
        yield Diagnosis("broker", Grade.OK, "inside the one process")
        return
    client = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=10)
    try:
        client.ping()
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except redis.AuthenticationError:
        yield Diagnosis("broker", Grade.FAIL, "Redis refuses the password", "correct ASPOKTATAS_BROKER_URL")
        return
    except redis.ConnectionError:
        yield Diagnosis("broker", Grade.FAIL, "Redis cannot be reached", "start it, or correct ASPOKTATAS_BROKER_URL")
        return
    except redis.RedisError:
        yield Diagnosis("broker", Grade.WARN, "Redis does not tell its eviction policy", "make sure it is noeviction")
        return
    finally:
        client.close()
    yield Diagnosis("broker", Grade.OK, "Redis answers")
    if policy != "noeviction":
        yield Diagnosis(
            "broker",
            Grade.FAIL,
            f"Redis evicts keys ({policy}): queued work may vanish",
            "set maxmemory-policy noeviction",
        )
