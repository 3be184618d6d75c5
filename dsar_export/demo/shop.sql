-- The web shop of Acme Outdoor Ltd. Times are local and name no zone; money is whole pence.
CREATE TABLE customers (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    date_of_birth TEXT,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    customer_since TEXT NOT NULL,
    newsletter INTEGER NOT NULL,
    loyalty_level INTEGER NOT NULL,
    credit_score INTEGER,
    credit_agency TEXT,
    notes TEXT,
    row_version INTEGER NOT NULL
);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    login_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT,
    second_factor INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    totp_secret TEXT,
    session_token TEXT
);
CREATE INDEX accounts_by_customer ON accounts (customer_id, id);

CREATE TABLE products (
    id INTEGER NOT NULL PRIMARY KEY,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    price_pence INTEGER NOT NULL
);

CREATE TABLE orders (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    ordered_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    channel TEXT NOT NULL,
    total_pence INTEGER NOT NULL,
    delivery_name TEXT NOT NULL,
    delivery_street TEXT NOT NULL,
    delivery_city TEXT NOT NULL,
    delivery_postcode TEXT NOT NULL,
    delivery_country TEXT NOT NULL,
    delivery_phone TEXT,
    gift_message TEXT,
    pick_route INTEGER NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer_id, id);

-- No foreign key on product_id: an article that is taken off the list leaves its lines behind.
CREATE TABLE order_lines (
    id INTEGER NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    line_number INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price_pence INTEGER NOT NULL,
    engraving TEXT
);
CREATE INDEX order_lines_by_order ON order_lines (order_id, id);

CREATE TABLE payments (
    id INTEGER NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    paid_at TEXT,
    method INTEGER NOT NULL,
    amount_pence INTEGER NOT NULL,
    card_last_four TEXT,
    status TEXT NOT NULL,
    reference TEXT NOT NULL,
    gateway_token TEXT NOT NULL
);
CREATE INDEX payments_by_order ON payments (order_id, id);

CREATE TABLE staff_sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    staff_name TEXT NOT NULL,
    session_token TEXT NOT NULL,
    started_at TEXT NOT NULL
);

CREATE VIEW sales_by_day AS
SELECT substr(ordered_at, 1, 10) AS day, count(*) AS orders, sum(total_pence) AS total_pence
FROM orders
GROUP BY substr(ordered_at, 1, 10);
