"""A believable province, filled in for demonstrations, for tests and for measuring.

Everybody in it is invented; only places, offices of the state and universities are real.
What is made comes from one seed, so the same seed makes the same people, numbers and states.

What things are is kept apart from how they get into a database. Read it in this order:

``numbers``, ``names``, ``trades``   numbers with their check digits, and words
``calendar``, ``notices``            office hours, and the windows of the notices
``province``                         the offices, in chains of three to five
``people``, ``records``              who declares, and what he fills in: plain rows
``plans``                            what becomes of each declaration: a few words each
``fonts``, ``drawing``, ``evidence`` the files, drawn here and examined like any upload
``cast``, ``drafts``, ``faults``     the rows are written: offices, accounts, drafts
``history``                          every transition, made by the domain itself
``filling``                          all of it, in one transaction
``lean``, ``bulkload``               a million declarations for measuring, written as rows
"""
