-- The version of the form on which a study is extracted, from the operation on that wrote the row.

CREATE TABLE study_form (
  op       TEXT    NOT NULL REFERENCES operation (id),
  n        INTEGER NOT NULL,
  study    TEXT    NOT NULL,
  form     TEXT    NOT NULL CONSTRAINT study_form_has_a_form CHECK (length(form) > 0),
  version  INTEGER NOT NULL CONSTRAINT study_form_version CHECK (version >= 1),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER study_form_is_never_changed BEFORE UPDATE ON study_form BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER study_form_is_never_removed BEFORE DELETE ON study_form BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
