"""The cost of a call: processor time of this process and of the database's, and wall time."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHORTEST = 0.2  # seconds of calls in one run; clocks are coarse
# Pages are compared as a portal that has run a while answers: after ten times of the same statement
# its connection and the server have settled on a plan.
WARM = 11


@dataclass(frozen=True)
class Cost:
    """Seconds of one call."""

    cpu: float
    wall: float


class Clock:
    """Counts the database's processes too where Linux tells what they used."""

    def __init__(self, postgres_data: Path):
        pid = (postgres_data / "postmaster.pid").read_text().split()[0]
        self.children = Path(f"/proc/{pid}/task/{pid}/children")
        self.counts_database = self.children.exists()

    def cpu(self) -> float:
        return time.process_time() + self._database()

    def _database(self) -> float:
        if not self.counts_database:
            return 0.0
        return sum(map(_used, self.children.read_text().split()))

    def cost(self, call: Callable) -> Cost:
        """One run: the call again and again until the clocks can tell, then the mean."""
        times, cpu, wall = 0, self.cpu(), time.perf_counter()
        while not times or time.perf_counter() - wall < SHORTEST:
            call()
            times += 1
        return Cost((self.cpu() - cpu) / times, (time.perf_counter() - wall) / times)

    def medians(self, runs: int, **calls: Callable) -> dict[str, Cost]:
        """Each call by turns, so that a slow minute of the machine hits all of them."""
        for call in [*calls.values()] * WARM:
            call()
        taken = {name: [] for name in calls}
        for _run in range(runs):
            for name, call in calls.items():
                taken[name].append(self.cost(call))
        return {name: _median(costs) for name, costs in taken.items()}


def _median(costs):
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
    )


def _used(pid: str) -> float:
    """Seconds a process has run; none once it is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):
        return 0.0
