"""Each column becomes a field, or is left out with a reason; credentials always are."""

from collections.abc import Mapping

import pytest

from tests.register_draft.catalogues import CUSTOMERS, ORDERS, dataset, drafted, fields, head, left_out


def customers(columns: str, *more: str, zone: str | None = None) -> Mapping[str, Mapping[str, object]]:
    """The fields of customers with these columns."""
    table = CUSTOMERS.replace("email TEXT", f"email TEXT, {columns}")
    return fields(dataset(drafted(table, ORDERS, *more, zone=zone), "customers"))


def without(columns: str) -> Mapping[str, object]:
    """The columns of customers that are left out, each with its reason."""
    table = CUSTOMERS.replace("email TEXT", f"email TEXT, {columns}")
    found = left_out(dataset(drafted(table, ORDERS), "customers"))
    return {name: value["reason"] for name, value in found.items()}


CREDENTIALS = [
    *("password", "user_pass", "passwordHash", "encrypted_password", "password_digest", "Kennwort"),
    *("mot_de_passe", "pin", "otp_secret", "api_key", "remember_token", "reset_digest", "remember_digest"),
    *("activation_code", "confirm_code", "magic_link", "session_id", "salt", "cvv", "recovery_codes"),
    *("private_key", "security_answer", "two_factor_secret", "rp_token", "login_code", "access_token"),
]


@pytest.mark.parametrize("column", CREDENTIALS)
def test_a_credential_is_withheld(column: str) -> None:
    assert without(f"{column} TEXT") == {column: "withheld"}


@pytest.mark.parametrize("column", CREDENTIALS)
def test_a_credential_is_withheld_even_if_it_is_the_key(column: str) -> None:
    table = f"CREATE TABLE kept (customer_id INT REFERENCES customers (id), {column} TEXT PRIMARY KEY)"
    found = dataset(drafted(CUSTOMERS, ORDERS, table), "kept")
    assert fields(found).keys() == {"customer_id"}
    assert left_out(found)[column]["reason"] == "withheld"


def test_a_credential_is_withheld_in_a_table_without_a_key() -> None:
    table = "CREATE TABLE kept (customer_id INT REFERENCES customers (id), password TEXT, at DATE)"
    found = dataset(drafted(CUSTOMERS, ORDERS, table), "kept")
    assert fields(found).keys() == {"customer_id", "at"}
    assert head(found)["order_by"] == ["at"]


@pytest.mark.parametrize("name", ["sessions", "api_keys", "authtoken_token", "personal_access_tokens"])
def test_the_key_of_a_session_is_withheld(name: str) -> None:
    table = (
        f"CREATE TABLE {name} (key TEXT PRIMARY KEY, customer_id INT REFERENCES customers (id), payload TEXT, "
        "ip_address TEXT)"
    )
    found = dataset(drafted(CUSTOMERS, ORDERS, table), name)
    assert fields(found).keys() == {"customer_id", "ip_address"}
    numbered = table.replace("key TEXT", "id TEXT")
    assert "id" in left_out(dataset(drafted(CUSTOMERS, ORDERS, numbered), name))


def test_the_number_of_a_session_is_shown() -> None:
    table = "CREATE TABLE sessions (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id))"
    assert "id" in fields(dataset(drafted(CUSTOMERS, ORDERS, table), "sessions"))


def test_nothing_refers_to_a_credential() -> None:
    tokens = "CREATE TABLE tokens (token TEXT PRIMARY KEY, customer_id INT REFERENCES customers (id))"
    uses = "CREATE TABLE uses (id INTEGER PRIMARY KEY, used TEXT REFERENCES tokens (token), at DATE)"
    found = dataset(drafted(CUSTOMERS, ORDERS, tokens, uses), "uses")
    assert fields(found)["used"] == {"column": "used"}


@pytest.mark.parametrize(
    ("column", "origin"),
    [
        ("first_name TEXT", "provided"),
        ("birth_date DATE", "provided"),
        ("credit_score INT", None),
        ("last_login DATE", None),
        ("ip_address TEXT", None),
        ("status TEXT", None),
    ],
)
def test_what_people_enter_is_provided_and_all_else_is_observed_as_the_dataset_says(
    column: str, origin: str | None
) -> None:
    assert customers(column)[column.split(maxsplit=1)[0]].get("origin") == origin


def test_what_may_be_concluded_is_marked_because_the_logic_behind_it_has_to_be_written() -> None:
    (line,) = [
        line
        for line in dataset(
            drafted(CUSTOMERS.replace(")", ", credit_score INT)"), ORDERS), "customers"
        ).fields
        if line.key == "credit_score"
    ]
    assert "[logic]" in str(line.remark)


