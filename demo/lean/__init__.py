"""A large province for measuring: the same offices and words, but rows instead of deeds.

What ``demo.filling`` lets the domain do, one act after the other, is written down here as it
would stand afterwards: by the million in minutes. There are no files, verdicts only where an
applicant has to correct something, and a frozen submission that says nothing.

``scale``     how many of everything
``moments``   office hours as whole numbers, so that many moments can be reckoned with
``offices``   the offices of ``demo.province``, and as many units below them as are wanted
``notices``   ten years of notices
``people``    persons with accounts, bound to units, and the staff of the offices
``records``   papers, posts and studies, drawn once and dealt out many times
``batches``   what was sent up together
``fates``     how each declaration stands: states, offices and moments that agree
``answers``   the rows of declarations and of all that hangs on them
``filling``   all of it, in one transaction
"""
