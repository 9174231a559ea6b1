"""Ports on the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


class PortInUse(Exception):
    """Something else listens where we want to listen."""

    def __init__(self, port: int, setting: str) -> None:
        """Keep the port and the setting that chooses another."""
        self.port = port
        super().__init__(f"port {port} on {LOOPBACK} is in use; choose another with {setting}=")


def is_free(port: int) -> bool:
    """Tell whether we could listen on a port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Find a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
