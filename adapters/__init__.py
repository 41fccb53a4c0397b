"""What talks to the world outside, each behind one small class or function.

Uploaded files (上传附件), in the order in which they travel:

``inspection``  what a file claims to be, its name made harmless, and ``Refused``
``store``       ``FileStore``: random names, whole or absent, also after a power cut
``sandbox``     ``examine`` and ``render_page``: hands a file to a limited child process
``render``      the child: the only process that opens what a stranger has sent
``picture``, ``pdf``, ``word``, ``pages``    what the child does with it

A screen receives a file, has it examined in its own folder, and keeps or discards it::

    received = store.receive(stream, rule.limit_bytes, filename)
    try:
        examined = examine(received.path, filename, rule.extensions, received.folder)
        token = store.keep(received)       # the row with this token is committed after this
    except BaseException:
        store.discard(received)
        raise

A file whose row was never committed is found by ``FileStore.sweep``. The web process
itself never imports ``render`` nor what it needs: a reader that falls over a file takes
nobody else with it.
"""
