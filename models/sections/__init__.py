"""The sections of a declaration: one file each, found by themselves.

Each module here defines ``SECTION``; they stand in the order of the manual.
"""

from importlib import import_module
from pkgutil import iter_modules

from models.section import Section

SECTIONS: tuple[Section, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{module.name}").SECTION for module in iter_modules(__path__)),
        key=lambda section: section.order,
    )
)

for _what in ("order", "key", "code"):
    if len({getattr(section, _what) for section in SECTIONS}) < len(SECTIONS):
        raise ValueError(f"two sections have one {_what}")

BY_KEY: dict[str, Section] = {section.key: section for section in SECTIONS}
