"""Structured logs: one JSON object a line on standard error, never a grant, key, password or name.

Tracebacks are plain: with the values of variables they would hold what a publisher or a viewer has sent.
"""

import sys

import structlog


def configure() -> None:
    """For this process; each process of the origin calls it."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
