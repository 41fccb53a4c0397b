"""What a page shows of attachments: each kind with its rule, its place and its files."""

from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from adapters.store import too_large
from models.attachment import Attachment, FileRule, file_rule
from models.checking import files_of
from models.declaration import Declaration
from models.section import Case, Proof, Section
from views.words import translate


class FileTile(NamedTuple):
    """One uploaded file."""

    name: str
    url: str
    thumb_url: str
    meta: str
    delete_url: str
    image: bool


class Upload(NamedTuple):
    """One kind of attachment: its rule, where to send it, what is there."""

    key: str
    title: str
    hint: str
    formats: str
    size: str
    limit: int
    too_large: str
    accept: str
    least: int
    most: int
    required: bool
    url: str
    files: list[FileTile]


def tile(file: Attachment, editable: bool) -> FileTile:
    """The tile of a file."""
    kind = file.name.rpartition(".")[2].upper()
    parts = [kind, gettext("%(n)s 页", n=file.pages) if file.pages > 1 else "", size(file.size)]
    return FileTile(
        name=file.name,
        url=url_for("Files.original", uid=file.uid),
        thumb_url=url_for("Files.thumb", uid=file.uid, number=1) if file.pages else "",
        meta=" · ".join(p for p in parts if p),
        delete_url=url_for("Files.delete", uid=file.uid) if editable else "",
        image=file.mime.startswith("image/"),
    )


def size(number: int) -> str:
    """Bytes as people read them."""
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    return f"{number / 1024 / 1024:.1f} MB"


def limit_of(rule: FileRule) -> str:
    """The largest size as the rule is meant: 300 KB, 5 MB."""
    small = rule.megabytes < 1
    return f"{rule.megabytes * 1000:g} KB" if small else f"{rule.megabytes:g} MB"


def too_large_words(rule: FileRule) -> str:
    """What a larger file is refused with; the script puts the file's name for {name}."""
    return translate(too_large("{name}", rule.limit_bytes).sentence)


def upload(proof: Proof, case: Case, record: Any, files: list[Attachment], url: str) -> Upload:
    """One kind of attachment of one owner; ``url`` is empty when nothing may be added."""
    rule = file_rule(case.codes, proof.code)
    needed = proof.needed(rule, record, case)
    return Upload(
        key=proof.code,
        title=rule.title,
        hint=gettext(proof.hint) if proof.hint else "",
        formats="、".join(e.upper() for e in rule.extensions if e != "jpeg"),
        size=gettext("每个不超过 %(size)s", size=limit_of(rule)),
        limit=rule.limit_bytes,
        too_large=too_large_words(rule),
        accept=",".join(f".{e}" for e in rule.extensions),
        least=needed,
        most=rule.at_most,
        required=needed > 0,
        url=url,
        files=[tile(f, bool(url)) for f in files],
    )


def uploads(section: Section, case: Case, record: Any, editable: bool) -> list[Upload]:
    """The attachments of a section page: those of the open record and of the section."""
    made = []
    for proof in section.proofs:
        if proof.of_record and record is None:
            continue
        uid = record.uid if proof.of_record else ""
        url = upload_url(case.declaration, section, proof, uid) if editable else ""
        made.append(upload(proof, case, record, files_of(case, section, proof, uid), url))
    return made


def upload_url(declaration: Declaration, section: Section, proof: Proof, uid: str) -> str:
    """Where a file of this kind is sent."""
    where = {"declaration_id": declaration.id, "section": section.key, "code": proof.code}
    return url_for("Uploads.add", **where, record=uid or None)
