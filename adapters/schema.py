"""The schema and what must stand in it before anybody logs in: migrations, code tables."""

from pathlib import Path

import pandas
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from adapters.database import look_around
from models.codes import Code

ROOT = Path(__file__).resolve().parent.parent
CODES = ROOT / "fixtures" / "codes"


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    look_around(engine)


def load_codes(session: Session, folder: Path = CODES) -> int:
    """Make the code tables what the files say; the number of codes."""
    rows = [row for path in sorted(folder.glob("*.csv")) for row in _rows(path)]
    session.execute(delete(Code))
    session.execute(insert(Code), rows)
    return len(rows)


def _rows(path: Path) -> list[dict]:
    """The rows of one table, all of them text: codes begin with noughts."""
    table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    plain = ["code", "name_zh", "name_en"]
    extra = table.drop(columns=plain).to_dict("records")
    return [
        {"table": path.stem, "code": code, "place": place, "name": name, "extra": more}
        for place, (code, name, more) in enumerate(
            zip(table["code"], table["name_zh"], extra, strict=True)
        )
    ]
