"""The declarations for two products are checked and exported, against servers that answer by their descriptions."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.http_apis.mollie import server as mollie
from examples.http_apis.sendgrid import server as sendgrid
from tests.cli.commands import dsar, export_arguments, packages
from tests.collectors.http_api.server import ApiServer, Asked, Reply, reply, serving
from tests.worlds import SUBJECT, World, open_package

EXAMPLES = Path(__file__).parents[2] / "examples" / "http_apis"
KEYS = '{ reason = "not_personal", note = "keys" }'
LINK = """
[[links]]
given = "customer_id"
leads_to = "mollie_id"
source = "main"
table = "mollie_customers"
given_column = "customer"
leads_to_column = "mollie"
"""


@pytest.fixture
def payments() -> Iterator[ApiServer]:
    with serving() as server:

        def answer(asked: Asked) -> Reply:
            status, content = mollie.answer(server.url, asked.path, asked.query, asked.headers)
            return reply(content, status)

        server.answering = answer
        yield server


@pytest.fixture
def emails() -> Iterator[ApiServer]:
    def answer(asked: Asked) -> Reply:
        status, content = sendgrid.answer(asked.path, asked.query, asked.headers)
        return reply(content, status)

    with serving(answer) as server:
        yield server


def snippet(product: str) -> str:
    """The source of an example, which may ask this machine."""
    text = (EXAMPLES / product / "source.toml").read_text(encoding="utf-8")
    return text.rstrip() + '\nprivate = ["127.0.0.1/32"]\n\n'


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The small world with both products; its database has the customers' ids at the one."""
    made = World(tmp_path / "register")
    sources = f"\n{snippet('mollie')}{snippet('sendgrid')}[sources.main]"
    made.register_text = (
        made.register_text.replace('datasets = ["records"]', 'datasets = ["records", "payments", "emails"]')
        .replace("\n[sources.main]", sources, 1)
        .replace(
            "left_out = { customers",
            'left_out = { mollie_customers = { reason = "not_personal", note = "keys" }, customers',
        )
        + LINK
    )
    made.write([{"text": "one"}])
    made.run("CREATE TABLE mollie_customers (customer TEXT PRIMARY KEY, mollie TEXT UNIQUE)")
    made.run("INSERT INTO mollie_customers VALUES ('C-1', 'cst_1'), ('C-2', 'cst_2')")
    for product, name in (("mollie", "payments"), ("sendgrid", "emails")):
        text = (EXAMPLES / product / f"{name}.toml").read_text(encoding="utf-8")
        (made.folder / "datasets" / f"{name}.toml").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def installed(tmp_path: Path, payments: ApiServer, emails: ApiServer) -> dict[str, str]:
    """The environment with both addresses and keys, and with the collector as this folder has it."""
    metadata = tmp_path / "site" / "http_apis_of_this_folder-1.0.0.dist-info"
    metadata.mkdir(parents=True)
    name = "http-apis-of-this-folder"
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n")
    (metadata / "entry_points.txt").write_text(
        "[dsar_export.collectors]\nhttp_api = collectors.http_api:HttpApi\n"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path / "site"), os.environ.get("PYTHONPATH")]))
    keys = {"MOLLIE_KEY": mollie.KEY, "SENDGRID_KEY": sendgrid.KEY}
    urls = {"MOLLIE_URL": payments.url, "SENDGRID_URL": emails.url}
    return {"PYTHONPATH": path, "DSAR_PLUGINS": name, **keys, **urls}


def test_both_are_checked_without_asking_for_anybody(
    world: World, installed: dict[str, str], payments: ApiServer, emails: ApiServer
) -> None:
    checked = dsar("check", world.folder, env=installed)
    assert checked.code == 0, checked.out + checked.err
    assert payments.asked == emails.asked == []


def test_both_are_exported_beside_a_database(
    world: World, installed: dict[str, str], tmp_path: Path, emails: ApiServer
) -> None:
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = dsar(*command, "--accept-gaps", "columns that are undecided", stdin=SUBJECT, env=installed)
    assert done.code == 0, done.err
    (path,) = packages(world.out)
    package = open_package(path, passphrase.read_text(encoding="ascii").strip())
    amounts = [(each["payment"], each["amount"], each["currency"]) for each in package.json("payments")]
    assert amounts == [(f"tr_{n}", f"{n}0.50", "EUR") for n in (5, 4, 3, 2, 1)]
    messages = package.json("emails")
    assert [(each["message"], each["opens"]) for each in messages] == [("m/1", 1), ("m/3", 3)]
    assert "'event_name': 'open'" in str(messages[0]["events"])
    assert not any("m/2" in path or "m%2F2" in path for path in emails.paths)


def test_a_wrong_key_is_a_gap_and_no_empty_list(
    world: World, installed: dict[str, str], tmp_path: Path
) -> None:
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", tmp_path / "passphrase.txt"]
    wrong = {**installed, "MOLLIE_KEY": "test_wrong"}
    refused = dsar(*command, stdin=SUBJECT, env=wrong)
    assert refused.code != 0
    assert (
        "source 'mollie' could not be read: dataset 'payments', page 1: the API answers with 401"
        in refused.err
    )
    assert packages(world.out) == []
