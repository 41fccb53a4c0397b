"""The server of `make run`: two processes of four threads, for two cores."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
wsgi_app = "app:create_app()"

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
keepalive = 15  # seconds: a person reads a page and goes on over the same connection

# Each worker makes its own application: database connections must not cross a fork.
preload_app = False

timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 30  # seconds in which a request may still end when the server stops

# The heartbeat is a file that is touched each second; a slow disk must not kill a worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# Otherwise a socket for remote control is made in the user's home, which may be read-only.
control_socket_disable = True

errorlog = "-"
loglevel = "warning"


def when_ready(server):
    """Says where the program is to be found, once it can be reached."""
    addresses = " ".join(str(listener) for listener in server.LISTENERS)
    print(f"\n  Zhiping is up: {addresses}", flush=True)
    print("  Accounts of the demonstration: fixtures/demo_accounts.csv", flush=True)
    print("  Ctrl+C stops it.\n", flush=True)


def post_worker_init(worker):
    """In a demonstration messages are sent beside the requests; a real deployment runs
    `flask --app app deliver` beside the server."""
    if worker.wsgi.config["DEMO"]:
        worker.wsgi.extensions["deliverer"].start()
