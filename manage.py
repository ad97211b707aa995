#!/usr/bin/env python
"""Django's commands. With DATABASE_URL unset they use the embedded PostgreSQL, which is started when it is
down and left running for the next one; `make stop` stops it.
"""

import os
import sys

import environ
from django.core.management import execute_from_command_line

from leadping.embedded_postgres import DEV, EmbeddedPostgresError
from leadping.run import dotenv

# They ask the database nothing, or start it themselves, as `run` does.
WITHOUT_DATABASE = {"run", "help", "-h", "--help", "version", "--version", "check", "collectstatic"}
WITHOUT_DATABASE |= {"spectacular", "trustedform_sandbox"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadping.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "run":
        dotenv.write_when_missing(dotenv.PATH)
    environ.Env.read_env(dotenv.PATH)
    if command not in WITHOUT_DATABASE and "DATABASE_URL" not in os.environ:
        start_database()
    execute_from_command_line(sys.argv)


def start_database() -> None:
    try:
        DEV.start()
    except EmbeddedPostgresError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
