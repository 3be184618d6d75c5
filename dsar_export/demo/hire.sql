-- The equipment-hire desk of Acme Outdoor Ltd, bought in 2021 with its own system. It does not know the group's
-- customer numbers and identifies people by their telephone number.
CREATE TABLE hire_customers (
    id INTEGER NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL,
    name TEXT NOT NULL
);
-- UNIQUE, so that SQLite knows that a card's agreements need no sort.
CREATE UNIQUE INDEX hire_customers_by_phone ON hire_customers (phone, id);

CREATE TABLE hire_items (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

-- Times are local to `place_zone`. Amounts are in minor units of `currency`; the yen has none.
CREATE TABLE hire_agreements (
    id INTEGER NOT NULL PRIMARY KEY,
    hire_customer_id INTEGER NOT NULL REFERENCES hire_customers (id),
    agreement_number TEXT NOT NULL,
    hirer_name TEXT NOT NULL,
    hirer_phone TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES hire_items (code),
    place TEXT NOT NULL,
    place_zone TEXT NOT NULL,
    collected_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    returned_at TEXT,
    currency TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    deposit_minor INTEGER NOT NULL,
    extras TEXT, -- JSON
    remarks TEXT NOT NULL
);
CREATE INDEX hire_agreements_by_customer ON hire_agreements (hire_customer_id, id);

-- Answers of the Driver and Vehicle Licensing Agency. Times are in seconds since 1970.
CREATE TABLE licence_checks (
    id INTEGER NOT NULL PRIMARY KEY,
    hire_customer_id INTEGER NOT NULL REFERENCES hire_customers (id),
    checked_at INTEGER NOT NULL,
    answer TEXT NOT NULL,
    reference TEXT NOT NULL,
    original TEXT NOT NULL -- a JSON object
);
CREATE INDEX licence_checks_by_customer ON licence_checks (hire_customer_id, id);
