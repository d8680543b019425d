-- Version 3: short texts are committed with the rows that name them; what went is remembered.

-- Texts that are in no segment yet: `texts.segment` is 0. The sum is a CRC-32C of the text.
CREATE TABLE fresh_texts (
    id BIGINT PRIMARY KEY,
    sum BIGINT NOT NULL,
    text BYTEA NOT NULL
);

-- Which UIDs went with which change of their mailbox, in runs (RFC 7162 §3.2.10); of its last 100,000 changes.
CREATE TABLE vanished (
    mailbox BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    first_uid BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    PRIMARY KEY (mailbox, modseq, first_uid)
);
