"""A club's database of many shapes, the same in SQLite, PostgreSQL and MariaDB, that no register describes."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, create_engine, make_url, text

ADA: Final = 1
"""The member who asks; BEA shares a home with her, CEM is a stranger."""

_TABLES: Final = """
CREATE TABLE country (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL);
CREATE TABLE city (id INTEGER NOT NULL PRIMARY KEY, city VARCHAR(80), country_id INTEGER REFERENCES country (id));
CREATE TABLE home (id INTEGER NOT NULL PRIMARY KEY, street VARCHAR(80), postcode VARCHAR(20),
  city_id INTEGER REFERENCES city (id));
CREATE TABLE coaches (id INTEGER NOT NULL PRIMARY KEY, first_name VARCHAR(80), last_name VARCHAR(80),
  email VARCHAR(80));
CREATE TABLE members (id INTEGER NOT NULL PRIMARY KEY, first_name VARCHAR(80), last_name VARCHAR(80),
  email VARCHAR(80) NOT NULL UNIQUE, phone VARCHAR(40), home_id INTEGER REFERENCES home (id),
  password_hash VARCHAR(80), invited_by INTEGER REFERENCES members (id), joined_on DATE, removed_at DATE);
CREATE TABLE bookings (id INTEGER NOT NULL, season INTEGER NOT NULL, member_id INTEGER NOT NULL REFERENCES members (id),
  approved_by INTEGER REFERENCES coaches (id), price_cents INTEGER, remark VARCHAR(80), PRIMARY KEY (id, season));
CREATE TABLE sport (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80), fee DECIMAL(10, 2));
CREATE TABLE booking_hours (id INTEGER NOT NULL PRIMARY KEY, booking_id INTEGER, booking_season INTEGER,
  sport_id INTEGER REFERENCES sport (id), hours DECIMAL(10, 2),
  FOREIGN KEY (booking_id, booking_season) REFERENCES bookings (id, season));
CREATE TABLE friendships (member_id INTEGER NOT NULL REFERENCES members (id),
  friend_id INTEGER NOT NULL REFERENCES members (id), PRIMARY KEY (member_id, friend_id));
CREATE TABLE comments (id INTEGER NOT NULL PRIMARY KEY, commentable_type VARCHAR(40), commentable_id INTEGER,
  body VARCHAR(80));
CREATE TABLE newsletter (email VARCHAR(80) NOT NULL PRIMARY KEY, wishes VARCHAR(80));
CREATE TABLE page_views (id INTEGER NOT NULL PRIMARY KEY, member_id INTEGER, page VARCHAR(80));
CREATE TABLE schema_migrations (version VARCHAR(40) NOT NULL PRIMARY KEY);
CREATE TABLE sessions (id VARCHAR(80) NOT NULL PRIMARY KEY, content VARCHAR(80));
CREATE VIEW member_names AS SELECT first_name, last_name FROM members
"""
_ROWS: Final = """
INSERT INTO country VALUES (1, 'France');
INSERT INTO city VALUES (1, 'Lyon', 1), (2, 'Nice', 1);
INSERT INTO home VALUES (1, '1 rue du Test', '69001', 1), (2, '2 rue du Test', '06000', 2);
INSERT INTO coaches VALUES (1, 'COACH', 'COACH', 'coach@example.org');
INSERT INTO members VALUES (1, 'Ada', 'Test', 'ada@example.org', '111', 1, 'SECRET-A', NULL, '2024-01-01', NULL),
  (2, 'BEA', 'BEA', 'bea@example.org', '222', 1, 'SECRET-B', 1, '2024-01-02', NULL),
  (3, 'CEM', 'CEM', 'cem@example.org', '333', 2, 'SECRET-C', NULL, '2024-01-03', '2024-02-01');
INSERT INTO bookings VALUES (1, 2024, 1, 1, 1999, 'mine'), (1, 2025, 2, 1, 500, 'BEA'), (2, 2024, 1, 1, 5, NULL);
INSERT INTO sport VALUES (1, 'Tennis', 3.5);
INSERT INTO booking_hours VALUES (1, 1, 2024, 1, 2), (2, 1, 2025, 1, 77), (3, 2, 2024, 1, 1.5);
INSERT INTO friendships VALUES (1, 3), (2, 1), (2, 3);
INSERT INTO comments VALUES (1, 'Member', 1, 'about Ada'), (2, 'Sport', 1, 'BEA'), (3, 'Member', 2, 'BEA');
INSERT INTO newsletter VALUES ('ADA@example.org', 'monthly'), ('bea@example.org', 'BEA');
INSERT INTO page_views VALUES (1, 1, '/mine'), (2, 2, '/BEA'), (3, NULL, '/CEM');
INSERT INTO sessions VALUES ('SECRET-S', 'CEM')
"""
HELD: Final = {
    "members": "SELECT count(*) FROM members WHERE id = 1",
    "bookings": "SELECT count(*) FROM bookings WHERE member_id = 1",
    "booking_hours": "SELECT count(*) FROM booking_hours h JOIN bookings b ON b.id = h.booking_id "
    "AND b.season = h.booking_season WHERE b.member_id = 1",
    "friendships": "SELECT count(*) FROM friendships WHERE member_id = 1 OR friend_id = 1",
    "comments": "SELECT count(*) FROM comments WHERE commentable_type = 'Member' AND commentable_id = 1",
    "newsletter": "SELECT count(*) FROM newsletter WHERE lower(email) = 'ada@example.org'",
    "page_views": "SELECT count(*) FROM page_views WHERE member_id = 1",
    "home": "SELECT count(*) FROM home WHERE id IN (SELECT home_id FROM members WHERE id = 1)",
    "city": "SELECT count(*) FROM city WHERE id = 1",
}
"""How many rows of each table are Ada's, as an independent statement counts them."""


@dataclass(frozen=True)
class Database:
    """A database by its address."""

    url: str

    def run(self, script: str) -> None:
        engine = self._engine()
        with engine.begin() as connection:
            for statement in script.split(";\n"):
                connection.execute(text(statement))
        engine.dispose()

    def count(self, statement: str) -> int:
        engine = self._engine()
        with engine.connect() as connection:
            found = connection.execute(text(statement)).scalar_one()
        engine.dispose()
        return int(found)

    def _engine(self) -> Engine:
        url = make_url(self.url)
        return create_engine(url.set(drivername="mariadb+pymysql") if url.drivername == "mariadb" else url)


def fill_club(database: Database) -> None:
    """Makes the club's tables and rows."""
    database.run(_TABLES)
    database.run(_ROWS)
