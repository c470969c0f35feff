//! The parts of a workbook that a table is read from: names of sheets, shared texts, formats of numbers, rows.

use std::borrow::Cow;

use crate::domain::text::clean_line;
use crate::refs::RefsError;

use super::cell::{Shown, built_in, number, of_code, unescaped};
use super::package::{Package, damaged};
use super::tokens::{Token, Tokens, attribute};

/// The most columns that are read; what lies to the right of them is no table of records.
const MOST_COLUMNS: usize = 4_096;

/// The most bytes of text that the cells of a sheet may hold, each mention of a shared text counted.
const MOST_TEXT: usize = 1 << 30;

/// A sheet of a workbook.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The name that its tab shows, as one clean line.
    pub name: String,
    /// The name of its part.
    path: String,
}

/// What is known of a workbook without its sheets.
#[derive(Debug)]
pub(super) struct Workbook {
    /// The sheets in order; those that are hidden stand behind the others.
    pub sheets: Vec<Sheet>,
    strings: Vec<String>,
    styles: Vec<Shown>,
    is_1904: bool,
}

impl Workbook {
    /// Reads what the sheets need.
    ///
    /// # Errors
    /// [`RefsError::Workbook`].
    pub fn read(package: &mut Package<'_>) -> Result<Self, RefsError> {
        let root = relations(package, "_rels/.rels")?;
        let main = root.iter().find(|relation| relation.kind.ends_with("/officeDocument"));
        let path = main.map_or("xl/workbook.xml", |relation| relation.target.as_str()).trim_start_matches('/').to_owned();
        let text = package.part(&path)?.ok_or_else(|| damaged("the list of its sheets is missing"))?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let links = relations(package, &format!("{folder}/_rels/{file}.rels"))?;
        let in_folder = |target: &str| match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None if folder.is_empty() => target.to_owned(),
            None => format!("{folder}/{}", target.trim_start_matches("./")),
        };
        let linked = |kind: &str| links.iter().find(|relation| relation.kind.ends_with(kind)).map(|relation| in_folder(&relation.target));
        let (mut shown, mut hidden, mut is_1904) = (Vec::new(), Vec::new(), false);
        for token in Tokens::new(&text) {
            let Token::Start(name, attributes) = token else { continue };
            if name == "workbookPr" {
                is_1904 = attribute(attributes, "date1904").is_some_and(|value| value == "1" || value == "true");
            } else if name == "sheet" {
                let Some(id) = sheet_link(attributes) else { continue };
                let Some(link) = links.iter().find(|relation| relation.id == id && relation.kind.ends_with("/worksheet")) else { continue };
                let name = attribute(attributes, "name").unwrap_or_default();
                let sheet = Sheet { name: clean_line(&unescaped(&name)).into_owned(), path: in_folder(&link.target) };
                let is_hidden = attribute(attributes, "state").is_some_and(|state| state != "visible");
                if is_hidden { &mut hidden } else { &mut shown }.push(sheet);
            }
        }
        shown.append(&mut hidden);
        if shown.is_empty() {
            return Err(damaged("it holds no sheet with cells"));
        }
        let strings = match linked("/sharedStrings") {
            Some(path) => package.part(&path)?.map(|text| shared_strings(&text)).unwrap_or_default(),
            None => Vec::new(),
        };
        let styles = match linked("/styles") {
            Some(path) => package.part(&path)?.map(|text| styles(&text)).unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Self { sheets: shown, strings, styles, is_1904 })
    }

    /// Returns the text of a sheet.
    ///
    /// # Errors
    /// [`RefsError::Workbook`].
    pub fn xml(&self, at: usize, package: &mut Package<'_>) -> Result<String, RefsError> {
        let sheet = &self.sheets[at];
        package.part(&sheet.path)?.ok_or_else(|| damaged(format!("the sheet \"{}\" is missing", sheet.name)))
    }
}

/// A link between parts.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(package: &mut Package<'_>, path: &str) -> Result<Vec<Relation>, RefsError> {
    let text = package.part(path)?.unwrap_or_default();
    let relations = Tokens::new(&text).filter_map(|token| match token {
        Token::Start("Relationship", attributes) => {
            let value = |name| attribute(attributes, name).unwrap_or_default().into_owned();
            Some(Relation { id: value("Id"), kind: value("Type"), target: value("Target") })
        }
        _ => None,
    });
    Ok(relations.collect())
}

/// Returns the link of a sheet: the attribute `id` that has a prefix, since `sheetId` is another one.
fn sheet_link(attributes: &str) -> Option<String> {
    attribute(attributes, "id").map(Cow::into_owned)
}

/// Reads the texts that cells share.
fn shared_strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next() {
        if matches!(token, Token::Start("si", _)) {
            strings.push(rich_text(&mut tokens, "si"));
        }
    }
    strings
}

/// Joins the runs of a text up to the end of an element; how the text is to be pronounced is left out.
fn rich_text(tokens: &mut Tokens<'_>, ends: &str) -> String {
    let (mut text, mut is_text, mut is_phonetic) = (String::new(), false, false);
    for token in tokens.by_ref() {
        match token {
            Token::Start("t", _) => is_text = true,
            Token::End("t") => is_text = false,
            Token::Start("rPh", _) => is_phonetic = true,
            Token::End("rPh") => is_phonetic = false,
            Token::Text(part) if is_text && !is_phonetic => text.push_str(&unescaped(&part)),
            Token::End(name) if name == ends => break,
            _ => {}
        }
    }
    text
}

