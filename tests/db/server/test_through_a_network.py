"""A server at an address of the network: only encrypted, and only when it proves that it is the right one."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from running_clinic import set_up
from server_cluster import SUPERUSER, Cluster, need_programs

from db import errors
from db.engine import Database
from db.place import ServerAddress, is_loopback, place_of

KEY = bytes(range(32))


def own_address() -> str:
    """An address of this computer that is not its loopback; skips where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(
                ("192.0.2.1", 9)
            )  # nothing is sent: the system only says which address it would use
        except OSError:
            pytest.skip("this computer has no address but its loopback")
        found = str(asking.getsockname()[0])
    if is_loopback(found):
        pytest.skip("this computer has no address but its loopback")
    return found


def free_port(host: str) -> int:
    with socket.socket() as asking:
        asking.bind((host, 0))
        return int(asking.getsockname()[1])


@dataclass(frozen=True)
class Authority:
    """Signs certificates for this test."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, _certificate(name, name, key, key, None))

    def write(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def certify(self, address: str, folder: Path, name: str) -> str:
        """Options of a server that shows a certificate for an address."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, self.certificate.subject.rfc4514_string()[3:], key, self.key, address)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        shown = made.public_bytes(serialization.Encoding.PEM)
        owner = folder.stat()
        for ending, content in (("crt", shown), ("key", secret)):
            file = folder / f"{name}.{ending}"
            file.write_bytes(content)
            file.chmod(0o600)
            shutil.chown(file, owner.st_uid, owner.st_gid)
        return f"-c ssl=on -c ssl_cert_file={folder}/{name}.crt -c ssl_key_file={folder}/{name}.key"


def _certificate(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    address: str | None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).add_extension(x509.BasicConstraints(ca=address is None, path_length=None), critical=True)
    if address is not None:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        made = made.add_extension(names, critical=False)
    return made.sign(signer, hashes.SHA256())


@dataclass
class Far:
    """A server that listens at an address of the network, with a clinic on it."""

    cluster: Cluster
    host: str
    port: int
    database: str
    authority: Authority
    folder: Path

    def restart(self, options: str) -> None:
        """Start the server anew, so that it shows another certificate, or none."""
        self.cluster.stop()
        self.cluster.start(f"-c listen_addresses={self.host} -c port={self.port} {options}")

    def address(self, **options: str) -> ServerAddress:
        """As a workstation is told it: nothing of `sslmode` unless a test says so."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        found = place_of(
            f"postgresql://{SUPERUSER}@{self.host}:{self.port}/{self.database}?{query}".rstrip("?")
        )
        assert isinstance(found, ServerAddress)
        return found


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    """The server lets everybody in, in clear too: what keeps a workstation from that is the workstation."""
    host, folder = own_address(), tmp_path_factory.mktemp("authority")
    cluster = Cluster(need_programs())
    try:
        with (cluster.folder / "data" / "pg_hba.conf").open("a") as file:
            file.write(f"\nhost all all {host}/32 trust\n")
        made = Far(cluster, host, free_port(host), cluster.make(), Authority.make("clinic"), folder)
        database = Database.create(cluster.address(made.database), KEY)
        set_up(database)
        database.close()
        yield made
    finally:
        cluster.remove()


@pytest.fixture
def right(far: Far) -> Far:
    """The server shows a certificate for its address, signed by the clinic's authority."""
    far.restart(far.authority.certify(far.host, far.cluster.folder, "right"))
    return far


def test_the_right_server_is_worked_with_encrypted(right: Far) -> None:
    address = right.address(sslrootcert=str(right.authority.write(right.folder / "ca.pem")))
    assert (address.sslmode, address.is_local) == ("verify-full", False)
    database = Database.open(address, KEY)
    try:
        with database.read() as session:
            seen = session.connection().exec_driver_sql(
                "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            )
            encrypted, version = seen.one()
    finally:
        database.close()
    assert encrypted
    assert version in ("TLSv1.2", "TLSv1.3")


def test_a_certificate_that_is_not_the_clinics_is_not_trusted(right: Far) -> None:
    other = Authority.make("somebody else").write(right.folder / "other.pem")
    for address in (
        right.address(sslrootcert=str(other)),
        right.address(),
    ):  # the second asks the system's list
        with pytest.raises((errors.ServerRefused, errors.ServerUnreachable)):
            Database.open(address, KEY)


def test_a_certificate_for_another_computer_is_not_enough(far: Far) -> None:
    """Signed by the right authority, but not for this address: somebody stands in between."""
    authority = far.authority.write(far.folder / "ca.pem")
    far.restart(far.authority.certify("198.51.100.7", far.cluster.folder, "elsewhere"))
    with pytest.raises((errors.ServerRefused, errors.ServerUnreachable)):
        Database.open(far.address(sslrootcert=str(authority)), KEY)
    # the same server for whoever asked for less: so it was the name that was refused, and nothing else
    Database.open(far.address(sslmode="verify-ca", sslrootcert=str(authority)), KEY).close()


def test_a_server_without_encryption_gets_nothing(far: Far) -> None:
    far.restart("-c ssl=off -c log_connections=on")
    with pytest.raises((errors.ServerRefused, errors.ServerUnreachable)):
        Database.open(far.address(), KEY)
    for mode in ("disable", "allow", "prefer"):
        with pytest.raises(errors.Refused, match="server-in-clear"):
            far.address(sslmode=mode)
    # an address that got past its reader, as by a name that leads elsewhere: closed before anything is asked
    with pytest.raises(errors.Refused, match="server-in-clear"):
        Database.open(replace(far.address(sslmode="require"), sslmode="prefer"), KEY)
    log = (far.cluster.folder / "log").read_text(errors="replace")
    assert "connection authorized" in log, "the server would have taken it: the workstation closed it"
