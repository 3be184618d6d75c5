"""Real mail servers for tests, each with the faults that a test names, and certificates made for them."""

import asyncio
import email
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD = "desk", "PASSWORD-MARKER"


@cache
def authority() -> trustme.CA:
    """Who signs the certificates of these servers; made once, because keys take time."""
    return trustme.CA()


def trusting() -> ssl.SSLContext:
    """What a client uses who trusts the authority, and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context


def authority_file(folder: Path) -> Path:
    """The authority's certificate, for a process of its own."""
    file = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(file))
    return file


@cache
def _certified(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name).configure_cert(context)
    return context


@dataclass
class Mailbox:
    """What a server took over, and how it behaves: by command, its answers in turn.

    An answer is a reply; `cut` ends the connection, and `hang` never answers. Without any, all goes well.
    """

    answers: Mapping[str, list[str]] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)

    async def _answer(self, command: str, server: SMTP) -> str | None:
        waiting = self.answers.get(command, [])
        answer = waiting.pop(0) if waiting else None
        if answer == "hang":
            await asyncio.sleep(30)
        if answer == "cut":
            _abort(server)
            return "451 nobody hears this"
        return answer

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("MAIL", server)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        waiting = self.answers.get("DATA", [])
        if not waiting or waiting[0] in {"cut", "hang"}:  # it has the mail, and only its answer is lost
            self.taken.append(envelope)
        return await self._answer("DATA", server) or "250 OK"

    @property
    def contents(self) -> list[bytes]:
        return [e.content for e in self.taken if isinstance(e.content, bytes)]

    @property
    def messages(self) -> list[EmailMessage]:
        return [_parsed(content) for content in self.contents]


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    port: int
    mailbox: Mailbox


@contextmanager
def mail_server(
    answers: Mapping[str, list[str]] | None = None,
    *,
    starttls: bool = True,
    name: str = HOST,
    login: bool = False,
    utf8: bool = True,
) -> Iterator[Running]:
    """A server with STARTTLS by a certificate of this name, or without any encryption."""
    mailbox, connections = Mailbox(answers or {}), list[SMTP]()

    def connected() -> SMTP:
        made = SMTP(
            mailbox,
            hostname="mail.example.org",
            enable_SMTPUTF8=utf8,
            tls_context=_certified(name) if starttls else None,
            require_starttls=starttls,
            authenticator=_authenticated if login else None,
            auth_required=login,
            auth_require_tls=starttls,
            loop=asyncio.get_running_loop(),
        )
        connections.append(made)
        return made

    with _listening(connected, connections) as port:
        yield Running(port, mailbox)


@contextmanager
def _listening(connected: Callable[[], SMTP], connections: Sequence[SMTP]) -> Iterator[int]:
    """Serves in a thread; the library's own controller leaves loops and sockets open."""
    ports, ends = Queue[tuple[int, Callable[[], object]]](), Event()

    async def serve() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(connected, HOST, 0)
        ports.put((server.sockets[0].getsockname()[1], lambda: loop.call_soon_threadsafe(stop.set)))
        await stop.wait()
        server.close()
        for connection in connections:
            _abort(connection)
        await asyncio.sleep(0.01)
        ends.set()

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    port, stop = ports.get(timeout=10)
    try:
        yield port
    finally:
        stop()
        thread.join(10)
        assert ends.is_set()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        port: int = listening.getsockname()[1]
        return port


def _abort(connection: SMTP) -> None:
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    passed = data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=passed, handled=passed)


def _parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
