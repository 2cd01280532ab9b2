"""The product's settings under a fixed environment, so that no test depends on a developer's .env.

ASPOKTATAS_DATABASE_URL is kept where given: the whole suite runs on PostgreSQL too.
"""

import atexit
import os
import shutil
import tempfile

# Memory where the machine offers it as a folder: what becomes of these tables when a machine dies is not asked
_memory = "/dev/shm"
_has_room = os.access(_memory, os.W_OK) and shutil.disk_usage(_memory).free > 2**29
_folder = tempfile.mkdtemp(prefix="aspoktatas-tests-", dir=_memory if _has_room else None)
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_database = os.environ.get("ASPOKTATAS_DATABASE_URL", f"sqlite:///{_folder}/unused.sqlite3")
for _name in [name for name in os.environ if name.startswith("ASPOKTATAS_")]:
    del os.environ[_name]
os.environ["ASPOKTATAS_DATABASE_URL"] = _database
os.environ["ASPOKTATAS_SECRET_KEY"] = "not-a-secret-only-for-tests"
os.environ["ASPOKTATAS_HOSTS"] = "testserver,localhost,127.0.0.1"
_here = os.getcwd()  # noqa: PTH109
os.chdir(tempfile.gettempdir())  # a .env of the developer's must not be read
from config.settings import *  # noqa: E402, F403

os.chdir(_here)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file with WAL, as in production: Django's in-memory test database is shared by threads and knows no waiting.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/tests.sqlite3"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
