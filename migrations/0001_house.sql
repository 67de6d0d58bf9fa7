-- One portable set for SQLite and PostgreSQL: TEXT, BIGINT (UTC milliseconds, 0/1), JSON as TEXT.

-- Settings of this installation: the name of its secret link, the kind of database (demo or real).
CREATE TABLE house (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Organizers' accounts. `folded` makes "Hoa" and "hoa" one name.
CREATE TABLE account (
    id         BIGINT PRIMARY KEY,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL CONSTRAINT account_name_taken UNIQUE,
    password   TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The ledger: append-only, hash-chained; the primary key is the optimistic lock.
CREATE TABLE entry (
    contest TEXT NOT NULL,
    seq     BIGINT NOT NULL,
    body    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (contest, seq)
);

-- Content that the ledger names by hash: frozen banks, listings of marks.
CREATE TABLE content (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

-- Whoever enters by a personal code. The code stays readable: cards are printed again and again.
CREATE TABLE person (
    id         BIGINT PRIMARY KEY,
    contest    TEXT NOT NULL,
    role       TEXT NOT NULL,
    name       TEXT NOT NULL,
    sbd        TEXT NOT NULL,
    team       BIGINT,
    post       TEXT NOT NULL,
    code       TEXT NOT NULL CONSTRAINT person_code_taken UNIQUE,
    -- The one device that may act for this person: the device cookie's hash; NULL: the next to enter.
    device     TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX person_of_contest ON person (contest, role, team);
-- A contestant's number is his own within the contest; other roles have none.
CREATE UNIQUE INDEX person_sbd_taken ON person (contest, sbd) WHERE sbd <> '';

-- Whoever is signed in. The cookie's token is stored hashed.
CREATE TABLE session (
    token      TEXT PRIMARY KEY,
    account    BIGINT,
    person     BIGINT,
    device     TEXT NOT NULL,
    label      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL
);
CREATE INDEX session_of_person ON session (person);
CREATE INDEX session_of_account ON session (account);

-- The question bank of a contest, edited at leisure; a round freezes what it uses.
CREATE TABLE question (
    contest    TEXT NOT NULL,
    id         BIGINT NOT NULL,
    text       TEXT NOT NULL,
    folded     TEXT NOT NULL,
    options    TEXT NOT NULL,
    correct    TEXT NOT NULL,
    topic      TEXT NOT NULL,
    level      TEXT NOT NULL,
    source     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (contest, id),
    CONSTRAINT question_text_taken UNIQUE (contest, folded)
);

-- A file that was read and waits for somebody to say yes.
CREATE TABLE upload (
    id         TEXT PRIMARY KEY,
    contest    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The papers of a round, built before it opens.
CREATE TABLE paper (
    contest TEXT NOT NULL,
    round   BIGINT NOT NULL,
    code    BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (contest, round, code)
);

-- One contestant's attempt. Marks are filled at hand-in and again by every marking.
CREATE TABLE attempt (
    id         BIGINT PRIMARY KEY,
    contest    TEXT NOT NULL,
    round      BIGINT NOT NULL,
    person     BIGINT NOT NULL,
    team       BIGINT NOT NULL,
    paper      BIGINT NOT NULL,
    started_at BIGINT,
    handed_in  BIGINT,
    -- 1 when the server handed in at the deadline.
    by_server  BIGINT NOT NULL DEFAULT 0,
    points     BIGINT,
    right_     BIGINT,
    wrong      BIGINT,
    blank      BIGINT,
    seconds    BIGINT,
    CONSTRAINT attempt_once UNIQUE (contest, round, person)
);
CREATE INDEX attempt_open ON attempt (contest, round, handed_in, started_at);
CREATE INDEX attempt_of_person ON attempt (person);
CREATE INDEX attempt_of_team ON attempt (contest, round, team);

-- Every revision of every answer that arrived, never changed. `timing`: 0 in time, 1 grace, 2 too late.
CREATE TABLE answer (
    attempt   BIGINT NOT NULL,
    question  BIGINT NOT NULL,
    revision  BIGINT NOT NULL,
    choice    BIGINT NOT NULL,
    chosen_at BIGINT NOT NULL,
    arrived   BIGINT NOT NULL,
    timing    BIGINT NOT NULL,
    PRIMARY KEY (attempt, question, revision)
);

-- How far the teams are, kept as answers and papers come in.
CREATE TABLE progress (
    contest     TEXT NOT NULL,
    round       BIGINT NOT NULL,
    team        BIGINT NOT NULL,
    contestants BIGINT NOT NULL DEFAULT 0,
    answered    BIGINT NOT NULL DEFAULT 0,
    handed_in   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (contest, round, team)
);
