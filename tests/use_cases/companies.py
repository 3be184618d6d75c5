"""Companies that share one database and one series of customer numbers; a company is data, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.verify import verified_request
from tests.worlds import NOON, PASSPHRASE, OpenPackage, World, export_package, open_package

_ADDRESS = World(Path()).register_text.partition("[controllers.acme]\n")[2].partition("\n\n")[0]


@dataclass
class Companies:
    """The small world, where every row of every table names its company."""

    folder: Path
    names: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        made = World(self.folder / "register")
        companies = "".join(f"[controllers.{name}]\n{_ADDRESS}\n\n" for name in self.names)
        quoted = ", ".join(f'"{name}"' for name in self.names)
        tenants = ", ".join(f'{name} = ["{name.upper()}"]' for name in self.names)
        made.register_text = (
            made.register_text.replace(f"[controllers.acme]\n{_ADDRESS}\n\n", companies)
            .replace('controllers = ["acme"]', f"controllers = [{quoted}]\ntenants = {{ {tenants} }}")
            .replace('leads_to_column = "id"', 'leads_to_column = "id"\ntenant_column = "company"')
            .replace('leads_to_column = "email"', 'leads_to_column = "email"\ntenant_column = "company"')
        )
        made.dataset_text = made.dataset_text.replace(
            'identifier = "customer_id"', 'identifier = "customer_id"\ntenant_column = "company"'
        )
        return made

    def write(self, *names: str) -> "Companies":
        """The register of these companies, and a database without a row."""
        self.names = list(names)
        world = self.world.write([])
        world.run("DROP TABLE customers")
        world.run("CREATE TABLE customers (company TEXT, id TEXT, email TEXT, PRIMARY KEY (company, id))")
        world.run("CREATE INDEX customers_by_id ON customers (id)")
        world.run("ALTER TABLE records ADD COLUMN company TEXT")
        return self

    def add(self, name: str) -> None:
        """One company more: a few lines in the register."""
        self.names.append(name)
        register = self.world.folder / "register.toml"
        register.write_text(self.world.register_text, encoding="utf-8")

    def customer(self, company: str, number: str, email: str, *texts: str) -> None:
        """A customer of one company, with a record for each text."""
        tenant = company.upper()
        self.world.run("INSERT INTO customers VALUES (?, ?, ?)", tenant, number, email)
        for text in texts:
            self.world.run(
                "INSERT INTO records (company, customer_id, text) VALUES (?, ?, ?)", tenant, number, text
            )

    def export(self, company: str, *identifiers: str) -> ExportResult:
        world, order = self.world, PackageOrder(self.world.out, PASSPHRASE, ReportChoices("en"))
        return export_package(world.build(), request(company, identifiers), order)

    def package(self, company: str, *identifiers: str) -> OpenPackage:
        path = self.export(company, *identifiers).package
        assert path is not None
        return open_package(path)

    def texts(self, company: str, *identifiers: str) -> list[object]:
        """The contents of a company's package about a person."""
        return [record["text"] for record in self.package(company, *identifiers).json()]


def request(company: str, identifiers: Sequence[str]) -> SubjectRequest:
    parsed = [Identifier(*text.split("=", 1)) for text in identifiers]
    return verified_request(Right.ACCESS, company, parsed, Verification("tests", "synthetic", NOON))
