-- The database that the three companies of the group share. `company` is GB, FR or DE. Each company counts its
-- customers from 1, so only (company, id) identifies a customer. Numbers of accounts, orders and devices are unique
-- in the group. Amounts are in minor units of the currency beside them. Unless noted, times are in UTC and marked so.
CREATE TABLE customers (
    company TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL, -- the current one
    email_since TEXT NOT NULL,
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
    relationship_ended_on TEXT,
    merged_into TEXT,
    deleted_at TEXT, -- from then on, only accountants see the row
    row_version INTEGER NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE INDEX customers_by_id ON customers (id, company);

-- Customers' rows before they were changed. Older than the credit checks and the loyalty levels.
CREATE TABLE customers_history (
    version INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    title TEXT,
    given_name TEXT NOT NULL,
    surname TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    date_of_birth TEXT,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    customer_since TEXT NOT NULL,
    notes TEXT,
    replaced_at TEXT NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX customers_history_by_customer ON customers_history (customer_id, version);

CREATE TABLE customer_merges (
    company TEXT NOT NULL,
    old_id TEXT NOT NULL,
    new_id TEXT NOT NULL,
    merged_at TEXT NOT NULL,
    FOREIGN KEY (company, old_id) REFERENCES customers (company, id),
    FOREIGN KEY (company, new_id) REFERENCES customers (company, id)
);
CREATE INDEX customer_merges_by_old ON customer_merges (old_id);
CREATE INDEX customer_merges_by_new ON customer_merges (new_id);

-- `until` is the first moment at which the address was no longer the customer's.
CREATE TABLE email_history (
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    email TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX email_history_by_customer ON email_history (customer_id);

-- Times are in UTC, without a zone.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    login_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT,
    second_factor INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    totp_secret TEXT,
    session_token TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX accounts_by_customer ON accounts (customer_id, id);

CREATE TABLE addresses (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    region TEXT,
    country TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX addresses_by_customer ON addresses (customer_id, id);

CREATE TABLE contacts (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    phone TEXT,
    preferred INTEGER NOT NULL,
    verified_at TEXT,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX contacts_by_customer ON contacts (customer_id, id);

CREATE TABLE subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    service TEXT NOT NULL,
    plan TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    renews_on TEXT,
    price_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    billing_interval TEXT NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX subscriptions_by_customer ON subscriptions (customer_id, id);

CREATE TABLE bank_accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    iban TEXT,
    sort_code TEXT,
    account_number TEXT,
    bic TEXT,
    bank TEXT,
    mandate TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    status TEXT NOT NULL,
    used_for TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX bank_accounts_by_customer ON bank_accounts (customer_id, id);

CREATE TABLE products (
    id INTEGER NOT NULL PRIMARY KEY,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    price_minor INTEGER NOT NULL
);

-- `ordered_at` is the local time in the zone beside it.
CREATE TABLE orders (
    id TEXT NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    ordered_at TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    status INTEGER NOT NULL,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    delivery_name TEXT NOT NULL,
    delivery_street TEXT NOT NULL,
    delivery_city TEXT NOT NULL,
    delivery_postcode TEXT NOT NULL,
    delivery_country TEXT NOT NULL,
    delivery_phone TEXT,
    gift_message TEXT,
    pick_route INTEGER NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
-- UNIQUE although `id` alone already is: SQLite then knows that an order's payments need no sort.
CREATE UNIQUE INDEX orders_by_customer ON orders (customer_id, id);

-- The archive of old orders, with the same columns.
CREATE TABLE orders_archive (
    id TEXT NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    ordered_at TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    status INTEGER NOT NULL,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    delivery_name TEXT NOT NULL,
    delivery_street TEXT NOT NULL,
    delivery_city TEXT NOT NULL,
    delivery_postcode TEXT NOT NULL,
    delivery_country TEXT NOT NULL,
    delivery_phone TEXT,
    gift_message TEXT,
    pick_route INTEGER NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE UNIQUE INDEX orders_archive_by_customer ON orders_archive (customer_id, id);

-- No foreign key on order_id: the order may be in the archive. None on product_id: the lines of an article stay
-- when the article is removed.
CREATE TABLE order_lines (
    id INTEGER NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    line_number INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    currency TEXT NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    engraving TEXT
);
CREATE INDEX order_lines_by_order ON order_lines (order_id, id);

-- `paid_at` comes from the payment service, with its offset.
CREATE TABLE payments (
    id INTEGER NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    paid_at TEXT,
    method INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    card_last_four TEXT,
    status TEXT NOT NULL,
    reference TEXT NOT NULL,
    gateway_token TEXT NOT NULL
);
CREATE INDEX payments_by_order ON payments (order_id, id);

-- `occurred_ms` is in milliseconds since 1970, in UTC.
CREATE TABLE usage_events (
    id INTEGER NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    occurred_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    page TEXT NOT NULL,
    referrer TEXT,
    device TEXT,
    browser TEXT,
    ip_address TEXT,
    country TEXT,
    duration_ms INTEGER,
    details TEXT
);
CREATE INDEX usage_events_by_account ON usage_events (account_id, id);

-- From the mail service, which knows only an address and a company, and writes times with an offset.
CREATE TABLE email_events (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    email TEXT NOT NULL,
    campaign TEXT NOT NULL,
    event TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    link TEXT,
    user_agent TEXT,
    ip TEXT
);
CREATE INDEX email_events_by_address ON email_events (email, id);

CREATE TABLE campaigns (
    code TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    sent_on TEXT NOT NULL
);

-- The account of each device, from `since` until just before `until`. Times are in UTC, without a zone.
CREATE TABLE device_accounts (
    device_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    since TEXT NOT NULL,
    until TEXT
);
CREATE INDEX device_accounts_by_account ON device_accounts (account_id);

-- One row for each account that used a device. Times are in UTC, without a zone.
CREATE TABLE devices (
    id INTEGER NOT NULL PRIMARY KEY,
    device_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    make TEXT,
    model TEXT,
    operating_system TEXT,
    browser TEXT,
    ip_address TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    app_version TEXT,
    push_token TEXT
);
CREATE INDEX devices_by_device ON devices (device_id, id);
CREATE INDEX devices_by_account ON devices (account_id, id);

-- Times are in seconds since 1970. Without a login, only a cookie shows whose visit it was.
CREATE TABLE web_sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    cookie_id TEXT,
    device_id TEXT,
    account_id TEXT REFERENCES accounts (id),
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    landing_page TEXT NOT NULL,
    referrer TEXT,
    ip_address TEXT,
    user_agent TEXT,
    pages INTEGER NOT NULL,
    consent TEXT NOT NULL,
    session_token TEXT NOT NULL
);
CREATE INDEX web_sessions_by_account ON web_sessions (account_id, id);
CREATE INDEX web_sessions_by_device ON web_sessions (device_id, id);
CREATE INDEX web_sessions_by_cookie ON web_sessions (cookie_id, id);
CREATE INDEX web_sessions_by_address ON web_sessions (ip_address);

CREATE TABLE communications (
    id TEXT NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT, -- NULL for messages between two customers
    direction TEXT,
    channel TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT,
    body TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    delivered_at TEXT,
    topic TEXT,
    template TEXT,
    attachments TEXT NOT NULL, -- a JSON array of names
    handled_by TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX communications_by_sender ON communications (sender, id);
CREATE INDEX communications_by_recipient ON communications (recipient, id);
CREATE INDEX communications_by_customer ON communications (customer_id, id);

CREATE TABLE feedback (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    received_at TEXT NOT NULL,
    topic TEXT,
    rating INTEGER,
    text TEXT NOT NULL,
    answer TEXT,
    answered_at TEXT,
    status TEXT NOT NULL,
    attachments TEXT NOT NULL, -- a JSON array of names
    handled_by TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX feedback_by_customer ON feedback (customer_id, id);

CREATE TABLE marketing_preferences (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT NOT NULL,
    state TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    wording TEXT NOT NULL,
    given_at TEXT,
    given_how TEXT,
    confirmed_at TEXT,
    withdrawn_at TEXT,
    withdrawn_how TEXT,
    proof TEXT NOT NULL,
    in_transit_until TEXT,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX marketing_preferences_by_customer ON marketing_preferences (customer_id, id);

CREATE TABLE third_party_data (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    source_name TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    obtained_at TEXT NOT NULL,
    obtained_for TEXT NOT NULL,
    category TEXT NOT NULL,
    content TEXT NOT NULL,
    score REAL,
    score_meaning TEXT,
    reference TEXT NOT NULL,
    original TEXT NOT NULL, -- a JSON object
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX third_party_data_by_customer ON third_party_data (customer_id, id);

CREATE TABLE profiling (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    score REAL,
    score_meaning TEXT,
    logic TEXT NOT NULL,
    data_used TEXT NOT NULL,
    computed_at TEXT NOT NULL,
    model_version TEXT NOT NULL,
    automated_decision INTEGER NOT NULL,
    consequence TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX profiling_by_customer ON profiling (customer_id, id);

CREATE TABLE disclosures (
    id INTEGER NOT NULL PRIMARY KEY,
    company TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_kind TEXT NOT NULL,
    disclosed_at TEXT NOT NULL,
    categories TEXT NOT NULL,
    purpose TEXT NOT NULL,
    basis TEXT NOT NULL,
    country TEXT NOT NULL,
    safeguard TEXT,
    reference TEXT NOT NULL,
    FOREIGN KEY (company, customer_id) REFERENCES customers (company, id)
);
CREATE INDEX disclosures_by_customer ON disclosures (customer_id, id);

CREATE TABLE staff_sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    staff_name TEXT NOT NULL,
    session_token TEXT NOT NULL,
    started_at TEXT NOT NULL
);

CREATE VIEW sales_by_day AS
SELECT substr(ordered_at, 1, 10) AS day, currency, count(*) AS orders, sum(total_minor) AS total_minor
FROM orders
GROUP BY substr(ordered_at, 1, 10), currency;
