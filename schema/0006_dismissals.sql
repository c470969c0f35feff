-- Warnings on extracted numbers that somebody looked at and let stand, and studies left out of an analysis; both with the reason.

CREATE TABLE dismissal (
  op            TEXT    NOT NULL REFERENCES operation (id),
  n             INTEGER NOT NULL,
  study         TEXT    NOT NULL,
  reviewer      TEXT    NOT NULL,
  rule          TEXT    NOT NULL CONSTRAINT dismissal_rule CHECK (rule GLOB 'V[0-9]*'),
  path          TEXT    NOT NULL,
  seen          TEXT    NOT NULL,
  reason        TEXT    NOT NULL CONSTRAINT dismissal_has_a_reason CHECK (length(reason) > 0 OR is_dismissed = 0),
  is_dismissed  INTEGER NOT NULL CHECK (is_dismissed IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE analysis_exclusion (
  op           TEXT    NOT NULL REFERENCES operation (id),
  n            INTEGER NOT NULL,
  analysis     TEXT    NOT NULL,
  study        TEXT    NOT NULL,
  reviewer     TEXT    NOT NULL,
  reason       TEXT    NOT NULL CONSTRAINT exclusion_has_a_reason CHECK (length(reason) > 0 OR is_excluded = 0),
  is_excluded  INTEGER NOT NULL CHECK (is_excluded IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER dismissal_is_never_changed BEFORE UPDATE ON dismissal BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER dismissal_is_never_removed BEFORE DELETE ON dismissal BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
CREATE TRIGGER analysis_exclusion_is_never_changed BEFORE UPDATE ON analysis_exclusion BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER analysis_exclusion_is_never_removed BEFORE DELETE ON analysis_exclusion BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
