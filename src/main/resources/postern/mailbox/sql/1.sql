-- The mailbox store, version 1. Plain SQL that PostgreSQL takes too. Times are seconds since 1970.

CREATE TABLE counters (
    name VARCHAR(20) PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counters (name, last) VALUES ('account', 0), ('mailbox', 0), ('text', 0);

-- All accounts that have or had mail.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    address VARCHAR(320) NOT NULL UNIQUE
);

-- What stays of a name when no mailbox has it: the highest UIDVALIDITY under it, and the subscription.
CREATE TABLE names (
    account BIGINT NOT NULL,
    name VARCHAR(1000) NOT NULL,
    validity BIGINT NOT NULL,
    subscribed INTEGER NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE mailboxes (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    name VARCHAR(1000) NOT NULL,
    validity BIGINT NOT NULL,
    next_uid BIGINT NOT NULL,
    highest BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    special_use VARCHAR(100) NOT NULL,
    UNIQUE (account, name)
);

-- Where a text lies in the segments; gone with the last message that names it.
CREATE TABLE texts (
    id BIGINT PRIMARY KEY,
    segment BIGINT NOT NULL,
    place BIGINT NOT NULL,
    stored BIGINT NOT NULL,
    size BIGINT NOT NULL
);
CREATE INDEX texts_of_segment ON texts (segment, id, stored);

CREATE TABLE messages (
    mailbox BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    flags INTEGER NOT NULL,
    keywords TEXT NOT NULL,
    arrival BIGINT NOT NULL,
    saved BIGINT NOT NULL,
    front TEXT NOT NULL,
    text BIGINT NOT NULL,
    size BIGINT NOT NULL,
    pop_id TEXT NOT NULL,
    PRIMARY KEY (mailbox, uid)
);
CREATE INDEX messages_of_text ON messages (text);
