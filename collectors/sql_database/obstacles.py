"""What can be in the way of a connection, each with the next step and without a value.

`{url}` stands for the key of the register that has the URL.
"""

import difflib
import errno
import socket
import ssl
from collections.abc import Collection
from enum import StrEnum
from typing import Final


class Obstacle(StrEnum):
    """Why no connection was made."""

    NAME = "the name of the server has no address; correct the host in {url}, or the name service of this machine"
    PORT = (
        "nothing listens on the server's port; start the server, or correct host and port in {url}, or open the port "
        "in its firewall"
    )
    SOCKET = (
        "there is no such socket, or this user may not use it; correct its path in {url}, or start the server"
    )
    ADDRESS = "this machine has no such address of its own; correct bind_address in {url}"
    UNREACHABLE = "no network leads to the server; correct the host in {url}, or connect the network"
    TIMEOUT = (
        "the server did not answer in time; look whether it, or a pooler's own server, runs, and whether a firewall "
        "is in between, and correct host and port in {url}"
    )
    CLOSED = (
        "the other side does not answer like a server of this kind, or closed the connection; look what is at host "
        "and port of {url}, and into its log"
    )
    ROLE = (
        "the server refused the role or its password; correct both in {url}, and see that the role may log in"
    )
    ROLE_OR_TLS = (
        "the server refused the account or its password; correct both in {url}, see that the account may come from "
        "this machine, and add ssl_ca if it needs TLS"
    )
    CHARACTERS = (
        "the driver can't send the characters of the account or its password; change them on the server"
    )
    LOCKED = "the account is locked, or its password has expired; have it unlocked on the server"
    AUTHENTICATION = (
        "the server asks for a way of authentication that the driver lacks; change it for this account"
    )
    RULE = (
        "the server has no rule for this role, database and machine; have one added to its pg_hba.conf, or, if only "
        "its rules for TLS fit, set sslmode=require in {url}"
    )
    MACHINE = "the server accepts no connection from this machine; have its address allowed there"
    DATABASE = "the server has no database of this name; correct it in {url}"
    GRANT = "the role may not connect to the database; GRANT CONNECT on it, or correct the database in {url}"
    GRANT_OR_DATABASE = (
        "the account may not use the database, or there is none of this name; GRANT SELECT on it, or correct it in "
        "{url}"
    )
    NO_TLS = (
        "the server, or a pooler in between, has no TLS, but {url} requires it; switch TLS on there, or, only within "
        "a network that you trust, remove the requirement"
    )
    NEEDS_TLS = "the server accepts TLS only; add ssl_ca, the file with its authority's certificate, to {url}"
    TLS = (
        "the TLS handshake failed, as if the certificate is not trusted, has expired, or is for another host; correct "
        "the host and the TLS parameters in {url}, such as the file with its authority's certificate"
    )
    FILE = "a file that a parameter of {url} names can't be read; correct its path, or grant this user to read it"
    FULL = "the server, or a pooler in between, takes no more connections; run this again later, or raise its limit"
    STARTING = "the server is starting, stopping or recovering; run this again later"
    KIND_OF_SERVER = (
        "the server is not of the kind that target_session_attrs in {url} asks for; correct either"
    )
    COMMAND = "the server refused the command in init_command; correct it in {url}"
    POOLER_LOGIN = (
        "the pooler can't log in to its server; look into its log, and correct the role or the server there"
    )
    POOLER_BUSY = (
        "the pooler had no connection to its server in time, because all are in use or the server does not answer; "
        "run this again later, raise its pool_size, or look into its log"
    )
    POOLER_PARAMETER = (
        "the pooler refuses a parameter of the connection; remove it from {url}, or add it to the pooler's "
        "ignore_startup_parameters"
    )
    POOLER_PAUSED = "the pooler's administrator has paused or disabled the database; have it resumed"
    UNKNOWN = "the server refused the connection; its log says why"


OBSTACLES_BY_NUMBER: Final = {
    errno.ECONNREFUSED: Obstacle.PORT,
    errno.ENOENT: Obstacle.SOCKET,
    errno.EACCES: Obstacle.SOCKET,
    errno.EADDRNOTAVAIL: Obstacle.ADDRESS,
    errno.ENETUNREACH: Obstacle.UNREACHABLE,
    errno.EHOSTUNREACH: Obstacle.UNREACHABLE,
    errno.ETIMEDOUT: Obstacle.TIMEOUT,
    errno.ECONNRESET: Obstacle.CLOSED,
    errno.EPIPE: Obstacle.CLOSED,
}


def wrong_parameter(name: str) -> str:
    """The message for a parameter with a value that its driver does not understand."""
    return f"the value of the parameter {name} is not valid; correct it in {{url}}"


def nearest_name(name: str, known: Collection[str]) -> str:
    """A hint at the parameter that was meant; empty if none resembles it."""
    found = difflib.get_close_matches(name, known, n=1)
    return f", or correct it to {found[0]}" if found else ""


def obstacle_of(error: BaseException) -> Obstacle | None:
    """What an error of the operating system means; None if it is none, or another."""
    if isinstance(error, UnicodeEncodeError):
        return Obstacle.CHARACTERS
    if isinstance(error, socket.gaierror | UnicodeError):  # a host with an empty part is no domain name
        return Obstacle.NAME
    if isinstance(error, ssl.SSLError):
        return Obstacle.TLS
    if isinstance(error, TimeoutError):
        return Obstacle.TIMEOUT
    return OBSTACLES_BY_NUMBER.get(error.errno or 0) if isinstance(error, OSError) else None
