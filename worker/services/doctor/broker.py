"""The broker: in this process, or a Redis that takes what it is given and never evicts it."""

from __future__ import annotations

from collections.abc import Iterator

import redis

from worker.services.doctor.diagnosis import Diagnosis, Grade


def examine_broker(url: str) -> Iterator[Diagnosis]:
    """Ping Redis, write a key that is gone in a moment, and read the eviction policy."""
    if url.startswith("memory://"):
        yield Diagnosis("broker", Grade.OK, "inside the one process")
        return
    client = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=10)
    try:
        client.ping()
        yield _try_writing(client)
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
    if policy != "noeviction":
        yield Diagnosis(
            "broker",
            Grade.FAIL,
            f"Redis evicts keys ({policy}): queued work may vanish",
            "set maxmemory-policy noeviction",
        )


def _try_writing(client: redis.Redis) -> Diagnosis:
    """It answers a ping and takes no message where it is full, a replica, or cannot save to its disk."""
    try:
        client.set("aspoktatas:doctor", "", px=1)
    except redis.ResponseError as error:
        said = f"Redis takes no messages: {str(error)[:100]}"
        return Diagnosis("broker", Grade.FAIL, said, "give it memory and disk, or name the one that may be written")
    return Diagnosis("broker", Grade.OK, "Redis answers")
