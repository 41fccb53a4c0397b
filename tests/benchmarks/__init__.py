"""`make bench`: how fast the program is, beside others that show the same rows.

Nothing here is a test: pytest collects none of it, and no test depends on a time. A goal is
a ratio between two things that were measured in turn in the same run.

``settings``   what the environment asks for
``bench``      one run: its databases and programs
``cluster``    a PostgreSQL server whose data stay between the runs
``data``       the databases: 10,000 and 1,000,000 declarations on both kinds
``views``      the pages that are looked at, and the rows that must stand on them
``addresses``  where each of the programs shows them
``worker``     one program in a process of its own, driven over a pipe
``sites``      the driver's end of that pipe
``served``     a program behind gunicorn
``raw``        the tools of the databases: psql and sqlite3
``client``     a keep-alive client that costs little
``timing``     rounds: all in turn, again and again, and the median
``results``    the table, and RESULTS.md
``peers``      ours, Flask-AppBuilder, Flask-Admin, Django admin, a hand-written page, a hello
``measures``   G1 to G20
"""
