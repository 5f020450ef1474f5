"""A small authority of our own: who may speak to a key service over a network.

It decides whose certificate counts. It is a folder (0700) with its key, its certificate, and the
names of those who were given one; a name that was revoked never counts again. Codes live in memory.
"""

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bot.vault.errors import KeyDamaged
from bot.vault.files import make_directory

CODE_SECONDS: Final = 600
SERVICE: Final = "service"
"""The name of a key service in its own certificate; no replica may have it."""
_YEARS: Final = dt.timedelta(days=3650)
_BEFORE: Final = dt.timedelta(days=30)
"""A clock that is days behind must not take a new certificate for one of the future."""
_WRONG: Final = 5
"""Wrong proofs after which every code is void."""


class Authority:
    """Makes certificates and knows which still count."""

    def __init__(self, folder: Path) -> None:
        """The authority in that folder, made when missing. Raises `KeyRingError`."""
        make_directory(folder)
        self.folder = folder
        if not (folder / "authority.pem").exists():
            key = generate_private_key(SECP256R1())
            name = _name("quietline keys " + secrets.token_hex(4))
            made = _certificate(
                name, name, key.public_key(), key.public_key(), authority=True
            ).sign(key, SHA256())
            write(folder / "authority.key", key_bytes(key))
            write(folder / "authority.pem", made.public_bytes(Encoding.PEM))
        self._key = load_key(folder / "authority.key")
        self.certificate = (folder / "authority.pem").read_bytes()
        self._own = x509.load_pem_x509_certificate(self.certificate)

    def certify(self, public: EllipticCurvePublicKey, name: str) -> bytes:
        """A certificate for that name, as PEM."""
        made = _certificate(
            *(self._own.subject, _name(name), public, self._key.public_key()),
            authority=False,
            server=name == SERVICE,
        )
        return made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def enrolled(self) -> tuple[str, ...]:
        """The names that count."""
        return tuple(self._names().get("enrolled", ()))

    def revoked(self) -> tuple[str, ...]:
        """The names that do not count any more."""
        return tuple(self._names().get("revoked", ()))

    def enrol(self, name: str) -> None:
        """From now on that name counts. Raises `ValueError` when it is taken or was revoked."""
        names = self._names()
        if name == SERVICE or name in (*self.enrolled(), *self.revoked()) or not _plain(name):
            raise ValueError("a name is new, of 1 to 40 letters, digits and hyphens")
        names["enrolled"] = [*self.enrolled(), name]
        self._keep(names)

    def revoke(self, name: str) -> bool:
        """That name never counts again; False when it was revoked already, or is no name."""
        names = self._names()
        if name == SERVICE or name in self.revoked() or not _plain(name):
            return False
        names["enrolled"] = [one for one in self.enrolled() if one != name]
        names["revoked"] = [*self.revoked(), name]
        self._keep(names)
        return True

    def counts(self, name: str) -> bool:
        """Whether whoever shows a certificate of that name is let in: all but the revoked, so that
        two services with one authority let in whom either enrolled.
        """
        return name not in self.revoked()

    def _names(self) -> dict[str, list[str]]:
        file = self.folder / "names.json"
        try:
            found: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            mend = "Put it back from the backup of that folder."
            raise KeyDamaged(file, "it does not hold names", mend) from None
        return found

    def _keep(self, names: dict[str, list[str]]) -> None:
        write(self.folder / "names.json", json.dumps(names).encode())

    def __repr__(self) -> str:
        return "Authority()"


class Codes:
    """One-time codes to enrol with."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        """None yet."""
        self._steady = steady
        self._open: dict[str, tuple[float, str]] = {}
        self._wrong = 0

    def new(self, name: str) -> str:
        """A code of 128 bits for that name; it counts once, for ten minutes."""
        code = secrets.token_hex(16)
        self._open[code] = (self._steady() + CODE_SECONDS, name)
        self._wrong = 0
        return "-".join(code[at : at + 4] for at in range(0, 32, 4))

    @property
    def any(self) -> bool:
        """Whether somebody may come without a certificate now, to ask for one."""
        now = self._steady()
        self._open = {code: one for code, one in self._open.items() if one[0] > now}
        return bool(self._open)

    def use(self, proof: bytes, request: bytes, server: bytes) -> tuple[str, str] | None:
        """The code that this is a proof of, and its name; the code is used up. None: no such."""
        for code, (_, name) in list(self._open.items()) if self.any else ():
            if hmac.compare_digest(proof, proof_of(code, b"client", request, server)):
                del self._open[code]
                return code, name
        self._wrong += 1
        if self._wrong >= _WRONG:
            self._open.clear()
        return None


def proof_of(code: str, side: bytes, said: bytes, server: bytes) -> bytes:
    """That this side has the code and saw this certificate of the server: nobody is between."""
    key = bytes.fromhex(code.replace("-", "").strip())
    told = b"quietline/enrol/v1/" + side + hashlib.sha256(said).digest()
    return hmac.digest(key, told + hashlib.sha256(server).digest(), "sha256")


def key_bytes(key: EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_key(file: Path) -> EllipticCurvePrivateKey:
    """A private key from a file. Raises `KeyRingError`."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError):
        key = None
    if not isinstance(key, EllipticCurvePrivateKey):
        mend = "Put it back from the backup of that folder."
        raise KeyDamaged(file, "it does not hold a key", mend)
    return key


def write(file: Path, content: bytes) -> None:
    """Writes a file of mode 0600 whole, on the disk when this returns."""
    aside = file.with_name(f"{secrets.token_hex(8)}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)


def _plain(name: str) -> bool:
    return 0 < len(name) <= 40 and name.isascii() and name.replace("-", "").isalnum()


def _name(said: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])


def _certificate(
    by: x509.Name,
    of: x509.Name,
    public: EllipticCurvePublicKey,
    signer: EllipticCurvePublicKey,
    *,
    authority: bool,
    server: bool = False,
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .issuer_name(by)
        .subject_name(of)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
    )
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    if authority:
        signs = x509.KeyUsage(
            *(False, False, False, False, False),
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        made = made.add_extension(signs, critical=True)
    else:
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH]
        uses += [ExtendedKeyUsageOID.SERVER_AUTH] if server else []
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=True)
    return made
