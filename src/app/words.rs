//! Tables of words to highlight.

use crate::domain::highlight::{HighlightWord, WordList};

use super::error::Result;
use super::named_table::NamedTable;
use super::workspace::Workspace;

impl Workspace {
    /// Reads words from a table with the columns `list` and `word`.
    ///
    /// # Errors
    /// [`super::Error`] that names line and column of the first row that cannot be read.
    #[allow(clippy::unused_self)]
    pub fn words_of_table(&self, text: &str, file: &str) -> Result<Vec<HighlightWord>> {
        let table = NamedTable::parse(text, file, &["list", "word"])?;
        let read = table.lines().map(|line| {
            let name = line.need("list")?;
            let list = name.to_lowercase().parse::<WordList>().map_err(|_| {
                line.wrong("list", format!("\"{name}\" is no list; use include, exclude, population, intervention, comparison or outcome"))
            })?;
            Ok(HighlightWord { list, text: line.need("word")?.to_owned() })
        });
        read.collect()
    }
}
