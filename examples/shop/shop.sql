-- A small shop's database, to try the register beside it:  sqlite3 shop.db < shop.sql
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    password_hash TEXT NOT NULL
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    created_at TEXT NOT NULL, -- local time, without a zone
    state TEXT NOT NULL, -- N new, S sent, R returned
    total_pence INTEGER NOT NULL
);

CREATE TABLE order_items (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    price_pence INTEGER NOT NULL
);

-- Rows are read in the order of (whose they are, which one); without these the database would have to
-- sort them first, in memory or on its disk.
CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX order_items_by_order ON order_items (order_id, id);

INSERT INTO customers VALUES
    (1, 'Mara Example', 'mara@example.org', '07700 900101', 'not-a-real-hash-1'),
    (2, 'Tom Example', 'tom@example.org', NULL, 'not-a-real-hash-2');

INSERT INTO orders VALUES
    (10, 1, '2025-11-28 09:15:00', 'S', 4498),
    (11, 2, '2025-12-01 17:40:12', 'N', 1250),
    (12, 1, '2026-01-05 20:03:59', 'R', 1250);

INSERT INTO order_items VALUES
    (100, 10, 'Teapot, blue', 1, 3248),
    (101, 10, 'Mug', 1, 1250),
    (102, 11, 'Mug', 1, 1250),
    (103, 12, 'Mug', 1, 1250);