/// Reads how the numbers of each style are shown.
fn styles(text: &str) -> Vec<Shown> {
    let mut codes: Vec<(u32, Shown)> = Vec::new();
    let (mut styles, mut is_cells) = (Vec::new(), false);
    for token in Tokens::new(text) {
        match token {
            Token::Start("numFmt", attributes) => {
                let id = attribute(attributes, "numFmtId").and_then(|id| id.parse().ok());
                if let (Some(id), Some(code)) = (id, attribute(attributes, "formatCode")) {
                    codes.push((id, of_code(&code)));
                }
            }
            Token::Start("cellXfs", _) => is_cells = true,
            Token::End("cellXfs") => is_cells = false,
            Token::Start("xf", attributes) if is_cells => {
                let id: u32 = attribute(attributes, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                let own = codes.iter().take(10_000).find(|(known, _)| *known == id).map(|(_, shown)| *shown);
                styles.push(own.unwrap_or_else(|| built_in(id)));
            }
            _ => {}
        }
    }
    styles
}

/// One row of a sheet.
#[derive(Debug)]
pub(super) struct SheetRow<'a> {
    /// The 1-based number that the sheet shows.
    pub number: usize,
    /// The cells from the first column on; what lies behind the last one that holds anything is left out.
    pub cells: Vec<Cow<'a, str>>,
}

/// The rows of a sheet that hold anything.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    workbook: &'a Workbook,
    tokens: Tokens<'a>,
    number: usize,
    text: usize,
}

impl<'a> Rows<'a> {
    /// Starts at the first row.
    pub fn new(workbook: &'a Workbook, xml: &'a str) -> Self {
        Self { workbook, tokens: Tokens::new(xml), number: 0, text: 0 }
    }

    /// Returns the offset reached.
    pub fn offset(&self) -> usize {
        self.tokens.offset()
    }

    /// Returns the next row that holds anything; `None` at the end.
    ///
    /// # Errors
    /// [`RefsError::Workbook`] where the cells hold more text than any sheet.
    pub fn next(&mut self) -> Result<Option<SheetRow<'a>>, RefsError> {
        while let Some(token) = self.tokens.next() {
            let Token::Start("row", attributes) = token else { continue };
            let given: Option<usize> = attribute(attributes, "r").and_then(|number| number.parse().ok());
            self.number = given.filter(|given| (1..=1_048_576).contains(given)).unwrap_or(self.number + 1);
            let cells = self.cells()?;
            if !cells.is_empty() {
                return Ok(Some(SheetRow { number: self.number, cells }));
            }
        }
        Ok(None)
    }

    /// Reads the cells of a row.
    fn cells(&mut self) -> Result<Vec<Cow<'a, str>>, RefsError> {
        let mut cells = Vec::new();
        let mut column = 0;
        while let Some(token) = self.tokens.next() {
            match token {
                Token::End("row") => break,
                Token::Start("c", attributes) => {
                    let place = attribute(attributes, "r").and_then(|place| column_of(&place));
                    column = place.unwrap_or(column);
                    let value = self.value(attributes);
                    if !value.trim().is_empty() && column < MOST_COLUMNS {
                        self.text += value.len();
                        if self.text > MOST_TEXT {
                            return Err(damaged(format!("its cells hold more than {} MB of text", MOST_TEXT >> 20)));
                        }
                        if cells.len() <= column {
                            cells.resize(column + 1, Cow::Borrowed(""));
                        }
                        cells[column] = value;
                    }
                    column += 1;
                }
                _ => {}
            }
        }
        Ok(cells)
    }

    /// Reads the value of a cell up to the end of its element.
    fn value(&mut self, attributes: &str) -> Cow<'a, str> {
        let kind = attribute(attributes, "t");
        let style = attribute(attributes, "s").and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
        let mut value: Cow<'a, str> = Cow::Borrowed("");
        let mut is_value = false;
        while let Some(token) = self.tokens.next() {
            match token {
                Token::End("c") => break,
                Token::Start("is", _) => value = Cow::Owned(rich_text(&mut self.tokens, "is")),
                Token::Start("v", _) => is_value = true,
                Token::End("v") => is_value = false,
                Token::Text(text) if is_value => {
                    if value.is_empty() {
                        value = text;
                    } else {
                        value.to_mut().push_str(&text);
                    }
                }
                _ => {}
            }
        }
        match kind.as_deref() {
            Some("inlineStr") => value,
            Some("s") => {
                let at = value.trim().parse::<usize>().ok();
                at.and_then(|at| self.workbook.strings.get(at)).map_or(Cow::Borrowed(""), |text| Cow::Borrowed(text.as_str()))
            }
            Some("b") => Cow::Borrowed(if matches!(value.trim(), "1" | "true") { "TRUE" } else { "FALSE" }),
            Some("str") => match unescaped(&value) {
                Cow::Owned(text) => Cow::Owned(text),
                Cow::Borrowed(_) => value,
            },
            Some("e") if matches!(value.trim(), "#N/A" | "#NULL!") => Cow::Borrowed(""),
            Some("e") => value,
            Some("d") => match value.strip_suffix("T00:00:00") {
                Some(day) => Cow::Owned(day.to_owned()),
                None => value,
            },
            _ => {
                let shown = self.workbook.styles.get(style).copied().unwrap_or_default();
                match number(&value, shown, self.workbook.is_1904) {
                    Cow::Owned(text) => Cow::Owned(text),
                    Cow::Borrowed(text) if text.len() == value.len() => value,
                    Cow::Borrowed(text) => Cow::Owned(text.to_owned()),
                }
            }
        }
    }
}

/// Returns the 0-based column of a place ("AB12" is 27).
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0_usize, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}
