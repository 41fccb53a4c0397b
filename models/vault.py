"""Identity numbers: encrypted at rest, found by a blind index, shown masked.

AES-256-GCM under a key that lies outside the database. The authenticated data names
table, column and row, so that a sealed number moved to another row does not open.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine
from sqlalchemy.orm import Session

NONCE = 12
"""Bytes of the nonce, as NIST SP 800-38D recommends."""

NUMBER = re.compile(r"\d(?:\s*\d){5}\s*(?:1\s*[89]|2\s*0)(?:\s*\d){9}\s*[\dXx]")
"""What looks like an identity number: a region, a year of birth from 1800 on, nine digits and
a last character (GB 11643). The number of a declaration, as long, has no such year there."""


@dataclass(frozen=True)
class Sealed:
    """A number as the database holds it: ciphertext, blind index (hex), mask."""

    sealed: bytes | None = None
    index: str | None = None
    mask: str | None = None

    def __bool__(self) -> bool:
        return self.sealed is not None


def mask(number: str) -> str:
    """The first six and the last four characters: ``220104********1234``."""
    if len(number) < 11:
        return "*" * len(number)
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def without_numbers(text: str) -> str:
    """The text with every identity number in it masked, written with blanks or without."""
    return NUMBER.sub(lambda found: mask(normalised(found[0])), text)


def normalised(number: str) -> str:
    """Without blanks, x in upper case, so that one number has one index."""
    return "".join(number.split()).upper()


class Vault:
    """Seals and opens numbers.

    ``seal_key`` and ``index_key`` are 32 bytes each, ``name`` (one byte) marks
    the key in the ciphertext, so that a later key can stand beside it.
    """

    def __init__(self, seal_key: bytes, index_key: bytes, name: bytes = b"\x01"):
        if len(seal_key) != 32 or len(index_key) != 32 or len(name) != 1:
            raise ValueError("the vault needs two keys of 32 bytes and a name of one")
        self._aead, self._index_key, self._name = AESGCM(seal_key), index_key, name

    def index(self, number: str) -> str:
        """The blind index of a number: equal numbers, equal index."""
        return hmac.new(self._index_key, normalised(number).encode(), sha256).hexdigest()

    def seal(self, number: str, table: str, column: str, uid: str) -> Sealed:
        """``number`` sealed for one column of the row ``uid``; an empty one stays empty."""
        number = normalised(number)
        if not number:
            return Sealed()
        sealed = self.seal_text(number, table, column, uid)
        return Sealed(sealed, self.index(number), mask(number))

    def open(self, kept: Sealed, table: str, column: str, uid: str) -> str:
        """The number; ValueError if it was sealed for another place or by another key."""
        if not kept or kept.sealed is None:
            return ""
        return self.open_text(kept.sealed, table, column, uid)

    def seal_text(self, text: str, table: str, column: str, uid: str) -> bytes:
        """Any text, letter by letter as it is, sealed for one column of the row ``uid``."""
        nonce = secrets.token_bytes(NONCE)
        place = f"{table}|{column}|{uid}".encode()
        return self._name + nonce + self._aead.encrypt(nonce, text.encode(), place)

    def open_text(self, sealed: bytes, table: str, column: str, uid: str) -> str:
        """The text; ValueError if it was sealed for another place or by another key."""
        place = f"{table}|{column}|{uid}".encode()
        if sealed[:1] != self._name:
            raise ValueError("sealed under a key that is not here")
        try:
            nonce, text = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
            return self._aead.decrypt(nonce, text, place).decode()
        except InvalidTag as error:
            raise ValueError("this number was not sealed for this place") from error

    def serve(self, engine: Engine) -> None:
        """Be the vault of every session over this engine: see ``vault_of``."""
        engine.update_execution_options(vault=self)


def vault_of(session: Session) -> Vault:
    """The vault that seals what this session writes. It goes with the engine and not with
    the session: those of requests, of short transactions aside and of commands differ."""
    return session.get_bind().get_execution_options()["vault"]
