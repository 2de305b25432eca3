"""The same work by many at once, each with a connection of its own."""

import threading

from django.db import connection


def at_once(times, work):
    """Run `work` in this many threads that start together; return what went wrong."""
    start, wrong = threading.Barrier(times), []

    def run():
        try:
            start.wait()
            work()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
