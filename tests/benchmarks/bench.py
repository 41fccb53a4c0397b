"""What the measures work with: databases and programs, each started once."""

from dataclasses import dataclass, field

from tests.benchmarks.data import Databases
from tests.benchmarks.settings import Settings
from tests.benchmarks.sites import Site
from tests.benchmarks.views import Truth


@dataclass
class Bench:
    """One run."""

    settings: Settings
    databases: Databases
    _sites: dict[tuple, Site] = field(default_factory=dict)
    _copies: list[tuple[str, str]] = field(default_factory=list)

    @property
    def largest(self) -> int:
        """The largest scale of this run: 1,000,000, unless somebody narrowed it down."""
        return self.settings.scales[-1]

    @property
    def smallest(self) -> int:
        """The smallest: 10,000."""
        return self.settings.scales[0]

    def site(self, name: str, kind: str, scale: int) -> Site:
        """A program over a database that everybody reads."""
        key = (name, kind, scale)
        if key not in self._sites:
            url = self.databases.url(kind, scale)
            self._sites[key] = Site(name, kind, scale, url, self.databases, Truth(url))
        return self._sites[key]

    def apart(self, name: str, kind: str, scale: int, copy: str) -> Site:
        """A program over a copy of its own, to which it may write."""
        url = self.databases.copy(kind, scale, copy)
        self._copies.append((kind, copy))
        made = Site(name, kind, scale, url, self.databases, Truth(url))
        self._sites[name, kind, scale, copy] = made
        return made

    def beside(self, name: str, site: Site) -> Site:
        """A further program over the copy of another."""
        made = Site(name, site.kind, site.scale, site.url, self.databases, Truth(site.url))
        self._sites[name, site.url] = made
        return made

    def rest(self) -> None:
        """End the processes of a measure, and remove the copies that it made."""
        for site in self._sites.values():
            site.close()
        self._sites.clear()
        while self._copies:
            self.databases.drop(*self._copies.pop())
