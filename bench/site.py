"""The whole portal as a web server calls it: every middleware, no network."""

from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import User


class Site:
    """Pages of the demo, opened by its people."""

    def __init__(self):
        self.application = get_wsgi_application()
        self.sessions = {"guest": ""}

    def person(self, name):
        return User.objects.get(email=f"{name}@demo.example")

    def get(self, address, name="guest", status=200):
        """The headers and the body of a page; another status stops the run."""
        answered = []
        environ = self._environ(address, name)
        chunks = self.application(environ, lambda *answer: answered.append(answer))
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        line, headers = answered[0][:2]
        if not line.startswith(str(status)):
            raise SystemExit(f"{address} for {name}: {line}, not {status}")
        return dict(headers), body

    def queries(self, address, name):
        """How many SQL statements a page needs, the session and the person included."""
        self.get(address, name)
        with CaptureQueriesContext(connection) as captured:
            self.get(address, name)
        return len(captured)

    def _environ(self, address, name):
        path, _mark, query = address.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
        environ |= {"HTTP_ACCEPT_ENCODING": "gzip, br", "REMOTE_ADDR": "127.0.0.1"}
        environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={self._session(name)}"
        setup_testing_defaults(environ)
        return environ

    def _session(self, name):
        if name not in self.sessions:
            client = Client()
            client.force_login(self.person(name))
            self.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[name]
