"""What runs in containers runs with nothing that it does not need, and holds no secret."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from tests.documents.judging import problems, unknown_settings
from tests.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXACT = re.compile(r"[a-z]+:\d+(\.\d+)+-[a-z-]+@sha256:[0-9a-f]{64}")
EVERY = sorted(SERVICES)


@pytest.mark.parametrize("name", EVERY)
def test_a_container_can_write_nothing_gain_nothing_and_leave_no_core(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    # Only the proxies, for the program's own file needs it to start.
    assert service.get("cap_add", []) in ([], ["NET_BIND_SERVICE"] if "proxy" in name else [])
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["ulimits"]["core"] == 0
    assert not {"privileged", "pid", "ipc", "devices", "cap_add"} & set(service) - {"cap_add"}
    assert service["pids_limit"] <= 512


@pytest.mark.parametrize("name", EVERY)
def test_an_image_is_ours_or_named_by_its_digest(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        stage = service["build"]["target"]
        assert re.search(rf"^FROM base AS {stage}$", DOCKERFILE, re.MULTILINE)
    else:
        assert EXACT.fullmatch(service["image"])


def test_every_stage_begins_with_the_same_named_bytes_and_none_as_root() -> None:
    base, *stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert EXACT.fullmatch(base)
    assert set(stages) == {"base"}
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["debian-tor", "quietline"]
    assert "--require-hashes --only-binary :all:" in DOCKERFILE
    assert not re.search(r"(?i)\b(ARG|ENV)\b.*(token|password|secret|key)", DOCKERFILE)


def test_the_image_gets_every_room_that_the_service_imports_and_no_test() -> None:
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name.removesuffix("*") for name in packages} <= let_in
    assert not {"tests", ".git", "secrets", "data"} & let_in
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("name", EVERY)
def test_no_secret_is_in_an_environment_and_every_setting_in_it_exists(name: str) -> None:
    environment: dict[str, str] = SERVICES[name].get("environment", {})
    assert unknown_settings([one for one in environment if one.startswith("QUIETLINE_")]) == []
    for key, value in environment.items():
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value))
        if re.search(r"TOKEN|PASSWORD|SECRET|DATABASE", key):
            assert str(value).startswith("/run/secrets/")


@pytest.mark.parametrize("name", EVERY)
def test_what_a_container_mounts_asks_and_waits_for_is_there(name: str) -> None:
    service = SERVICES[name]
    for volume in service.get("volumes", ()):
        source, _, _ = volume.partition(":")
        assert (
            (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
        )
    assert set(service.get("networks", ())) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", ())) <= set(SERVICES)
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])


def test_only_the_proxy_can_be_reached_and_the_keys_have_no_network() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["inside"]
    for name in ("keys1", "keys2"):
        assert SERVICES[name]["network_mode"] == "none"
        assert "data" not in str(SERVICES[name]["volumes"])


def test_keys_are_in_memory_and_no_volume_holds_them_beside_the_data() -> None:
    sockets = COMPOSE["volumes"]["sockets"]["driver_opts"]
    assert (sockets["type"], sockets["device"]) == ("tmpfs", "tmpfs")
    with_signing = {name for name in EVERY if "signing:" in str(SERVICES[name].get("volumes"))}
    assert with_signing == {"keys1", "keys2"}


@pytest.mark.parametrize("name", [name for name in EVERY if "build" in SERVICES[name]])
def test_what_a_container_of_ours_runs_is_a_command(name: str) -> None:
    command = SERVICES[name].get("command", [])
    if "entrypoint" not in SERVICES[name] and command:
        assert list(problems(["quietline", *command])) == []


def test_secrets_are_made_once_for_those_who_read_them_alone(tmp_path: Path) -> None:
    script, folder = ROOT / "deploy" / "compose" / "first-secrets", tmp_path / "secrets"
    if os.geteuid() != 0:
        pytest.skip("each file goes to another user, which only root can do")
    made = subprocess.run([script, folder], check=True, capture_output=True, text=True)
    password = (folder / "postgres-password").read_text()
    assert len(password) == 64
    assert (
        folder / "database"
    ).read_text() == f"postgresql://quietline:{password}@postgres/quietline?sslmode=disable\n"
    assert password not in made.stdout
    for name, user in (("database", 10001), ("postgres-password", 999)):
        found = (folder / name).stat()
        assert (found.st_mode & 0o777, found.st_uid) == (0o600, user)
    again = subprocess.run([script, folder], check=False, capture_output=True)
    assert again.returncode == 1
    assert (folder / "postgres-password").read_text() == password


def postgres_settings() -> Iterator[tuple[str, str]]:
    """As the file says them."""
    text = (ROOT / "deploy" / "postgresql" / "quietline.conf").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition(" = ")
            yield name, value.strip("'")


def test_a_real_server_takes_its_settings_and_writes_no_row_down() -> None:
    canary = "wjxkqzvhpnty"
    with Server(**dict(postgres_settings())) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as line:
            line.execute("CREATE TABLE kept (name text PRIMARY KEY)")
            for statement in (
                "INSERT INTO kept VALUES (%(said)s)",
                "INSERT INTO kept VALUES (%(said)s)",
                "SELECT %(said)s::int",
                "SELECT * FROM nowhere WHERE name = %(said)s",
                "SELECT pg_sleep(0.01), %(said)s, no_such()",
            ):
                try:
                    line.execute(statement, {"said": canary})
                except psycopg.Error:
                    continue
            line.execute("SELECT 'x' WHERE pg_sleep(0) IS NULL")
        log = (Path(server.dsn().partition("host=")[2]) / "log").read_text()
    assert "ready to accept connections" in log
    assert canary not in log
    assert "kept" not in log
