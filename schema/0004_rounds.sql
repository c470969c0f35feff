-- Calibration rounds: a random sample that several people screen at once. The row that starts a round and the one that closes it are two
-- versions of it; a row of round_vote says that the vote of its operation on a record was cast in the round.

CREATE TABLE screening_round (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  id         TEXT    NOT NULL CHECK (length(id) = 12),
  stage      TEXT    NOT NULL CONSTRAINT round_stage CHECK (stage IN ('ta', 'ft')),
  seed       INTEGER NOT NULL CONSTRAINT round_seed CHECK (seed BETWEEN 0 AND 4294967295),
  size       INTEGER NOT NULL CONSTRAINT round_size CHECK (size >= 1),
  votes      TEXT    NOT NULL CONSTRAINT round_votes CHECK (votes IN ('count', 'practice')),
  is_open    INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  reviewers  TEXT    NOT NULL,
  records    TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER screening_round_is_never_changed BEFORE UPDATE ON screening_round BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER screening_round_is_never_removed BEFORE DELETE ON screening_round BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TABLE round_vote (
  op      TEXT    NOT NULL REFERENCES operation (id),
  n       INTEGER NOT NULL,
  round   TEXT    NOT NULL CHECK (length(round) = 12),
  record  TEXT    NOT NULL REFERENCES record (id),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER round_vote_is_never_changed BEFORE UPDATE ON round_vote BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER round_vote_is_never_removed BEFORE DELETE ON round_vote BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
