"""原因: why somebody is refused, or why an administrator did something to him."""

from models.words import BadInput, _

REASON = 200
"""Characters of a reason at most."""


def checked_reason(reason: str, missing: str) -> str:
    """The reason without the blanks around it; BadInput if it is too long, or if there is none:
    then ``missing`` is what is said."""
    reason = reason.strip()
    if not reason:
        raise BadInput(missing)
    if len(reason) > REASON:
        over = {"limit": REASON, "length": len(reason)}
        raise BadInput(_("原因最多 %(limit)s 字，现在是 %(length)s 字。"), **over)
    return reason
