"""How a replica becomes known to a key service: with a one-time code, once.

It decides whether whoever answered had the code: both sides prove it over the certificate that was
shown, so nobody can stand between them. The folder that it makes is the replica's identity.
"""

import http.client
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from bot.keys import wire
from bot.keys.authority import key_bytes, proof_of, write
from bot.keys.line import SECONDS, Refused, Unreached
from bot.vault.errors import RingUnusable
from bot.vault.files import make_directory


def enrol(where: str, code: str, folder: Path) -> None:
    """Makes a key, gets its certificate, keeps both in `folder` (0700). Raises `KeyRingError`."""
    host, _, port = where.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # Not believed yet: the proof below says who it is.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    key = generate_private_key(SECP256R1())
    request = (
        x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    ).public_bytes(Encoding.DER)
    line = None
    try:
        line = http.client.HTTPSConnection(
            host.strip("[]"), int(port), timeout=SECONDS, context=context
        )
        line.connect()
        server = line.sock.getpeercert(binary_form=True) or b""
        proof = proof_of(code, b"client", request, server)
        line.request("POST", "/enrol", wire.pack(wire.Enrol(request, proof)))
        answer = line.getresponse()
        body = answer.read(wire.MOST)
    except (OSError, http.client.HTTPException):
        mend = "A code counts for ten minutes and once: ./quietline keys enrol-code"
        raise Unreached(Path(where), "it does not let us ask", mend) from None
    except ValueError:
        mend = "Write it as it was printed: ./quietline keys enrol HOST:PORT --code CODE"
        raise RingUnusable(Path(where), "the address or the code is malformed", mend) from None
    finally:
        if line is not None:
            line.close()
    if answer.status != 200:
        raise Refused(Path(where), wire.unpack(body, wire.Refusal))
    found = wire.unpack(body, wire.Enrolled)
    told = proof_of(code, b"server", found.certificate + found.authority, server)
    if told != found.proof:
        raise RingUnusable(Path(where), "whoever answered is not the service", "Tell others.")
    make_directory(folder)
    write(folder / "own.key", key_bytes(key))
    write(folder / "own.pem", found.certificate)
    write(folder / "authority.pem", found.authority)
