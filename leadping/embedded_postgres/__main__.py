"""python -m leadping.embedded_postgres start|stop|status|url [--name dev] [--database leadping]"""

import argparse
import sys

from leadping.embedded_postgres import BENCH, DEV, TEST, Cluster, EmbeddedPostgresError

CLUSTERS = {cluster.name: cluster for cluster in (DEV, TEST, BENCH)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m leadping.embedded_postgres", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "url"])
    parser.add_argument("--name", choices=CLUSTERS, default=DEV.name)
    parser.add_argument("--database", default="leadping")
    arguments = parser.parse_args()
    try:
        act(arguments.action, CLUSTERS[arguments.name], arguments.database)
    except EmbeddedPostgresError as error:
        sys.exit(str(error))


def act(action: str, cluster: Cluster, database: str) -> None:
    if action == "start":
        cluster.start()
        cluster.ensure_database(database)
    elif action == "stop":
        cluster.stop()
    elif action == "status":
        report(cluster)
    else:
        sys.stdout.write(cluster.url(database) + "\n")


def report(cluster: Cluster) -> None:
    pid = cluster.server_pid()
    if pid is None:
        sys.exit(f"The server {cluster.name} is not running.")
    sys.stdout.write(f"The server {cluster.name} is running, process {pid}.\n")


if __name__ == "__main__":
    main()
