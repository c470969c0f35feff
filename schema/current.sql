-- Generated: the schema after all migrations. Do not edit.

CREATE INDEX operation_log    ON operation (log, log_seq);

CREATE INDEX operation_order  ON operation (lamport, id);

CREATE INDEX operation_target ON operation (target, lamport, id) WHERE target IS NOT NULL;

CREATE INDEX record_doi  ON record (doi)  WHERE doi  IS NOT NULL;

CREATE UNIQUE INDEX record_place ON record (batch, ordinal, id);

CREATE INDEX record_pmid ON record (pmid) WHERE pmid IS NOT NULL;

CREATE INDEX vote_unit ON vote (record, stage);

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

CREATE TABLE consensus_value (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  study      TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  choice     TEXT    NOT NULL CONSTRAINT consensus_choice CHECK (choice IN ('a', 'b', 'other')),
  raw        TEXT,
  reviewer   TEXT    NOT NULL,
  rationale  TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE cycle (
  op              TEXT    NOT NULL REFERENCES operation (id),
  n               INTEGER NOT NULL,
  number          INTEGER NOT NULL CONSTRAINT cycle_number CHECK (number >= 2),
  label           TEXT    NOT NULL CONSTRAINT cycle_has_a_label CHECK (length(label) > 0),
  studies_before  INTEGER NOT NULL CONSTRAINT cycle_studies CHECK (studies_before >= 0),
  reports_before  INTEGER NOT NULL CONSTRAINT cycle_reports CHECK (reports_before >= 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE duplicate_link (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  record_a   TEXT    NOT NULL REFERENCES record (id),
  record_b   TEXT    NOT NULL REFERENCES record (id),
  verdict    TEXT    NOT NULL CONSTRAINT link_verdict CHECK (verdict IN ('same', 'possible', 'different')),
  by_person  INTEGER NOT NULL CHECK (by_person IN (0, 1)),
  rule       TEXT    NOT NULL,
  score      REAL    NOT NULL CONSTRAINT link_score CHECK (score BETWEEN 0 AND 1),
  reason     TEXT    NOT NULL,
  PRIMARY KEY (op, n),
  CONSTRAINT two_records CHECK (record_a <> record_b)
) STRICT, WITHOUT ROWID;

CREATE TABLE extracted_value (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  study     TEXT    NOT NULL,
  reviewer  TEXT    NOT NULL,
  path      TEXT    NOT NULL,
  raw       TEXT,
  report    TEXT    REFERENCES record (id),
  page      TEXT,
  quote     TEXT,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE form_version (
  op       TEXT    NOT NULL REFERENCES operation (id),
  n        INTEGER NOT NULL,
  form     TEXT    NOT NULL,
  version  INTEGER NOT NULL,
  text     TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_batch (
  op              TEXT    NOT NULL REFERENCES operation (id),
  n               INTEGER NOT NULL,
  id              TEXT    NOT NULL CHECK (length(id) = 12),
  source          TEXT    NOT NULL,
  file_name       TEXT    NOT NULL,
  sha256          TEXT    NOT NULL CHECK (length(sha256) = 64),
  format          TEXT    NOT NULL,
  encoding        TEXT    NOT NULL,
  found           INTEGER NOT NULL,
  kept            INTEGER NOT NULL,
  not_understood  INTEGER NOT NULL,
  run_date        TEXT,
  strategy        TEXT,
  hits_reported   INTEGER,
  records_digest  TEXT    NOT NULL CHECK (length(records_digest) = 64),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_cycle (
  op     TEXT    NOT NULL REFERENCES operation (id),
  n      INTEGER NOT NULL,
  batch  TEXT    NOT NULL CHECK (length(batch) = 12),
  cycle  INTEGER NOT NULL CONSTRAINT import_cycle_number CHECK (cycle >= 2),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE import_remark_count (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  batch     TEXT    NOT NULL CHECK (length(batch) = 12),
  notes     INTEGER NOT NULL CHECK (notes >= 0),
  warnings  INTEGER NOT NULL CHECK (warnings >= 0),
  errors    INTEGER NOT NULL CHECK (errors >= 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE "operation" (
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

CREATE TABLE record (
  id        TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 12),
  batch     TEXT    NOT NULL,
  ordinal   INTEGER NOT NULL CHECK (ordinal >= 1),
  title     TEXT    NOT NULL,
  year      INTEGER,
  doi       TEXT,
  pmid      TEXT,
  citation  TEXT    NOT NULL CONSTRAINT citation_is_json CHECK (json_valid(citation)),
  raw       TEXT    NOT NULL
) STRICT;

CREATE TABLE removal (
  op      TEXT    NOT NULL REFERENCES operation (id),
  n       INTEGER NOT NULL,
  record  TEXT    NOT NULL REFERENCES record (id),
  kind    TEXT    NOT NULL CONSTRAINT removal_kind CHECK (kind IN ('automation', 'other', 'restored')),
  reason  TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE resolution (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  stage      TEXT    NOT NULL CONSTRAINT resolution_stage CHECK (stage IN ('ta', 'ft')),
  record     TEXT    NOT NULL REFERENCES record (id),
  reviewer   TEXT    NOT NULL,
  verdict    TEXT    NOT NULL CONSTRAINT resolution_verdict CHECK (verdict IN ('include', 'exclude', 'ongoing', 'awaiting')),
  reason     TEXT,
  rationale  TEXT    NOT NULL CONSTRAINT resolution_has_a_rationale CHECK (length(rationale) > 0),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE retrieval (
  op           TEXT    NOT NULL REFERENCES operation (id),
  n            INTEGER NOT NULL,
  record       TEXT    NOT NULL REFERENCES record (id),
  state        TEXT    NOT NULL CONSTRAINT retrieval_state CHECK (state IN ('pending', 'requested', 'retrieved', 'not_retrieved')),
  note         TEXT,
  file_sha256  TEXT,
  file_name    TEXT,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE review_file (
  id          TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  created_at  TEXT NOT NULL,
  created_by  TEXT NOT NULL
) STRICT;

CREATE TABLE reviewer (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  roles      TEXT    NOT NULL,
  is_active  INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE round_vote (
  op      TEXT    NOT NULL REFERENCES operation (id),
  n       INTEGER NOT NULL,
  round   TEXT    NOT NULL CHECK (length(round) = 12),
  record  TEXT    NOT NULL REFERENCES record (id),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE setting (
  op     TEXT    NOT NULL REFERENCES operation (id),
  n      INTEGER NOT NULL,
  name   TEXT    NOT NULL CONSTRAINT setting_name CHECK (name IN ('review', 'criteria', 'reasons', 'words', 'policy')),
  value  TEXT    NOT NULL CONSTRAINT setting_is_json CHECK (json_valid(value)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  op        TEXT    NOT NULL REFERENCES operation (id),
  n         INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  name      TEXT    NOT NULL,
  kind      TEXT    NOT NULL CONSTRAINT source_kind CHECK (kind IN ('database', 'register', 'website', 'organisation', 'citation')),
  platform  TEXT,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE study (
  op     TEXT    NOT NULL REFERENCES operation (id),
  n      INTEGER NOT NULL,
  id     TEXT    NOT NULL,
  label  TEXT    NOT NULL,
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE study_form (
  op       TEXT    NOT NULL REFERENCES operation (id),
  n        INTEGER NOT NULL,
  study    TEXT    NOT NULL,
  form     TEXT    NOT NULL CONSTRAINT study_form_has_a_form CHECK (length(form) > 0),
  version  INTEGER NOT NULL CONSTRAINT study_form_version CHECK (version >= 1),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE study_report (
  op         TEXT    NOT NULL REFERENCES operation (id),
  n          INTEGER NOT NULL,
  study      TEXT    NOT NULL,
  record     TEXT    NOT NULL REFERENCES record (id),
  is_linked  INTEGER NOT NULL CHECK (is_linked IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
  op            TEXT    NOT NULL REFERENCES operation (id),
  n             INTEGER NOT NULL,
  study         TEXT    NOT NULL,
  reviewer      TEXT    NOT NULL,
  is_submitted  INTEGER NOT NULL CHECK (is_submitted IN (0, 1)),
  PRIMARY KEY (op, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE ui_state (
  name   TEXT NOT NULL PRIMARY KEY,
  value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vote (
  op              TEXT    NOT NULL REFERENCES operation (id),
  n               INTEGER NOT NULL,
  stage           TEXT    NOT NULL CONSTRAINT vote_stage CHECK (stage IN ('ta', 'ft')),
  record          TEXT    NOT NULL REFERENCES record (id),
  reviewer        TEXT    NOT NULL,
  verdict         TEXT    NOT NULL CONSTRAINT vote_verdict CHECK (verdict IN ('include', 'maybe', 'exclude', 'ongoing', 'awaiting')),
  reason          TEXT,
  note            TEXT,
  milliseconds    INTEGER,
  is_independent  INTEGER NOT NULL CHECK (is_independent IN (0, 1)),
  PRIMARY KEY (op, n),
  CONSTRAINT full_text_exclusion_has_a_reason CHECK (NOT (stage = 'ft' AND verdict = 'exclude' AND reason IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER agreed_judgement_is_never_changed BEFORE UPDATE ON agreed_judgement BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER agreed_judgement_is_never_removed BEFORE DELETE ON agreed_judgement BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER analysis_exclusion_is_never_changed BEFORE UPDATE ON analysis_exclusion BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER analysis_exclusion_is_never_removed BEFORE DELETE ON analysis_exclusion BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER appraisal_answer_is_never_changed BEFORE UPDATE ON appraisal_answer BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER appraisal_answer_is_never_removed BEFORE DELETE ON appraisal_answer BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER appraisal_submission_is_never_changed BEFORE UPDATE ON appraisal_submission BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER appraisal_submission_is_never_removed BEFORE DELETE ON appraisal_submission BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER consensus_value_is_never_changed BEFORE UPDATE ON consensus_value BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER consensus_value_is_never_removed BEFORE DELETE ON consensus_value BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER cycle_is_never_changed BEFORE UPDATE ON cycle BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER cycle_is_never_removed BEFORE DELETE ON cycle BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER dismissal_is_never_changed BEFORE UPDATE ON dismissal BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER dismissal_is_never_removed BEFORE DELETE ON dismissal BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER duplicate_link_is_never_changed BEFORE UPDATE ON duplicate_link BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER duplicate_link_is_never_removed BEFORE DELETE ON duplicate_link BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER extracted_value_is_never_changed BEFORE UPDATE ON extracted_value BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER extracted_value_is_never_removed BEFORE DELETE ON extracted_value BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER form_version_is_never_changed BEFORE UPDATE ON form_version BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER form_version_is_never_removed BEFORE DELETE ON form_version BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER import_batch_is_never_changed BEFORE UPDATE ON import_batch BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER import_batch_is_never_removed BEFORE DELETE ON import_batch BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER import_cycle_is_never_changed BEFORE UPDATE ON import_cycle BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER import_cycle_is_never_removed BEFORE DELETE ON import_cycle BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER import_remark_count_is_never_changed BEFORE UPDATE ON import_remark_count BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER import_remark_count_is_never_removed BEFORE DELETE ON import_remark_count BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER import_remark_is_never_changed BEFORE UPDATE ON import_remark BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER import_remark_is_never_removed BEFORE DELETE ON import_remark BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER mark_is_never_changed BEFORE UPDATE ON mark BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER mark_is_never_removed BEFORE DELETE ON mark BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER operation_is_never_changed BEFORE UPDATE ON operation BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER operation_is_never_removed BEFORE DELETE ON operation BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER removal_is_never_changed BEFORE UPDATE ON removal BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER removal_is_never_removed BEFORE DELETE ON removal BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER resolution_is_never_changed BEFORE UPDATE ON resolution BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER resolution_is_never_removed BEFORE DELETE ON resolution BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER retrieval_is_never_changed BEFORE UPDATE ON retrieval BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER retrieval_is_never_removed BEFORE DELETE ON retrieval BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER review_file_is_never_changed BEFORE UPDATE ON review_file BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER review_file_is_never_removed BEFORE DELETE ON review_file BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER reviewer_is_never_changed BEFORE UPDATE ON reviewer BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER reviewer_is_never_removed BEFORE DELETE ON reviewer BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER round_vote_is_never_changed BEFORE UPDATE ON round_vote BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER round_vote_is_never_removed BEFORE DELETE ON round_vote BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER screening_round_is_never_changed BEFORE UPDATE ON screening_round BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER screening_round_is_never_removed BEFORE DELETE ON screening_round BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER setting_is_never_changed BEFORE UPDATE ON setting BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER setting_is_never_removed BEFORE DELETE ON setting BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER source_is_never_changed BEFORE UPDATE ON source BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER source_is_never_removed BEFORE DELETE ON source BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER study_form_is_never_changed BEFORE UPDATE ON study_form BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER study_form_is_never_removed BEFORE DELETE ON study_form BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER study_is_never_changed BEFORE UPDATE ON study BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER study_is_never_removed BEFORE DELETE ON study BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER study_report_is_never_changed BEFORE UPDATE ON study_report BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER study_report_is_never_removed BEFORE DELETE ON study_report BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER submission_is_never_changed BEFORE UPDATE ON submission BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER submission_is_never_removed BEFORE DELETE ON submission BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE TRIGGER vote_is_never_changed BEFORE UPDATE ON vote BEGIN SELECT raise(ABORT, 'history is never changed: add a row'); END;

CREATE TRIGGER vote_is_never_removed BEFORE DELETE ON vote BEGIN SELECT raise(ABORT, 'history is never removed: undo is a row'); END;

CREATE VIEW v_current_vote AS
  SELECT v.* FROM vote v JOIN operation o ON o.id = v.op
   WHERE coalesce((SELECT t.kind FROM operation t WHERE t.target = o.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo'
     AND NOT EXISTS (SELECT 1 FROM vote w JOIN operation p ON p.id = w.op
                      WHERE w.record = v.record AND w.stage = v.stage AND w.reviewer = v.reviewer
                        AND (p.lamport, p.id, w.n) > (o.lamport, o.id, v.n)
                        AND coalesce((SELECT t.kind FROM operation t WHERE t.target = p.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo');

CREATE VIEW v_live_operation AS
  SELECT o.* FROM operation o
   WHERE coalesce((SELECT t.kind FROM operation t WHERE t.target = o.id ORDER BY t.lamport DESC, t.id DESC LIMIT 1), 'redo') = 'redo';

