"""The line to a server elsewhere: nothing is said on one that cannot be trusted."""

import socket
import threading

import pytest

from bot.storage import StoreError
from bot.storage.database import database_at

ASKS_FOR_TLS = bytes.fromhex("0000000804d2162f")
"""The first eight bytes of whoever wants TLS from PostgreSQL."""


@pytest.mark.parametrize("answer", [b"N", b"S"])
def test_a_server_elsewhere_that_has_no_tls_or_a_false_one_hears_no_name_and_no_password(
    answer: bytes,
) -> None:
    heard: list[bytes] = []

    def serve(door: socket.socket) -> None:
        line, _ = door.accept()
        with line:
            line.settimeout(10)
            heard.append(line.recv(8))
            line.sendall(answer)
            if answer == b"S":
                # What is no handshake: a stranger who only says that there is TLS.
                heard.append(line.recv(4096)[:1])
                line.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
            heard.append(line.recv(4096) if answer == b"N" else b"")

    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)
        serving = threading.Thread(target=serve, args=(door,))
        serving.start()
        # 0.0.0.0 leads to this machine and does not say so, as an address elsewhere.
        address = f"postgresql://quietline:secret@0.0.0.0:{door.getsockname()[1]}/quietline"
        database = database_at(address)
        with pytest.raises(StoreError) as refused, database.explaining():
            database.prepare()
        serving.join()
    assert heard[0] == ASKS_FOR_TLS
    assert heard[-1] == b""
    assert b"quietline" not in b"".join(heard)
    assert "secret" not in str(refused.value)
