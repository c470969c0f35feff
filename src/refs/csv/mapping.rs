//! What a person says about the columns of a table whose names nobody knows.

use crate::refs::RefsError;
use crate::refs::builder::Role;

use super::header::{Column, Exporter, Header, folded};

/// The fields that columns can be mapped to, by the names under which `import --dry-run --json` prints them, and what they mean.
pub const FIELDS: &[(&str, &str)] = &[
    ("title", "the title"),
    ("authors", "the authors, separated by semicolons, family names first"),
    ("year", "the year"),
    ("journal", "the journal or book"),
    ("volume", "the volume"),
    ("issue", "the issue"),
    ("pages", "the pages as a range"),
    ("start_page", "the first page"),
    ("end_page", "the last page"),
    ("doi", "the DOI"),
    ("pmid", "the PubMed identifier"),
    ("issn", "ISSNs or ISBNs"),
    ("abstract", "the abstract"),
    ("keywords", "the keywords"),
    ("type", "the kind of publication"),
    ("ids", "the database's own number"),
    ("given_first_authors", "the authors, given names first"),
    ("original_title", "the title in the language of the publication"),
    ("journal_abbreviation", "the abbreviated journal"),
    ("date", "the date"),
    ("article_number", "the article number"),
    ("pmcid", "the PubMed Central identifier"),
    ("registry_ids", "numbers of trial registries"),
    ("language", "the language"),
    ("publisher", "the publisher"),
    ("urls", "links"),
    ("notes", "notes"),
    ("extra", "kept under its own name, whatever the name means elsewhere"),
];

/// Returns the names of [`FIELDS`], for messages.
pub(in crate::refs) fn field_names() -> String {
    FIELDS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Returns what a field is.
fn role_of(field: &str) -> Option<Role> {
    Some(match field {
        "title" => Role::Title,
        "authors" => Role::Authors,
        "year" => Role::Year,
        "journal" => Role::Journal,
        "volume" => Role::Volume,
        "issue" => Role::Issue,
        "pages" => Role::Pages,
        "start_page" => Role::StartPage,
        "end_page" => Role::EndPage,
        "doi" => Role::Doi,
        "pmid" => Role::Pmid,
        "issn" => Role::Issn,
        "abstract" => Role::Abstract,
        "keywords" => Role::Keyword,
        "type" => Role::Kind,
        "ids" => Role::Accession,
        "given_first_authors" => Role::GivenFirst,
        "original_title" => Role::OriginalTitle,
        "journal_abbreviation" => Role::JournalAbbreviation,
        "date" => Role::Date,
        "article_number" => Role::ArticleNumber,
        "pmcid" => Role::Pmcid,
        "registry_ids" => Role::Registry,
        "language" => Role::Language,
        "publisher" => Role::Publisher,
        "urls" => Role::Url,
        "notes" => Role::Note,
        "extra" => Role::Extra,
        _ => return None,
    })
}

/// A mapping of columns to what they hold.
#[derive(Debug, Clone, Default)]
pub(in crate::refs) struct Mapping {
    /// What the column holds, its name as given, and the name as names are compared.
    entries: Vec<(Role, String, String)>,
}

impl Mapping {
    /// Reads pairs of field and column.
    ///
    /// # Errors
    /// [`RefsError::UnknownField`].
    pub fn of(columns: &[(String, String)]) -> Result<Self, RefsError> {
        let entry = |(field, column): &(String, String)| {
            let name = field.trim().to_lowercase().replace(['-', ' '], "_");
            let role = role_of(&name).ok_or_else(|| RefsError::UnknownField { field: field.clone() })?;
            Ok((role, column.trim().to_owned(), compared(column)))
        };
        Ok(Self { entries: columns.iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// Reports whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Counts the mapped columns whose names are in a row.
    pub(super) fn hits<S: AsRef<str>>(&self, cells: &[S]) -> usize {
        self.entries.len() - self.missing(cells).len()
    }

    /// Returns the names that are not among those of a row.
    fn missing<S: AsRef<str>>(&self, cells: &[S]) -> Vec<String> {
        let names: Vec<String> = cells.iter().map(|cell| compared(cell.as_ref())).collect();
        self.entries.iter().filter(|(_, _, name)| !names.contains(name)).map(|(_, column, _)| column.clone()).collect()
    }

    /// Reads a row as a header; `None` when a mapped column is not in it.
    ///
    /// The columns that are not mapped mean what their names say, but nothing that another column was mapped to.
    pub(super) fn header<S: AsRef<str>>(&self, cells: &[S]) -> Option<Header> {
        if cells.is_empty() || cells.iter().any(|cell| cell.as_ref().len() > 400) || !self.missing(cells).is_empty() {
            return None;
        }
        let plain = || {
            let column = |cell: &S| Column { name: crate::domain::text::clean_line(cell.as_ref()).into_owned(), role: Role::Extra };
            Header { exporter: Exporter::Other, columns: cells.iter().map(column).collect() }
        };
        let mut header = Header::of(cells).filter(|header| header.exporter != Exporter::Tamis).unwrap_or_else(plain);
        for (column, cell) in header.columns.iter_mut().zip(cells) {
            let name = compared(cell.as_ref());
            match self.entries.iter().find(|(_, _, mapped)| *mapped == name) {
                Some((role, _, _)) => column.role = *role,
                None if self.entries.iter().any(|(role, _, _)| is_same(*role, column.role)) => column.role = Role::Extra,
                None => {}
            }
        }
        Some(header)
    }

    /// Makes the error for a table in which no row has all columns; the row that has most is taken for its header.
    pub fn failure<S: AsRef<str>>(&self, rows: &[Vec<S>]) -> RefsError {
        let printed = |row: &&Vec<S>| row.iter().filter(|cell| !cell.as_ref().trim().is_empty()).count();
        let best = rows.iter().rev().max_by_key(|row| (self.hits(row), printed(row)));
        let columns = best.map(|row| super::names_of(row)).unwrap_or_default();
        let missing = best.map_or_else(Vec::new, |row| self.missing(row));
        RefsError::UnknownColumn { missing, columns }
    }
}

/// Reports whether two columns would fill the same field.
fn is_same(one: Role, other: Role) -> bool {
    let of = |role| if role == Role::GivenFirst { Role::Authors } else { role };
    of(one) == of(other) && one != Role::Extra
}

/// Returns a name as names are compared: letters and digits of any script alone, or all of it where there are none.
fn compared(name: &str) -> String {
    let folded = folded(name);
    if folded.is_empty() { name.trim().to_owned() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(pairs: &[(&str, &str)]) -> Mapping {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
        Mapping::of(&pairs).expect("known fields")
    }

    #[test]
    fn every_field_is_something() {
        assert!(FIELDS.iter().all(|(name, meaning)| role_of(name).is_some() && !meaning.is_empty()));
        assert_eq!(role_of("titel"), None);
    }

    #[test]
    fn what_is_mapped_is_read_from_there_and_nowhere_else() {
        let header =
            mapping(&[("title", "Nombre"), ("given-first-authors", "Quien")]).header(&["Title", "nombre ", "Authors", "Quien", "Year"]);
        let roles: Vec<Role> = header.expect("a header").columns.iter().map(|column| column.role).collect();
        assert_eq!(roles, [Role::Extra, Role::Title, Role::Extra, Role::GivenFirst, Role::Year]);
        assert_eq!(mapping(&[("title", "Nombre")]).header(&["Title", "Year"]), None);
    }
}
