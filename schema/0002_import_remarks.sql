-- What the reader of a file said when it was imported: the remarks on places in the file, and how many there were in all.
-- An import without remarks has no row in either table.

CREATE TABLE import_remark (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  batch     TEXT    NOT NULL CHECK (length(batch) = 12),
  severity  TEXT    NOT NULL CONSTRAINT remark_severity CHECK (severity IN ('note', 'warning', 'error')),
  line      INTEGER NOT NULL CONSTRAINT remark_line CHECK (line >= 0),
  field     TEXT,
  message   TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

-- Long lists of remarks are cut; the counts are of all of them.
CREATE TABLE import_remark_count (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  batch     TEXT    NOT NULL CHECK (length(batch) = 12),
  notes     INTEGER NOT NULL CHECK (notes >= 0),
  warnings  INTEGER NOT NULL CHECK (warnings >= 0),
  errors    INTEGER NOT NULL CHECK (errors >= 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER import_remark_is_never_changed BEFORE UPDATE ON import_remark BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER import_remark_is_never_removed BEFORE DELETE ON import_remark BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
CREATE TRIGGER import_remark_count_is_never_changed BEFORE UPDATE ON import_remark_count BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER import_remark_count_is_never_removed BEFORE DELETE ON import_remark_count BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
