"""Ways lead from the person to the rows of each table, and never over somebody else."""

from tests.register_draft.catalogues import CUSTOMERS, ITEMS, ORDERS, STAFF, columns, ways_of


def test_rows_that_refer_to_the_person_are_theirs_and_so_is_what_refers_to_those() -> None:
    ways = ways_of(CUSTOMERS, ORDERS, ITEMS)
    assert columns(ways.to["customers"]) == [("id",)]
    assert columns(ways.to["orders"]) == [("customer_id",)]
    assert columns(ways.to["items"]) == [("order_id", "customer_id")]


def test_a_table_that_refers_to_the_person_twice_has_two_ways() -> None:
    messages = (
        "CREATE TABLE messages (id INTEGER PRIMARY KEY, sender_id INT REFERENCES customers (id), "
        "recipient_id INT REFERENCES customers (id))"
    )
    assert columns(ways_of(CUSTOMERS, messages).to["messages"]) == [("sender_id",), ("recipient_id",)]


def test_whoever_did_something_with_a_row_is_not_its_person() -> None:
    tickets = (
        "CREATE TABLE tickets (id INTEGER PRIMARY KEY, created_by INT REFERENCES customers (id), "
        "support_rep_id INT REFERENCES customers (id))"
    )
    ways = ways_of(CUSTOMERS, ORDERS, tickets)
    assert "tickets" not in ways.to
    assert {r.columns for r in ways.acting} == {("created_by",), ("support_rep_id",)}


def test_a_parent_in_another_table_is_the_owner() -> None:
    address = (
        "CREATE TABLE homes (id INTEGER PRIMARY KEY, parent_id INT REFERENCES customers (id), street TEXT)"
    )
    assert columns(ways_of(CUSTOMERS, ORDERS, address).to["homes"]) == [("parent_id",)]


def test_a_reference_to_the_table_itself_leads_to_nobody() -> None:
    customers = CUSTOMERS.replace(
        "email TEXT",
        "referrer INT REFERENCES customers (id), friend INT REFERENCES customers (id), email TEXT",
    )
    assert columns(ways_of(customers, ORDERS).to["customers"]) == [("id",)]


def test_no_way_passes_over_other_people() -> None:
    calls = (
        "CREATE TABLE shifts (id INTEGER PRIMARY KEY, employee_id INT REFERENCES employees (id), hours INT)"
    )
    staff = STAFF.replace(
        "email TEXT", "email TEXT, mentor INT REFERENCES customers (id), best INT REFERENCES orders (id)"
    )
    ways = ways_of(CUSTOMERS, ORDERS, staff, calls)
    assert ways.to.keys() == {"customers", "orders"}
    assert ways.pointers == ()


def test_no_way_passes_over_what_several_people_share() -> None:
    users = (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, company_id INT REFERENCES companies (id))"
    )
    companies = (
        "CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT, owner_id INT REFERENCES users (id))"
    )
    invoices = "CREATE TABLE invoices (id INTEGER PRIMARY KEY, company_id INT REFERENCES companies (id))"
    ways = ways_of(users, companies, invoices)
    assert "invoices" not in ways.to
    assert columns(ways.to["companies"]) == [("owner_id",)]
    assert [p.leads_to for p in ways.pointers] == ["company_id"]


def test_no_way_passes_over_a_team_only_because_of_its_owner() -> None:
    teams = "CREATE TABLE teams (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id))"
    plans = "CREATE TABLE plans (id INTEGER PRIMARY KEY, team_id INT REFERENCES teams (id), text TEXT)"
    assert ways_of(CUSTOMERS, ORDERS, teams, plans).to.keys() == {"customers", "orders", "teams"}


