-- Risk of bias: answers with an instrument, appraisals handed in, and judgements agreed upon.

CREATE TABLE appraisal_answer (
  op          TEXT    NOT NULL REFERENCES operation (id),
  n           INTEGER NOT NULL,
  study       TEXT    NOT NULL,
  result      TEXT    NOT NULL,
  instrument  TEXT    NOT NULL,
  reviewer    TEXT    NOT NULL,
  item        TEXT    NOT NULL CONSTRAINT answer_has_an_item CHECK (length(item) > 0),
  answer      TEXT,
  support     TEXT,
  page        TEXT,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE appraisal_submission (
  op            TEXT    NOT NULL REFERENCES operation (id),
  n             INTEGER NOT NULL,
  study         TEXT    NOT NULL,
  result        TEXT    NOT NULL,
  instrument    TEXT    NOT NULL,
  reviewer      TEXT    NOT NULL,
  is_submitted  INTEGER NOT NULL CHECK (is_submitted IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreed_judgement (
  op          TEXT    NOT NULL REFERENCES operation (id),
  n           INTEGER NOT NULL,
  study       TEXT    NOT NULL,
  result      TEXT    NOT NULL,
  instrument  TEXT    NOT NULL,
  item        TEXT    NOT NULL CONSTRAINT judgement_has_an_item CHECK (length(item) > 0),
  judgement   TEXT    NOT NULL,
  reviewer    TEXT    NOT NULL,
  rationale   TEXT    NOT NULL CONSTRAINT judgement_has_a_rationale CHECK (length(rationale) > 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER appraisal_answer_is_never_changed BEFORE UPDATE ON appraisal_answer BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER appraisal_answer_is_never_removed BEFORE DELETE ON appraisal_answer BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
CREATE TRIGGER appraisal_submission_is_never_changed BEFORE UPDATE ON appraisal_submission BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER appraisal_submission_is_never_removed BEFORE DELETE ON appraisal_submission BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
CREATE TRIGGER agreed_judgement_is_never_changed BEFORE UPDATE ON agreed_judgement BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;
CREATE TRIGGER agreed_judgement_is_never_removed BEFORE DELETE ON agreed_judgement BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;