def test_a_job_is_no_position_in_a_list() -> None:
    assert "position" in customers("position TEXT")
    assert without("position INT, sort_order INT, row_version INT") == dict.fromkeys(
        ("position", "sort_order", "row_version"), "not_personal"
    )


def test_a_name_of_a_file_is_left_to_decide() -> None:
    assert without("avatar TEXT, photo_url TEXT") == {"avatar": "undecided", "photo_url": "undecided"}
    assert "avatar" in customers("avatar BLOB")


def test_words_kept_for_searching_are_a_copy_and_what_somebody_searched_is_none() -> None:
    assert without("search_vector") == {"search_vector": "copied_elsewhere"}
    assert "search_query" in customers("search_query")


def test_money_has_its_currency_or_its_unit() -> None:
    found = customers("balance DECIMAL(9,2), Currency TEXT, fee_cents INT, paid INT, percent DECIMAL(4,1)")
    assert found["balance"] == {"column": "balance", "type": "decimal", "currency": "currency"}
    assert found["fee_cents"] == {
        "column": "fee_cents",
        "type": "decimal",
        "unit": "1/100",
        "currency": "currency",
    }
    assert found["paid"] == {"column": "paid"}
    assert found["percent"] == {"column": "percent"}


def test_a_local_time_has_the_zone_that_somebody_named() -> None:
    assert customers("joined TIMESTAMP")["joined"] == {"column": "joined", "type": "string"}
    assert customers("joined TIMESTAMP", zone="Europe/London")["joined"] == {
        "column": "joined",
        "zone": "Europe/London",
    }


@pytest.mark.parametrize(
    ("column", "marks"),
    [
        ("deleted_at TIMESTAMP", {"column": "deleted_at"}),
        ("is_deleted BOOLEAN", {"column": "is_deleted", "values": [True]}),
        ("deleted INT", {"column": "deleted", "values": [1]}),
        ("deleted_at INT", {"column": "deleted_at"}),
    ],
)
def test_a_mark_of_deletion_is_recognised(column: str, marks: dict[str, object]) -> None:
    table = CUSTOMERS.replace("email TEXT", f"email TEXT, {column}")
    found = dataset(drafted(table, ORDERS), "customers")
    assert head(found)["deleted"] == marks
    assert column.split(maxsplit=1)[0] in fields(found)


def test_stored_codes_are_shown_beside_the_field() -> None:
    table = CUSTOMERS.replace("email TEXT", "email TEXT, size TEXT CHECK (size IN ('s', 'm'))")
    (line,) = (f for f in dataset(drafted(table, ORDERS), "customers").fields if f.key == "size")
    assert line.remark == "stored: s, m"


def test_two_columns_with_one_simple_name_become_two_fields() -> None:
    found = customers('"First Name" TEXT, first_name TEXT, "größe" TEXT, "a.b" TEXT, "顧客" TEXT')
    assert [found[name]["column"] for name in ("first_name", "first_name_2", "groesse", "a_b", "x")] == [
        *("First Name", "first_name", "größe", "a.b", "顧客")
    ]


def test_a_field_with_a_meaning_in_place_of_its_code_keeps_clear_of_others() -> None:
    genre = "CREATE TABLE genre (id INTEGER PRIMARY KEY, name TEXT)"
    found = customers("genre TEXT, genre_id INT REFERENCES genre (id)", genre)
    assert found["genre"]["column"] == "genre"
    assert found["genre_2"]["codes_from"] == {
        "table": "genre",
        "code": "id",
        "meaning": "name",
        "keep_code": True,
    }


def test_references_name_the_field_that_has_the_key() -> None:
    parts = (
        'CREATE TABLE parts ("Part No" INTEGER PRIMARY KEY, part_no TEXT, '
        "customer_id INT REFERENCES customers (id))"
    )
    used = 'CREATE TABLE used (id INTEGER PRIMARY KEY, part INT REFERENCES parts ("Part No"))'
    draft = drafted(CUSTOMERS, ORDERS, parts, used)
    assert fields(dataset(draft, "parts"))["part_no"]["column"] == "Part No"
    assert fields(dataset(draft, "used"))["part"] == {"column": "part", "references": "parts.part_no"}


def test_a_key_that_is_itself_a_code_keeps_its_name_for_those_that_refer_to_it() -> None:
    entity = "CREATE TABLE entity (id INTEGER PRIMARY KEY, name TEXT)"
    person = "CREATE TABLE person (id INTEGER PRIMARY KEY REFERENCES entity (id), email TEXT, last_name TEXT)"
    phone = "CREATE TABLE numbers (person_id INT REFERENCES person (id), phone TEXT)"
    draft = drafted(entity, person, phone)
    assert fields(dataset(draft, "numbers"))["person_id"]["references"] == "person.id"
    assert fields(dataset(draft, "person"))["id"] == {"column": "id"}
