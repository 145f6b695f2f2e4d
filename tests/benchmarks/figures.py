"""What was measured of one bot in one scenario."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Times are in seconds; several rounds of the same add up."""

    latencies: tuple[float, ...] = ()
    """Of each turn that counts: from the question to the HTTP answer and the reply, whichever came last."""
    failed: int = 0
    took: float = 0.0
    cpu: float = 0.0
    """Of the bot's process, threads included."""
    stall: float = 0.0
    """The longest time for which the bot's event loop did nothing else."""
    logins: int = 0
    """Requests to the token endpoint."""
    teams_cpu: float = 0.0
    """Of the process that plays Teams and the people; near `took`, it is what limits the turns."""

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            latencies=self.latencies + other.latencies,
            failed=self.failed + other.failed,
            took=self.took + other.took,
            cpu=self.cpu + other.cpu,
            stall=max(self.stall, other.stall),
            logins=self.logins + other.logins,
            teams_cpu=self.teams_cpu + other.teams_cpu,
        )

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.latencies) / self.took

    @property
    def cpu_per_turn(self) -> float:
        """CPU seconds a turn."""
        return self.cpu / len(self.latencies) if self.latencies else float("nan")

    def percentile(self, share: float) -> float:
        """The latency that this share of the turns did not exceed (nearest rank)."""
        if not self.latencies:
            return float("nan")
        ranked = sorted(self.latencies)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)]
