"""`kb serve`: two processes that live and end together."""

import signal
import socket

import httpx
import psutil

from tests.flows.conftest import PATIENCE_SECONDS, Installation, interrupt, is_gone, wait_until


def test_the_first_start_prints_a_password_once(installation: Installation) -> None:
    first = installation.serve()
    assert interrupt(first) == 0
    second = installation.serve()
    assert "the password is shown only now" in installation.output(first)
    assert "password" not in installation.output(second)
    assert interrupt(second) == 0
    assert "Stopped." in installation.output(second)


def test_a_killed_worker_ends_the_service(installation: Installation) -> None:
    serving = installation.serve()
    installation.worker_of(serving).kill()
    assert serving.wait(PATIENCE_SECONDS) == 1
    assert "The worker process ended with code -9" in installation.output(serving)
    assert installation.service() is None


def test_a_killed_service_ends_its_worker(installation: Installation) -> None:
    serving = installation.serve()
    worker = installation.worker_of(serving)
    serving.kill()
    serving.wait()
    wait_until(lambda: is_gone(worker), what="the worker's end")
    assert installation.service() is None


def test_sigterm_ends_both_in_order(installation: Installation) -> None:
    serving = installation.serve()
    worker = installation.worker_of(serving)
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE_SECONDS) == 0
    assert is_gone(worker)
    assert not installation.data_dir.joinpath("service.json").exists()


def test_a_service_manager_that_ends_both_at_once_sees_a_clean_end(installation: Installation) -> None:
    serving = installation.serve()
    worker = installation.worker_of(serving)
    serving.send_signal(signal.SIGSTOP)  # so that it notices both at the same moment
    worker.terminate()
    wait_until(lambda: is_gone(worker), what="the worker's end")
    serving.terminate()
    serving.send_signal(signal.SIGCONT)
    assert serving.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in installation.output(serving)


def test_ctrl_c_in_a_terminal_reaches_both_and_ends_both(installation: Installation) -> None:
    serving = installation.serve()
    worker = installation.worker_of(serving)
    worker.send_signal(signal.SIGINT)
    assert interrupt(serving) == 0
    assert is_gone(worker)


def test_a_second_service_on_the_same_data_leaves_the_first_alone(installation: Installation) -> None:
    serving = installation.serve()
    service = installation.service()
    assert service is not None
    said = installation.kb("serve", "--port", "0", exit_code=3)
    assert f"in use by process {serving.pid} ({service.url})" in said
    assert "Traceback" not in said
    assert httpx.get(f"{service.url}/health/live", trust_env=False).status_code == 200


def test_a_taken_port_is_said_before_anything_starts(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = installation.kb("serve", "--port", str(port), exit_code=1)
    assert f"Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another" in said
    assert not (installation.data_dir / "record.sqlite3").exists()


def test_with_a_broker_the_parts_run_on_their_own(installation: Installation) -> None:
    installation.variables |= {"KB_BROKER_URL": "redis://127.0.0.1:1/0", "KB_INDEX": "client"}
    said = installation.kb("serve", exit_code=1)
    assert "kb relay" in said


def test_no_process_is_left_behind(installation: Installation) -> None:
    serving = installation.serve()
    family = psutil.Process(serving.pid).children(recursive=True)
    assert interrupt(serving) == 0
    wait_until(lambda: all(is_gone(process) for process in family), what="all children's end")
