//! The text of PDF files: bytes in, pages of clean text out.
//!
//! Map: this file reads a file page by page; `layout` turns placed letters into lines. The drawing instructions of a page are run by
//! `hayro-interpret` (pure Rust, no `unsafe` of its own) against a device that draws nothing and listens to letters. It still is a
//! reader of hostile files: callers run it on a thread of its own, with a limit of time, and take a panic for a file that cannot be
//! read (see `app::pdf_text`).

mod layout;
#[cfg(test)]
pub(crate) mod sample;

use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, interpret_page};

use layout::Listener;

/// The most pages that are read of one file; the longest reports are theses of some hundred pages.
pub const MAX_PAGES: usize = 3_000;

/// Why nothing can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The file does not begin as a PDF does.
    #[error("it is no PDF file")]
    NoPdf,
    /// A password is needed.
    #[error("it is locked with a password")]
    Locked,
    /// The structure of the file is damaged beyond reading.
    #[error("it is damaged")]
    Damaged,
}

/// Tells whether bytes are those of a PDF file: the mark `%PDF-` stands within the first kilobyte, as readers accept it.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|mark| mark == b"%PDF-")
}

/// Reads the text of a PDF file page by page and hands each page to `each` with its place from 0 and the number of pages.
///
/// **Shape**: a page is clean text (no control characters), its lines divided by `\n`, blocks by an empty line; a page without
/// letters (a scan, a figure) is empty. Reading stops where `each` returns false, or after [`MAX_PAGES`] pages.
///
/// # Errors
/// [`PdfError`] where the file as a whole cannot be read; a page that cannot be read is empty.
///
/// # Panics
/// The library may panic on damaged files: run this where a panic does no harm.
pub fn read_pages(bytes: Vec<u8>, each: &mut dyn FnMut(usize, usize, String) -> bool) -> Result<(), PdfError> {
    if !is_pdf(&bytes) {
        return Err(PdfError::NoPdf);
    }
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => PdfError::Locked,
        _ => PdfError::Damaged,
    })?;
    let cache = InterpreterCache::new();
    let total = pdf.pages().len();
    for (at, page) in pdf.pages().iter().take(MAX_PAGES).enumerate() {
        let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
        // No box and no transform matter: nothing is drawn, and distances are compared with the size of the letters.
        let mut context = Context::new(Affine::IDENTITY, Rect::new(0.0, 0.0, 1.0, 1.0), &cache, pdf.xref(), settings);
        let mut listener = Listener::default();
        interpret_page(page, &mut context, &mut listener);
        if !each(at, total, listener.into_text()) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::sample::pdf_of;
    use super::*;

    fn pages(bytes: Vec<u8>) -> Result<Vec<String>, PdfError> {
        let mut pages = Vec::new();
        read_pages(bytes, &mut |_, _, text| {
            pages.push(text);
            true
        })?;
        Ok(pages)
    }

    #[test]
    fn pages_come_back_as_lines() {
        let found = pages(pdf_of(&[&["Ketamine for pain", "A trial of 60 patients"], &["Results"]])).expect("reads");
        assert_eq!(found, ["Ketamine for pain\nA trial of 60 patients", "Results"]);
    }

    #[test]
    fn a_page_without_letters_is_empty() {
        assert_eq!(pages(pdf_of(&[&[], &["Text"]])).expect("reads"), ["", "Text"]);
    }

    #[test]
    fn control_characters_do_not_come_through() {
        let found = pages(pdf_of(&[&["before\\033[31mafter\\007"]])).expect("reads");
        assert!(found[0].chars().all(|c| c == '\n' || !c.is_control()), "{found:?}");
        assert!(found[0].contains("before"), "{found:?}");
    }

    #[test]
    fn reading_stops_where_that_is_asked_for() {
        let mut seen = 0;
        read_pages(pdf_of(&[&["one"], &["two"], &["three"]]), &mut |at, total, _| {
            seen += 1;
            assert_eq!(total, 3);
            at < 1
        })
        .expect("reads");
        assert_eq!(seen, 2);
    }

    #[test]
    fn what_is_no_pdf_is_said_so() {
        assert_eq!(pages(b"<html>no access</html>".to_vec()), Err(PdfError::NoPdf));
        assert_eq!(pages(Vec::new()), Err(PdfError::NoPdf));
        assert!(is_pdf(b"\n%PDF-1.7"));
    }

    #[test]
    fn a_file_cut_anywhere_gives_pages_or_an_error() {
        let whole = pdf_of(&[&["Ketamine for pain"], &["Second page"]]);
        for end in (0..whole.len()).step_by(7) {
            if let Ok(found) = pages(whole[..end].to_vec()) {
                assert!(found.len() <= 2, "{found:?}");
            }
        }
    }
}
