"""Where the portal's servers are: paths and addresses only, nothing is started here."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

DATABASE_NAME = DATABASE_USER = "portal"
PORT = 5432  # names the socket; nothing listens on TCP


@dataclass(frozen=True)
class RedisUrls:
    """Two databases of one server: the queue and what may be forgotten."""

    broker: str
    cache: str


@dataclass(frozen=True)
class Places:
    """The files of the embedded servers of one checkout."""

    local: Path

    @property
    def sockets(self) -> Path:
        """A short path of this checkout's own: a socket's name has room for 107 bytes."""
        digest = hashlib.sha256(os.fsencode(self.local.resolve())).hexdigest()[:12]
        return Path("/tmp", f"portal-{os.getuid()}-{digest}")  # noqa: S108 - 0700, owner checked

    @property
    def postgres_data(self) -> Path:
        return self.local / "postgres"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def owner_lock(self) -> Path:
        return self.local / "servers.lock"

    def log(self, name: str) -> Path:
        return self.local / "log" / f"{name}.log"


def require(env, *names: str) -> None:
    """Stop the start of a production that leaves out, or leaves empty, what it must name."""
    missing = [name for name in names if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(f"Set {', '.join(missing)}; .env.example says how.")


def local_secret(local_dir: Path) -> str:
    """The secret key of a machine that serves itself, made once and kept beside its data."""
    path = Path(local_dir) / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # whoever is first wins, nobody reads half a key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def database(url: str, local_dir: Path) -> dict:
    """Django's connection settings of the named server, else of the embedded one."""
    if not url:
        host, port = str(Places(Path(local_dir)).sockets), PORT
        return _postgres(NAME=DATABASE_NAME, USER=DATABASE_USER, HOST=host, PORT=port)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL names {parts.scheme or 'nothing'}, not postgresql://")
    return _postgres(
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=dict(parse_qsl(parts.query)).get("host", unquote(parts.hostname or "")),
        PORT=parts.port or "",
    )


def _postgres(**settings) -> dict:
    return {"ENGINE": "django.db.backends.postgresql", **settings}


def redis_urls(url: str, local_dir: Path) -> RedisUrls:
    """Broker and cache on the named server, else on the embedded one."""
    if not url:
        socket = Places(Path(local_dir)).valkey_socket
        return RedisUrls(
            broker=f"redis+socket://{socket}?virtual_host=0", cache=f"unix://{socket}?db=1"
        )
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"}:
        raise ValueError(f"REDIS_URL names {parts.scheme or 'nothing'}, not redis://")
    return RedisUrls(
        broker=urlunsplit(parts._replace(path="/0")), cache=urlunsplit(parts._replace(path="/1"))
    )
