//! Laws that hold for all readers and writers.

use std::time::Instant;

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::domain::record::Citation;

fn forced(format: Format) -> ParseOptions {
    ParseOptions { format: Some(format), encoding: None, ..ParseOptions::default() }
}

#[test]
fn formats_have_names_for_the_command_line() {
    for format in Format::iter() {
        assert_eq!(format.to_string().parse(), Ok(format));
        assert!(format.to_string().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{format}");
    }
    assert_eq!("PubMed-XML".parse(), Ok(Format::PubmedXml));
}

#[test]
fn a_record_written_in_any_format_is_found_and_read_again_by_content() {
    let file = b"TY  - JOUR\nTI  - Ketamine for pain & <i>CRPS</i>\nAU  - van Hilten, J.J.\nAU  - Pain Group\nPY  - 2009\nDA  - 2009 Oct\nT2  - Pain\nVL  - 145\nSP  - 304\nEP  - 11\n\
                 DO  - 10.1016/j.pain.2009.06.023\nC2  - PMID: 19604642\nAB  - One.\n   Two; three, {four} 5%.\nKW  - a; b\nKW  - c, d\nC8  - NCT00579085\nUR  - https://e.org/~x_y?a=b&c=d\nN1  - Note\nER  - \n";
    let expected: Vec<Citation> =
        parse(file, &ParseOptions::default()).expect("RIS").drafts.into_iter().map(|draft| draft.citation).collect();
    for format in Format::iter() {
        let mut written = Vec::new();
        let result = write_records(&mut written, format, &expected);
        assert_eq!(result.is_ok(), format.is_writable(), "{format}");
        if format.is_writable() {
            let parsed = parse(&written, &ParseOptions::default()).expect("a known format");
            let read: Vec<Citation> = parsed.drafts.into_iter().map(|draft| draft.citation).collect();
            assert_eq!((parsed.format, read), (format, expected.clone()), "{}", String::from_utf8_lossy(&written));
        }
    }
}

#[test]
fn hostile_texts_are_read_in_linear_time_in_every_format() {
    let parts = [
        "%K a\n\n",
        "%T a\n",
        "PT J\n",
        "AU a\n   b\n",
        "AB x\n",
        "<1>\nTitle\n  x\n",
        "<1. >\n",
        "Source\n (2009) (2009)",
        "SO  - a. 1. 1. \n",
        "Record #1 of 2\n",
        "AU: a b\n",
        "RT Book, Whole\n",
        "K1 a;\n",
        "a,",
        "\"",
        "title,authors\n",
        "KY: ;;;;\n",
        "(((",
        "{\\\"",
        "and ",
        "10.",
        "ID: x\nTI: y\n",
    ];
    for format in Format::iter() {
        for part in parts {
            let text = format!("PT J\nTI A\n%T A\ntitle,authors,abstract,doi\n{}", part.repeat(60_000 / part.len()));
            let started = Instant::now();
            let _ = parse(text.as_bytes(), &forced(format));
            assert!(started.elapsed().as_secs() < 10, "{format}: {part:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_in_any_format(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes, &ParseOptions::default());
        for format in Format::iter() {
            let _ = parse(&bytes, &forced(format));
        }
    }

    #[test]
    fn no_line_of_tags_panics_in_any_format(parts in prop::collection::vec(prop::sample::select(vec![
        "PT J", "AU Smith, J", "TI A title", "   more", "ER", "EF", "%0 Book", "%T A", "%A é", "% x", "<1. >", " <2>", "TI  - A", "Author", "  Smith, J 1;", "Source", "Pain. 1(2):3-4, 2009.",
        "SO  - (2009). x (1-2", "Record #1 of 2", "ID: CD1", "AU: é", "KY: a;b", "RT Book, Whole", "T1 A", "K1 b", "U1 x", "", "\u{1b}[2J", "PY 20é", "DO  - 10.1000/é", "AR é", "@misc{é, title={\\'é}}",
    ]), 0..30), ending in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        let text = parts.join(ending);
        for format in Format::iter() {
            let Ok(parsed) = parse(text.as_bytes(), &forced(format)) else { continue };
            prop_assert!(parsed.drafts.len() <= parsed.found);
            let shown = format!("{:?}{:?}", parsed.drafts.iter().map(|draft| &draft.citation).collect::<Vec<_>>(), parsed.diagnostics);
            prop_assert!(!shown.contains("\\u{1b}"), "{}", shown);
            for draft in &parsed.drafts {
                prop_assert!(text.contains(&draft.raw) && draft.line >= 1);
            }
        }
    }
}
