"""姓名: what can be the name of a person (domain 05)."""

import re

from models.words import Sentence, _, say

LONGEST_NAME = 50
SHORTEST_NAME = 2

NAME = re.compile(r"[^\W\d_]+(?:[·' -][^\W\d_]+)*")
"""Letters of any script, rare characters among them, with a sign between them."""


def name_objection(name: str) -> Sentence | None:
    """Why nobody can be called so."""
    if len(name) > LONGEST_NAME:
        over = {"limit": LONGEST_NAME, "length": len(name)}
        return say(_("姓名最多 %(limit)s 字，现在是 %(length)s 字。"), **over)
    if len(name) < SHORTEST_NAME or not NAME.fullmatch(name):
        return say(_("姓名应为 2 至 50 个文字，中间可有“·”、空格、“-”或“'”，请照身份证填写。"))
    return None
