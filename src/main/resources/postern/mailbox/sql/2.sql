-- Version 2: what deliveries are known by, when they are brought again, and when each was committed.

CREATE TABLE taken (
    id VARCHAR(32) PRIMARY KEY,
    taken_at BIGINT NOT NULL
);
CREATE INDEX taken_by_time ON taken (taken_at);
