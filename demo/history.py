"""Carries out the plans, hour by hour and by the domain itself: every state has come
about as it would in an office, with its progress, its batches and its journal."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo import phrases
from demo.drafts import Writer
from demo.faults import Fault, found
from demo.plans import Act
from models.acts import carry_out, lock, open_step, save_marks
from models.attachment import Attachment
from models.base import new_uid
from models.bulk import open_batch, send
from models.codes import CodeBook
from models.filing import touch
from models.journal import note
from models.permissions import Actor
from models.sections import BY_KEY, SECTIONS
from models.workflow import Action, Decision, Mark


@dataclass
class Story:
    """One declaration with what is still to come of it; ``chain`` are ids of offices."""

    declaration_id: int
    notice_id: int
    applicant: Actor
    chain: tuple[int, ...]
    acts: list[Act]
    moments: list[datetime]
    sections: set[str]
    proofs: set[tuple[str, str]]
    rng: Random
    done: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def next(self) -> Act | None:
        """What comes next, None at the end."""
        return self.acts[self.done] if self.done < len(self.acts) else None

    @property
    def desk(self) -> tuple[int, int]:
        """Office and notice of what comes next."""
        return self.chain[self.next.position], self.notice_id


RIGHT = {section.key: Mark(wrong=False) for section in SECTIONS}


class History:
    """Plays all stories together, since declarations are sent in batches."""

    def __init__(
        self,
        session: Session,
        codes: CodeBook,
        writer: Writer,
        agents: dict[int, list[Actor]],
    ):
        self.session, self.codes, self.writer, self.agents = session, codes, writer, agents
        self._vetted: dict[tuple[int, int], list[Story]] = defaultdict(list)
        self._queue: list[tuple[datetime, int, int, Story]] = []

    def play(self, stories: list[Story]) -> int:
        """Carry all of them out in the order of time; how many acts there were."""
        for story in stories:
            self._expect(story)
        played = 0
        while self._queue:
            moment, _id, turn, story = heapq.heappop(self._queue)
            if turn != story.done:  # it was sent with others before its time
                continue
            played += 1
            if story.next.verb == "send":
                self._send(story, moment)
            else:
                self._act(story, story.next, moment)
                self._advance(story)
            self.session.flush()
            self.session.expunge_all()
        return played

    def _expect(self, story: Story) -> None:
        if story.next:
            moment = story.moments[story.done]
            heapq.heappush(self._queue, (moment, story.declaration_id, story.done, story))

    def _advance(self, story: Story) -> None:
        story.done += 1
        if story.next and story.next.verb == "send":
            self._vetted[story.desk].append(story)
        self._expect(story)

    def _agent(self, story: Story, act: Act) -> Actor:
        return story.rng.choice(self.agents[story.chain[act.position]])

    def _act(self, story: Story, act: Act, at: datetime) -> None:
        if act.verb in ("submit", "withdraw", "mend"):
            getattr(self, f"_{act.verb}")(story, at)
            return
        agent = self._agent(story, act)
        if act.verb == "open":
            open_step(self.session, story.declaration_id, agent, at)
        elif act.verb == "judge":
            begun = dict(list(RIGHT.items())[: story.rng.randint(3, 12)])
            decision = Decision(Action.APPROVE, marks=begun)
            save_marks(self.session, decision, story.declaration_id, agent, at)
        else:
            self._carry_out(story, self._decision(story, act), agent, at)

    def _carry_out(self, story: Story, decision: Decision, actor: Actor, at: datetime) -> None:
        carry_out(self.session, self.codes, decision, story.declaration_id, actor, at)

    def _decision(self, story: Story, act: Act) -> Decision:
        """What an agent asks for."""
        say = story.rng.choice
        if act.verb == "approve":
            return Decision(Action.APPROVE, say(phrases.APPROVALS), RIGHT)
        if act.verb == "pass":
            return Decision(Action.PASS, say(phrases.PASSES), RIGHT)
        if act.verb == "reopen":
            return Decision(Action.REOPEN)
        if act.verb == "terminate":
            return Decision(Action.TERMINATE, say(phrases.TERMINATIONS))
        if act.verb == "return":
            story.faults = found(story.rng, story.sections, story.proofs)
            notes = [fault.note for fault in story.faults]
            wrong = {fault.section: Mark(True, fault.note) for fault in story.faults}
            return Decision(Action.RETURN, phrases.returning(story.rng, notes), {**RIGHT, **wrong})
        target = act.position if act.verb == "back" else 1
        return Decision(Action.HAND_BACK, say(phrases.HAND_BACKS), target=target)

    def _submit(self, story: Story, at: datetime) -> None:
        self._mend(story, at)
        self._carry_out(story, Decision(Action.SUBMIT, pledged=True), story.applicant, at)

    def _withdraw(self, story: Story, at: datetime) -> None:
        self._carry_out(story, Decision(Action.WITHDRAW), story.applicant, at)

    def _mend(self, story: Story, at: datetime) -> None:
        """Put right what was found wrong, if it was not yet."""
        if not story.faults:
            return
        declaration = lock(self.session, story.declaration_id, story.applicant)
        for fault in story.faults:
            if fault.mend:
                record = BY_KEY[fault.section].records(declaration)[0]
                fault.mend(record)
                record.updated_at, record.updated_by = at, story.applicant.name
                note(self.session, story.applicant.username, "edit", fault.section, record.id)
            if fault.proof:
                self._replace(story, fault, at)
        touch(declaration, story.applicant, at)
        self.session.flush()
        story.faults = []

    def _replace(self, story: Story, fault: Fault, at: datetime) -> None:
        old = self.session.scalars(
            select(Attachment)
            .where(
                Attachment.declaration_id == story.declaration_id,
                Attachment.section == fault.section,
                Attachment.proof == fault.proof,
                Attachment.removed_at.is_(None),
            )
            .order_by(Attachment.id)
            .limit(1)
        ).one()
        self.writer.replace(old, story.applicant, at, story.rng)

    def _send(self, story: Story, at: datetime) -> None:
        """Send all that lies ready at this desk, with one report."""
        together = self._vetted.pop(story.desk)
        agent = self._agent(story, story.next)
        batch = self.report(story.notice_id, agent, at, story.rng)
        ids = [one.declaration_id for one in together]
        send(self.session, batch, ids, agent, at)
        for one in together:
            self._advance(one)

    def report(self, notice_id: int, agent: Actor, at: datetime, rng: Random) -> str:
        """Upload the report of the next batch of an office; the batch's uid."""
        batch = open_batch(self.session, notice_id, agent, at)
        file = self.writer.pool.attachment("U01", rng, at, agent.username, batch_id=batch.id)
        file.uid = new_uid()
        self.session.add(file)
        note(self.session, agent.username, "upload", "attachment", file.uid, name=file.name)
        self.session.flush()
        return batch.uid
