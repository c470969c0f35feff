//! Reading a text in pieces of every size, for the tests of the readers.

use super::window::Window;
use super::{Output, Reader, run};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::record::Draft;
use crate::refs::encoding::Scan;

/// Reads a text at once and in pieces of all sizes up to a limit, which must give the same; returns the titles and the number of
/// remarks.
pub(in crate::refs) fn read_text<T: Reader>(make: &mut dyn FnMut() -> T, text: &str) -> (Vec<String>, usize) {
    let whole = read_in(&mut make(), text, text.len().max(1));
    let largest = if text.len() > 2_000 { 0 } else { text.len() };
    for size in 1..largest {
        let pieces = read_in(&mut make(), text, size);
        assert_eq!(pieces, whole, "in pieces of {size}: {text:?}");
    }
    let (drafts, diagnostics, _) = whole;
    (drafts.into_iter().map(|draft| draft.citation.title).collect(), diagnostics.len())
}

fn read_in(reader: &mut dyn Reader, text: &str, size: usize) -> (Vec<Draft>, Vec<Diagnostic>, [usize; 2]) {
    let mut scan = Scan::new();
    scan.feed(b"x");
    let decoding = scan.finish(Some("utf-8")).expect("a known name");
    let mut drafts = Vec::new();
    let mut sink = |draft| {
        drafts.push(draft);
        true
    };
    let mut output = Output::new(&mut sink);
    run(&mut Window::new(text.as_bytes(), &decoding, size), reader, &mut output, &mut |_| true).expect("a text can be read");
    let counts = [output.found, output.not_understood];
    let diagnostics = output.remarks.finish(Vec::new()).0;
    (drafts, diagnostics, counts)
}
