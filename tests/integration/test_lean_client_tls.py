"""The signed client speaks TLS with whom it trusts, and with nobody else."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.aws_json import AwsUnavailable
from infra.local.ports import LOOPBACK
from tests.engines import client_of
from tests.scripted_server import scripted_server


def self_signed(directory: Path) -> Path:
    """Write a key and a certificate of the loopback address into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "central156 tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = directory / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_calls_share_one_tls_connection(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with (
        scripted_server(server_context(certificate)) as server,
        client_of(server.url, ca_file=str(certificate)) as client,
    ):
        assert [client.call("Echo", {"n": n}) for n in range(3)] == [{"n": n} for n in range(3)]

    assert server.connections == 1


def test_a_server_that_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    with (
        scripted_server(server_context(self_signed(tmp_path))) as server,
        client_of(server.url, pause=lambda seconds: None) as client,
        pytest.raises(AwsUnavailable),
    ):
        client.call("Echo", {})

    assert server.calls == []
