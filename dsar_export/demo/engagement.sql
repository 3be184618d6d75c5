-- What people do on the website and with emails. Usage events are in milliseconds since 1970, in UTC;
-- email events come from the mail service as ISO 8601 text with an offset.
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

CREATE TABLE email_events (
    id INTEGER NOT NULL PRIMARY KEY,
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
