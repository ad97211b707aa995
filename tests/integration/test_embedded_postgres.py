"""The embedded server against its real programs; each server here is only this file's own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from leadping.embedded_postgres import Cluster, EmbeddedPostgresError
from leadping.embedded_postgres.cluster import make_private


@pytest.fixture(scope="module")
def cluster(worker_id: str) -> Iterator[Cluster]:
    cluster = Cluster(f"trial-{worker_id}", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(cluster.home)


@pytest.fixture
def unstarted(worker_id: str) -> Iterator[Cluster]:
    cluster = Cluster(f"unstarted-{worker_id}")
    cluster.make_home()
    yield cluster
    shutil.rmtree(cluster.home)


def ask(cluster: Cluster, question: str, database: str = "leadping") -> object:
    with psycopg.connect(cluster.url(database)) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_it_serves_version_18_with_the_same_text_order_everywhere(cluster: Cluster) -> None:
    cluster.start()
    assert str(ask(cluster, "SHOW server_version")).startswith("18.")
    assert ask(cluster, "SELECT datlocale FROM pg_database WHERE datname = 'leadping'") == "C.UTF-8"


def test_it_listens_on_a_private_socket_only(cluster: Cluster) -> None:
    cluster.start()
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700


def test_a_database_is_made_once(cluster: Cluster) -> None:
    cluster.start()
    cluster.ensure_database("second")
    cluster.ensure_database("second")
    assert ask(cluster, "SELECT current_database()", database="second") == "second"


def test_starting_twice_keeps_the_running_server(cluster: Cluster) -> None:
    cluster.start()
    first = cluster.server_pid()
    cluster.start()
    assert cluster.server_pid() == first is not None


def test_a_server_whose_starter_was_killed_is_adopted(cluster: Cluster) -> None:
    cluster.stop()
    code = (
        "import os, signal; from leadping.embedded_postgres import Cluster; "
        f"Cluster({cluster.name!r}, durable=False).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -signal.SIGKILL
    stray = cluster.server_pid()
    cluster.start()
    assert cluster.server_pid() == stray is not None


def test_a_killed_server_starts_again_with_its_data(cluster: Cluster) -> None:
    cluster.start()
    cluster.ensure_database("kept")
    killed = cluster.server_pid()
    assert killed is not None
    with psycopg.connect(cluster.url()) as witness:
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            witness.execute("SELECT pg_sleep(60)")
    cluster.start()
    assert cluster.server_pid() not in {killed, None}
    assert ask(cluster, "SELECT current_database()", database="kept") == "kept"


def test_a_pid_file_that_names_somebody_elses_process_is_ignored(cluster: Cluster) -> None:
    cluster.stop()
    cluster.pid_file.write_text(f"{os.getpid()}\n{cluster.data}\n")
    cluster.start()
    assert cluster.server_pid() not in {os.getpid(), None}


def test_a_stopped_server_is_gone(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    assert cluster.server_pid() is None
    with pytest.raises(psycopg.OperationalError, match="No such file"):
        psycopg.connect(cluster.url())


def test_stopping_a_server_that_was_never_started_does_nothing() -> None:
    never = Cluster("never")
    never.stop()
    assert not never.home.exists()


def test_data_of_another_version_are_refused_in_one_sentence(unstarted: Cluster) -> None:
    unstarted.data.mkdir()
    (unstarted.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 16, and this is 18: "):
        unstarted.start()


def test_damaged_data_are_refused_with_the_servers_reason(unstarted: Cluster) -> None:
    make_private(unstarted.data)
    (unstarted.data / "PG_VERSION").write_text("18\n")
    with pytest.raises(EmbeddedPostgresError, match=r"^The embedded PostgreSQL did not start: .*\(see .*\)$"):
        unstarted.start()


def test_a_socket_folder_that_belongs_to_somebody_else_is_refused(unstarted: Cluster) -> None:
    unstarted.socket_folder.symlink_to("/")
    with pytest.raises(EmbeddedPostgresError, match=r"belongs to somebody else"):
        unstarted.start()


def test_a_path_too_long_for_a_socket_is_served_from_a_short_folder(worker_id: str) -> None:
    deep = Cluster(f"deep-{worker_id}-" + "x" * 90, durable=False)
    deep.start()
    try:
        assert ask(deep, "SHOW unix_socket_directories") == str(deep.socket_folder)
        assert deep.socket_folder.is_relative_to("/tmp")
    finally:
        deep.stop()
        shutil.rmtree(deep.socket_folder)
        shutil.rmtree(deep.home)