def test_a_cart_that_the_person_points_to_is_passed() -> None:
    customers = CUSTOMERS.replace("email TEXT", "email TEXT, cart INT REFERENCES carts (id)")
    carts = "CREATE TABLE carts (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id))"
    lines = "CREATE TABLE cart_lines (id INTEGER PRIMARY KEY, cart_id INT REFERENCES carts (id))"
    assert columns(ways_of(customers, carts, lines).to["cart_lines"]) == [("cart_id", "customer_id")]


def test_a_way_needs_a_reference_to_a_key() -> None:
    words = "CREATE TABLE words (id INTEGER PRIMARY KEY, sku TEXT REFERENCES items (sku))"
    assert "words" not in ways_of(CUSTOMERS, ORDERS, ITEMS, words).to


def test_a_profile_and_a_login_are_the_persons_own() -> None:
    users = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, password TEXT)"
    profiles = (
        "CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INT NOT NULL UNIQUE REFERENCES users (id), "
        "last_name TEXT)"
    )
    posts = "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT REFERENCES users (id))"
    likes = "CREATE TABLE likes (id INTEGER PRIMARY KEY, profile_id INT REFERENCES profiles (id))"
    ways = ways_of(users, profiles, posts, likes)
    assert columns(ways.to["profiles"]) == [("user_id",)]
    assert columns(ways.to["likes"]) == [("profile_id", "user_id")]
    assert ways.selves == {"users", "profiles"}


def test_a_login_beside_the_customer_has_a_key_of_its_own() -> None:
    login = "CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, password TEXT)"
    customer = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT, "
        "user_id INT UNIQUE REFERENCES auth_user (id))"
    )
    order = "CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customer (id))"
    visits = "CREATE TABLE visits (id INTEGER PRIMARY KEY, user_id INT REFERENCES auth_user (id))"
    ways = ways_of(login, customer, order, visits)
    assert [(p.given, p.leads_to) for p in ways.partners] == [("customer_id", "auth_user_id")]
    assert [(way.column, way.identifier) for way in ways.to["visits"]] == [("user_id", "auth_user_id")]


def test_a_seller_is_not_reached_as_a_buyer() -> None:
    person = "CREATE TABLE Person (PersonID INTEGER PRIMARY KEY, FirstName TEXT, LastName TEXT)"
    employee = "CREATE TABLE Employee (PersonID INTEGER PRIMARY KEY REFERENCES Person, BirthDate DATE)"
    sale = (
        "CREATE TABLE Sale (id INTEGER PRIMARY KEY, BuyerID INT REFERENCES Person, "
        "SalesPersonID INT REFERENCES Employee)"
    )
    assert columns(ways_of(person, employee, sale).to["Sale"]) == [("BuyerID",)]
    unsold = "CREATE TABLE Lead (id INTEGER PRIMARY KEY, SalesPersonID INT REFERENCES Employee)"
    assert "Lead" not in ways_of(person, employee, sale, unsold).to


def test_several_companies_keep_their_rows_apart() -> None:
    customers = "CREATE TABLE customers (company TEXT NOT NULL, id INT NOT NULL, email TEXT, PRIMARY KEY (company, id))"
    orders = (
        "CREATE TABLE orders (company TEXT NOT NULL, id INT NOT NULL, customer_id INT, PRIMARY KEY (company, id), "
        "FOREIGN KEY (company, customer_id) REFERENCES customers (company, id))"
    )
    items = (
        "CREATE TABLE items (company TEXT, order_id INT, sku TEXT, "
        "FOREIGN KEY (company, order_id) REFERENCES orders (company, id))"
    )
    ways = ways_of(customers, orders, items)
    assert [(w.column, w.tenant) for w in ways.to["orders"]] == [("customer_id", "company")]
    assert columns(ways.to["items"]) == [("company+order_id", "customer_id")]


def test_a_circle_of_references_ends() -> None:
    a = "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT REFERENCES b (id), customer_id INT REFERENCES customers (id))"
    b = "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT REFERENCES a (id))"
    assert columns(ways_of(CUSTOMERS, a, b).to["b"]) == [("a_id", "customer_id")]
