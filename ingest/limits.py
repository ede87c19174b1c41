"""How much of the machine one conversion may use."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one conversion.

    `memory_bytes` is address space (RLIMIT_AS; not enforced on macOS), `cpu_seconds` processor time,
    `wall_seconds` elapsed time from hand-over to answer, `output_chars` code points of text.
    """

    input_bytes: int = 100 * MIB
    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 120
    wall_seconds: int = 300
    output_chars: int = 20_000_000
    unpacked_bytes: int = 512 * MIB
