"""The declaration and review of professional titles, as the manuals tell it.

A *person* (申报人) is *bound* to one *office* (推荐单位) and answers a *notice* (申报通知)
with a *declaration* (申报): *records* in sixteen *sections* (栏目) and *attachments* (附件).
Submitting it freezes a *submission*; a chain of *steps*, one an office, judges it
section by section (*verdicts*) and sends it on in *batches* (批量送审), back to the
applicant (退回), or ends it. Every change leaves a line of *progress* for people and
a line in the *journal* for auditors.

Nothing here knows of Flask, of forms or of screens. Read it from ``people`` to
``workflow``: that is the order of the manual.
"""
