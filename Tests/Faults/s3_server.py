"""Serves moto's S3 on the loopback, one request at a time.

    s3_server.py PORT

moto looks at a conditional write's condition and writes in two steps, in a thread for each request:
of two broker threads that write one object with the same `If-Match`, both may win. The broker builds
on it that one loses: its producers' sequence numbers and its high watermarks went back.
"""

import io
import logging
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


def one_at_a_time(app):
    turn = threading.Lock()

    def serve(environ, start_response):
        # Read first: a broker that is frozen while it sends mustn't hold up the others.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with turn:
            return list(app(environ, start_response))

    return serve


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
