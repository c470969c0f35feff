//! The versions of the schema and the way from one to the next.

use rusqlite::Connection;

/// One step from a version of the schema to the next.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The file under `schema/`.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// All steps in order; the version of a file is the number of steps that it has seen.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_review.sql", sql: include_str!("../../schema/0001_review.sql") },
    Migration { name: "0002_import_remarks.sql", sql: include_str!("../../schema/0002_import_remarks.sql") },
    Migration { name: "0003_marks.sql", sql: include_str!("../../schema/0003_marks.sql") },
    Migration { name: "0004_rounds.sql", sql: include_str!("../../schema/0004_rounds.sql") },
    Migration { name: "0005_cycles.sql", sql: include_str!("../../schema/0005_cycles.sql") },
    Migration { name: "0006_dismissals.sql", sql: include_str!("../../schema/0006_dismissals.sql") },
    Migration { name: "0007_appraisals.sql", sql: include_str!("../../schema/0007_appraisals.sql") },
    Migration { name: "0008_study_forms.sql", sql: include_str!("../../schema/0008_study_forms.sql") },
];

/// Runs the steps that a file has not seen, all in one exclusive transaction, and stores the new version.
///
/// Foreign keys rest meanwhile, so that a step can make a table anew under its name; they are verified before the step counts.
pub(super) fn migrate(conn: &Connection, migrations: &[Migration]) -> rusqlite::Result<()> {
    let version: usize = conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))?.try_into().unwrap_or(0);
    if version >= migrations.len() {
        return Ok(());
    }
    conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN EXCLUSIVE")?;
    let steps = || -> rusqlite::Result<()> {
        for migration in &migrations[version..] {
            conn.execute_batch(migration.sql)?;
        }
        let dangling: i64 = conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        if dangling > 0 {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            return Err(rusqlite::Error::SqliteFailure(code, Some(format!("{dangling} rows speak of others that are missing"))));
        }
        conn.execute_batch(&format!("PRAGMA user_version = {}", migrations.len()))
    };
    let done = match steps() {
        Ok(()) => conn.execute_batch("COMMIT"),
        Err(error) => conn.execute_batch("ROLLBACK").and(Err(error)),
    };
    conn.execute_batch("PRAGMA foreign_keys = ON")?;
    done
}

/// Returns the statements of a database's schema, by kind and name.
pub(super) fn schema_text(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect()
}

/// Returns the schema after the first so many steps.
pub(super) fn expected_schema(migrations: &[Migration]) -> rusqlite::Result<Vec<String>> {
    let conn = Connection::open_in_memory()?;
    migrate(&conn, migrations)?;
    schema_text(&conn)
}

/// Returns the whole schema of the present version as one text, for `schema/current.sql` and `tamis schema`.
///
/// # Errors
/// None in practice: the steps are part of the program and a test runs them.
pub fn current_schema() -> rusqlite::Result<String> {
    let mut text = String::from("-- Generated: the schema after all migrations. Do not edit.\n\n");
    for statement in expected_schema(MIGRATIONS)? {
        text.push_str(&statement);
        text.push_str(";\n\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Migration = Migration { name: "8888_test.sql", sql: "CREATE TABLE extra (a TEXT) STRICT;" };
    const BROKEN: Migration = Migration { name: "9999_test.sql", sql: "CREATE TABLE third (a TEXT) STRICT; CREATE TABLE extra (a TEXT);" };

    fn version(conn: &Connection) -> i64 {
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a database has a version")
    }

    #[test]
    fn pending_steps_run_once_and_in_order() {
        let conn = Connection::open_in_memory().expect("memory");
        migrate(&conn, MIGRATIONS).expect("first version");
        assert_eq!(version(&conn), MIGRATIONS.len() as i64);
        let longer: Vec<Migration> = MIGRATIONS.iter().copied().chain([STEP]).collect();
        migrate(&conn, &longer).expect("next version");
        migrate(&conn, &longer).expect("nothing left to do");
        assert_eq!(version(&conn), longer.len() as i64);
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let conn = Connection::open_in_memory().expect("memory");
        migrate(&conn, MIGRATIONS).expect("first version");
        let broken: Vec<Migration> = MIGRATIONS.iter().copied().chain([STEP, BROKEN]).collect();
        assert!(migrate(&conn, &broken).is_err());
        assert_eq!(version(&conn), MIGRATIONS.len() as i64);
        assert_eq!(schema_text(&conn).expect("text"), expected_schema(MIGRATIONS).expect("text"));
    }
}
