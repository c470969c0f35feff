-- Updates of a review: when one was begun, and which imports belong to it. An import without a row belongs to the first version.

CREATE TABLE cycle (
  op              TEXT    NOT NULL REFERENCES operation (id),
  n               INTEGER NOT NULL,
  number          INTEGER NOT NULL CONSTRAINT cycle_number CHECK (number >= 2),
  label           TEXT    NOT NULL CONSTRAINT cycle_has_a_label CHECK (length(label) > 0),
  studies_before  INTEGER NOT NULL CONSTRAINT cycle_studies CHECK (studies_before >= 0),
  reports_before  INTEGER NOT NULL CONSTRAINT cycle_reports CHECK (reports_before >= 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_cycle (
  op     TEXT    NOT NULL REFERENCES operation (id),
  n      INTEGER NOT NULL,
  batch  TEXT    NOT NULL CHECK (length(batch) = 12),
  cycle  INTEGER NOT NULL CONSTRAINT import_cycle_number CHECK (cycle >= 2),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER cycle_is_never_changed BEFORE UPDATE ON cycle BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER cycle_is_never_removed BEFORE DELETE ON cycle BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
CREATE TRIGGER import_cycle_is_never_changed BEFORE UPDATE ON import_cycle BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER import_cycle_is_never_removed BEFORE DELETE ON import_cycle BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
