"""数据验证: all that still keeps a declaration from being submitted (manual 3.2.3, 3)."""

from collections import defaultdict
from dataclasses import replace

from models.attachment import Attachment, FileRule, Proof, file_rule
from models.section import FILES, Case, Finding, Problem, Section
from models.sections import SECTIONS
from models.words import _, say


def findings(case: Case) -> list[Finding]:
    """Every finding, section after section in the order of the manual."""
    return [found for section in SECTIONS for found in findings_of(section, case)]


def findings_of(section: Section, case: Case) -> list[Finding]:
    """The findings of one section; none where it is not asked for or declared empty."""
    records = section.records(case.declaration)
    if not section.applies(case):
        if records:
            words = say(_("当前申报类别不需要“%(title)s”，请删除。"), title=section.title)
            return [Finding(section, None, Problem("", words))]
        return []
    none = section.key in {tick.section for tick in case.declaration.declared_none}
    if section.none_word and not records and not none:
        words = say(_("请填写“%(title)s”，没有的请勾选“%(none)s”。"), **_words_of(section))
        return [Finding(section, None, Problem("", words))]
    by_fields = [] if section.shape is FILES else section.findings(case)
    return by_fields + list(missing_files(section, case))


def _words_of(section: Section) -> dict[str, str]:
    return {"title": section.title, "none": section.none_word}


def missing_files(section: Section, case: Case):
    """Yield a finding for each proof that is required and not there in number (R05, R19)."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for file in case.files:
        if file.section == section.key and file.removed_at is None:
            counts[file.proof, file.record_uid] += 1
    records = section.records(case.declaration)
    for proof in section.proofs:
        rule = file_rule(case.codes, proof.code)
        owners = records if proof.of_record else [records[0] if records else None]
        for record in owners:
            uid = record.uid if proof.of_record else ""
            wanted, there = proof.needed(rule, record, case), counts[proof.code, uid]
            if there < wanted:
                yield Finding(section, record if proof.of_record else None, _missing(rule, there))


def _missing(rule: FileRule, there: int) -> Problem:
    words = say(
        _("还没有上传“%(title)s”：至少 %(least)s 个，已传 %(there)s 个。"),
        title=rule.title,
        least=max(1, rule.at_least),
        there=there,
    )
    return Problem("", words)


def errors(case: Case) -> list[Finding]:
    """The findings that hold up the submission.

    After a return only those of the sections that are open again: the others stay as they
    were submitted, and an error that a later rule, date or code table finds there could not
    be mended. The office reads it among the remarks and can return that section too.
    """
    returner = case.declaration.returner
    return [
        found
        for found in findings(case)
        if not found.problem.warning and (returner is None or found.section.key in returner.faulted)
    ]


def files_of(case: Case, section: Section, proof: Proof, uid: str) -> list[Attachment]:
    """The files that are there for one proof of one owner."""
    wanted = (section.key, proof.code, uid)
    return [
        f
        for f in case.files
        if f.removed_at is None and (f.section, f.proof, f.record_uid) == wanted
    ]


def among(case: Case, section: Section, record) -> Case:
    """The case of one record among its siblings."""
    rest = tuple(r for r in section.records(case.declaration) if r.uid != record.uid)
    return replace(case, siblings=rest)
