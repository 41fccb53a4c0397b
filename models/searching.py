"""People found by the characters of their names, by an index of each database."""

from sqlalchemy import DDL, ColumnElement, Select, event, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate

from models.names import LONGEST_NAME
from models.people import Person


def named(words: str) -> Select:
    """The ids of the persons whose name holds ``words``.

    Names have two to four characters, too few for an index of trigrams, so single ones are
    indexed: a GIN index on PostgreSQL, a full-text table on SQLite. Latin letters are found
    in either case.
    """
    found = select(Person.id).where(Person.name.icontains(words, autoescape=True))
    letters = [sign for sign in words if sign.isalnum()]
    if not letters:  # a sign alone is no word to a full-text table: both look through all
        return found
    phrase = f'"{" ".join(letters)}"'
    return found.where(_has_characters(Person.id, Person.name, literal(words), literal(phrase)))


def called(person: ColumnElement[int], name: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Rows of a person whose name holds ``words``, where the row has the name as well.

    In an office of few rows their own index tells sooner than all people of a province. A
    planner takes the two conditions for twice as rare as one, which is wrong and does no harm
    where it is rare anyway: not of a single character.
    """
    found = person.in_(named(words))
    return found & name.icontains(words, autoescape=True) if len(words) > 1 else found


def seeks_few(query: Select) -> bool:
    """Whether it asks for a name of two characters or more, which few people share."""
    conditions = query.whereclause
    asked = iterate(conditions) if conditions is not None else ()
    return any(isinstance(part, _has_characters) and len(part.words) > 1 for part in asked)


class _has_characters(FunctionElement):  # noqa: N801 - a function of SQL
    """Whether a name has all these characters, by the index of the database.

    It has no type: SQLite, which knows no booleans, would compare one with 1 and not see
    that the index answers it.
    """

    inherit_cache = True

    @property
    def words(self) -> str:
        """What is asked for."""
        return list(self.clauses)[2].value


@compiles(_has_characters, "postgresql")
def _in_the_array(element, compiler, **kw) -> str:
    _id, name, words, _phrase = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"string_to_array(lower({name}), NULL) @> string_to_array(lower({words}), NULL)"


@compiles(_has_characters, "sqlite")
def _in_the_table(element, compiler, **kw) -> str:
    id_, _name, _words, phrase = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{id_} IN (SELECT rowid FROM person_name WHERE person_name MATCH {phrase})"


SPACED = " || ' ' || ".join(f"substr(new.name, {n}, 1)" for n in range(1, LONGEST_NAME + 1))
"""The name with a blank between its characters: each of them is a word to the index."""

FOR_SQLITE = (
    "CREATE VIRTUAL TABLE person_name USING fts5(name, tokenize = 'unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER person_name_insert AFTER INSERT ON person BEGIN "
    f"INSERT INTO person_name (rowid, name) VALUES (new.id, {SPACED}); END",
    f"CREATE TRIGGER person_name_update AFTER UPDATE OF name ON person BEGIN "
    f"UPDATE person_name SET name = {SPACED} WHERE rowid = new.id; END",
    "CREATE TRIGGER person_name_delete AFTER DELETE ON person BEGIN "
    "DELETE FROM person_name WHERE rowid = old.id; END",
)
FOR_POSTGRESQL = (
    "CREATE INDEX ix_person_characters ON person USING gin (string_to_array(lower(name), NULL))"
    " WITH (fastupdate = off)",
)
for dialect, statements in (("sqlite", FOR_SQLITE), ("postgresql", FOR_POSTGRESQL)):
    for statement in statements:
        event.listen(Person.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))
