"""A dataset compiled once for a controller, a right and a day: what is the same for every person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dsar_export.export.digest import Digester
from dsar_export.export.key_hashes import DistinctValues
from dsar_export.export.validate import Validator
from dsar_export.export.withhold import Withholding, withholding
from dsar_export.model.dataset import Dataset
from dsar_export.model.package import NotCovered
from dsar_export.model.register import Register
from dsar_export.model.request import Right, in_scope
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.normalising.marks import marks_of
from dsar_export.normalising.normalise import Conversions, conversions, places


@dataclass(frozen=True)
class DatasetPlan:
    """How a dataset's rows are attributed, converted, validated, released and counted by month.

    `tenants` are the values of a tenant column in the controller's rows, `other_tenants` those in all other rows.
    `supplied` are kinds of identifiers without proof; `zone` is the controller's.
    """

    dataset: Dataset
    zone: str
    tenants: tuple[str | int, ...]
    other_tenants: tuple[str | int, ...]
    supplied: tuple[str, ...]
    conversions: Conversions
    validator: Validator
    withholding: Withholding
    key_fields: tuple[tuple[str, ...], ...]

    @property
    def coded(self) -> tuple[str, ...]:
        """The fields with a code table in the source."""
        return tuple(self.conversions.coded)

    def digester(self) -> Digester:
        """A digester for one person's rows."""
        schema = self.withholding.schema
        return Digester(self.dataset.name, schema, self.zone, DistinctValues(self.key_fields))


def not_covered(plans: Iterable[DatasetPlan], scope: tuple[str, ...]) -> tuple[NotCovered, ...]:
    """The datasets that are outside an agent's mandate with this scope."""
    outside = (plan for plan in plans if not in_scope(plan.dataset.name, scope))
    return tuple(NotCovered(plan.dataset, plan.withholding.schema) for plan in outside)


def dataset_plan(
    register: Register, controller: str, dataset: Dataset, right: Right, today: date
) -> DatasetPlan:
    """Compiles a dataset of a controller's register; `today` is the controller's, for storage periods."""
    schema = mapped_schema(dataset, register.schema_of(dataset))
    marks = marks_of(dataset, register.organisation, today, places(dataset))
    withheld = withholding(right, register.articles(dataset), schema, dataset.constants)
    return DatasetPlan(
        dataset=dataset,
        zone=register.organisation.controllers[controller].time_zone,
        tenants=register.tenants_of(dataset.source, controller),
        other_tenants=register.other_tenants_of(dataset.source, controller),
        supplied=tuple(sorted(register.kinds_without_proof)),
        conversions=conversions(dataset, schema, marks),
        validator=Validator(schema, dataset),
        withholding=withheld,
        key_fields=register.key_fields(dataset, withheld.schema),
    )


class Plans:
    """The plans of a register, each compiled once a day; those of yesterday are dropped."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._compiled: dict[tuple[str, Right, date], Mapping[str, DatasetPlan]] = {}

    def of(self, controller: str, right: Right, today: date) -> Mapping[str, DatasetPlan]:
        """The plans of a controller's datasets by name, in the register's order."""
        key = (controller, right, today)
        if key not in self._compiled:
            own = self._register.for_controller(controller)
            plans = {
                d.name: dataset_plan(own, controller, d, right, today) for d in own.datasets_of(controller)
            }
            kept = {k: held for k, held in self._compiled.items() if k[2] == today}
            self._compiled = {**kept, key: plans}
        return self._compiled[key]
