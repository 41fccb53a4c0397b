"""The server of the measures: one worker, and nothing that differs between the programs."""

workers = 1
worker_class = "gthread"
keepalive = 15
timeout = 300
control_socket_disable = True
loglevel = "error"
