-- Notes, tags and stars that people put on records while reading. Each row says that a mark is there from now on, or is there no more;
-- a person's marks may be seen by others when the votes of their stage may.

-- Kinds of operations are words of the program: a file that holds one which this version does not know is refused when it is read. The
-- list within the table could only grow by making the table anew, which this does for the last time.
DROP VIEW v_current_vote;
DROP VIEW v_live_operation;

CREATE TABLE operation_anew (
  id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  log          TEXT    NOT NULL CHECK (length(log) = 32),
  log_seq      INTEGER NOT NULL CHECK (log_seq >= 1),
  lamport      INTEGER NOT NULL CHECK (lamport >= 1),
  at           TEXT    NOT NULL,
  reviewer     TEXT    NOT NULL,
  kind         TEXT    NOT NULL CONSTRAINT operation_kind_is_a_word CHECK (length(kind) BETWEEN 3 AND 30 AND kind NOT GLOB '*[^a-z_]*'),
  summary      TEXT    NOT NULL,
  target       TEXT    REFERENCES operation (id),
  rows_digest  TEXT    NOT NULL CHECK (length(rows_digest) = 64),
  prev_hash    TEXT    NOT NULL,
  hash         TEXT    NOT NULL CHECK (length(hash) = 64),
  CONSTRAINT toggles_have_a_target CHECK ((kind IN ('undo', 'redo')) = (target IS NOT NULL))
) STRICT;
INSERT INTO operation_anew (id, log, log_seq, lamport, at, reviewer, kind, summary, target, rows_digest, prev_hash, hash)
  SELECT id, log, log_seq, lamport, at, reviewer, kind, summary, target, rows_digest, prev_hash, hash FROM operation ORDER BY rowid;
DROP TABLE operation;
ALTER TABLE operation_anew RENAME TO operation;
CREATE INDEX operation_order  ON operation (lamport, id);
CREATE INDEX operation_log    ON operation (log, log_seq);
CREATE INDEX operation_target ON operation (target, lamport, id) WHERE target IS NOT NULL;
CREATE TRIGGER operation_is_never_changed BEFORE UPDATE ON operation BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER operation_is_never_removed BEFORE DELETE ON operation BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE VIEW v_live_operation AS
  SELECT o.* FROM operation o
   WHERE coalesce((SELECT t.kind FROM operation t WHERE t.target = o.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo';

CREATE VIEW v_current_vote AS
  SELECT v.* FROM vote v JOIN operation o ON o.id = v.op
   WHERE coalesce((SELECT t.kind FROM operation t WHERE t.target = o.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo'
     AND NOT EXISTS (SELECT 1 FROM vote w JOIN operation p ON p.id = w.op
                      WHERE w.record = v.record AND w.stage = v.stage AND w.reviewer = v.reviewer
                        AND (p.lamport, p.id, w.n) > (o.lamport, o.id, v.n)
                        AND coalesce((SELECT t.kind FROM operation t WHERE t.target = p.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo');

CREATE TABLE mark (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  stage     TEXT    NOT NULL CONSTRAINT mark_stage CHECK (stage IN ('ta', 'ft')),
  record    TEXT    NOT NULL REFERENCES record (id),
  reviewer  TEXT    NOT NULL,
  kind      TEXT    NOT NULL CONSTRAINT mark_kind CHECK (kind IN ('note', 'tag', 'star')),
  value     TEXT    NOT NULL CONSTRAINT mark_has_a_value CHECK (length(value) > 0),
  is_set    INTEGER NOT NULL CHECK (is_set IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER mark_is_never_changed BEFORE UPDATE ON mark BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER mark_is_never_removed BEFORE DELETE ON mark BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
