"""A real Dovecot with its own configuration, users and mail folder."""

from __future__ import annotations

import grp
import imaplib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.servers.processes import free_port, server_process

PASSWORD = "titkos:jelszó/helyett@"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
log_path = {home}/dovecot.log
state_dir = {run}
ssl = {ssl}
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:{home}/mail/%u
mail_fsync = {fsync}
mail_max_userip_connections = 100
auth_mechanisms = {mechanisms}
auth_username_chars =
{passdb}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  {folders}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
protocol imap {{
  imap_capability = {capability}
}}
"""


STATIC = """passdb {{
  driver = static
  args = password={password}
}}"""
OAUTH2 = """passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}"""
OAUTH2_CONFIG = """tokeninfo_url = http://127.0.0.1:{port}/tokeninfo?access_token=
username_attribute = email
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server; every user name is known and has the same password."""

    port: int
    tls_port: int
    home: Path
    password: str = PASSWORD

    def url(self, user: str = "asp", folder: str = "INBOX") -> str:
        """The ASPOKTATAS_IMAP_URL of this mailbox."""
        return f"imap://{quote(user, safe='')}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{quote(folder)}"

    def client(self, user: str = "asp") -> imaplib.IMAP4:
        """Another mail client, logged in, with INBOX selected: what a colleague's program would do."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=30)
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{self.password}".encode())
        client.select("INBOX")
        return client

    def deliver(self, user: str, *raws: bytes) -> None:
        """Put mails into the user's INBOX, as a delivery would."""
        client = self.client(user)
        for raw in raws:
            answer, _ = client.append("INBOX", "", "", raw)
            assert answer == "OK"
        client.logout()


@contextmanager
def run_dovecot(
    home: Path,
    *,
    capability: str = "",
    separator: str = "/",
    prefix: str = "",
    certify: Callable[[Path], None] | None = None,
    folders: str = "",
    token_inspection_port: int = 0,
    password: str = PASSWORD,
    fsync: str = "optimized",
) -> Iterator[Dovecot]:
    """A server in `home` (its path must be short: sockets live there); `capability` replaces what it announces.

    `certify` writes its cert.pem and key.pem into `home`; without it they are self-signed. `folders` is configuration.
    `fsync`="never" does not wait for the disk, for whoever does not measure it.
    With `token_inspection_port` it takes XOAUTH2 tokens that the issuer there calls good, and nothing else.
    """
    home.chmod(0o755)
    port, tls_port = free_port(), free_port()
    root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if root else me
    mail = home / "mail"
    mail.mkdir()
    if root:
        os.chown(mail, owner.pw_uid, owner.pw_gid)
    (certify or make_certificate)(home)
    if token_inspection_port:
        (home / "oauth2.conf").write_text(OAUTH2_CONFIG.format(port=token_inspection_port), "ascii")
    config = CONFIG.format(
        mechanisms="xoauth2" if token_inspection_port else "plain login",
        passdb=(OAUTH2 if token_inspection_port else STATIC).format(home=home, password=password),
        home=home, run=home / "run", ssl="yes", port=port, tls_port=tls_port, uid=owner.pw_uid, gid=owner.pw_gid,
        internal="dovecot" if root else me.pw_name, login="dovenull" if root else me.pw_name,
        group="dovecot" if root else _group(me), chroot="" if root else "chroot =",
        fsync=fsync, capability=capability, separator=separator, prefix=prefix,
        folders=folders,
    )  # fmt: skip
    (home / "dovecot.conf").write_text(config, "utf-8")
    binary = shutil.which("dovecot") or "/usr/sbin/dovecot"
    with server_process([binary, "-F", "-c", str(home / "dovecot.conf")], port=port, log=home / "start.log"):
        yield Dovecot(port, tls_port, home, password)


def make_certificate(home: Path) -> None:
    """A self-signed certificate for localhost and 127.0.0.1: cert.pem and key.pem in `home`."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def _group(user: pwd.struct_passwd) -> str:
    return grp.getgrgid(user.pw_gid).gr_name


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for the whole session; take a user of your own from `mailbox_user`."""
    with short_folder() as home, run_dovecot(home, fsync="never") as server:
        yield server


@contextmanager
def short_folder() -> Iterator[Path]:
    """A temporary folder whose path fits into a Unix socket's name and which every user may enter."""
    with tempfile.TemporaryDirectory(prefix="dc", dir="/tmp", ignore_cleanup_errors=True) as home:
        yield Path(home)


_numbers = itertools.count(1)


@pytest.fixture
def mailbox_user() -> str:
    """The name of a user whose mailbox no other test touches."""
    return f"user{next(_numbers)}"
