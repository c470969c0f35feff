//! Widths of letters in the bundled typeface, so that figures are laid out without any font on the machine.
//!
//! `metrics_table.rs` holds the advance widths of Liberation Sans; a test reads the font files and compares. Liberation Sans has the widths
//! of Arial and Helvetica, so the layout also fits where a viewer replaces the typeface. Kerning is not counted: it only makes text narrower.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::clean::one_line;
use super::metrics_table::{RANGES, UNITS_PER_EM};
use super::scene::Weight;

/// Height of capitals as a share of the size: a line of text is centred on `y` when its baseline is at `y + CAP_HEIGHT * size / 2`.
pub const CAP_HEIGHT: f64 = 0.729;

/// Distance between baselines as a share of the size.
pub const LINE_HEIGHT: f64 = 1.25;

/// Width in units of the em that stands in for a letter that the table lacks.
const UNKNOWN_ADVANCE: u16 = 1366;

/// Returns the width of one line of text in points; `size` is the size of the letters in points.
pub fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let units: u32 = one_line(text).chars().map(|c| u32::from(advance(c, weight))).sum();
    f64::from(units) * size / f64::from(UNITS_PER_EM)
}

/// Returns the advance width of a letter in units of the em.
fn advance(c: char, weight: Weight) -> u16 {
    let code = u32::from(c);
    for (first, regular, bold) in RANGES {
        let table = if weight == Weight::Bold { bold } else { regular };
        let found = code.checked_sub(*first).and_then(|index| table.get(index as usize)).copied();
        if let Some(width) = found.filter(|width| *width > 0) {
            return width;
        }
    }
    match c.width() {
        None | Some(0) => 0,
        Some(1) => UNKNOWN_ADVANCE,
        Some(_) => UNITS_PER_EM,
    }
}

/// Returns the text broken into lines no wider than `width` points; at least one line, possibly empty.
///
/// Breaks fall between words, not at no-break spaces (which become plain ones in the result); a word that is wider than a line by itself is
/// broken between letters.
pub fn wrap(text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in one_line(text).split(' ').filter(|word| !word.is_empty()) {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if text_width(&joined, size, weight) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.graphemes(true) {
            let longer = format!("{line}{letter}");
            if !line.is_empty() && text_width(&longer, size, weight) > width {
                lines.push(std::mem::replace(&mut line, letter.to_owned()));
            } else {
                line = longer;
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

/// Returns the width in points of the widest of some lines; 0 for none.
pub fn widest<'a>(lines: impl IntoIterator<Item = &'a str>, size: f64, weight: Weight) -> f64 {
    lines.into_iter().map(|line| text_width(line, size, weight)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGULAR: &[u8] = include_bytes!("../../assets/LiberationSans-Regular.ttf");
    const BOLD: &[u8] = include_bytes!("../../assets/LiberationSans-Bold.ttf");
    const COVERED: &[(u32, u32)] = &[
        (0x0020, 0x007E),
        (0x00A0, 0x017F),
        (0x0218, 0x021B),
        (0x0370, 0x03FF),
        (0x0400, 0x045F),
        (0x05D0, 0x05EA),
        (0x2010, 0x2026),
        (0x2030, 0x2033),
        (0x2070, 0x208E),
        (0x20AC, 0x20AC),
        (0x2122, 0x2122),
        (0x2190, 0x2193),
        (0x2212, 0x221E),
        (0x2248, 0x2265),
    ];

    /// The parts of a TrueType file that say how wide letters are.
    struct Font<'a> {
        data: &'a [u8],
    }

    impl Font<'_> {
        fn u16(&self, at: usize) -> u16 {
            u16::from_be_bytes([self.data[at], self.data[at + 1]])
        }

        fn u32(&self, at: usize) -> usize {
            u32::from_be_bytes(self.data[at..at + 4].try_into().unwrap()) as usize
        }

        fn table(&self, tag: &[u8; 4]) -> usize {
            let count = usize::from(self.u16(4));
            let entry = (0..count).map(|i| 12 + 16 * i).find(|at| &self.data[*at..at + 4] == tag).unwrap();
            self.u32(entry + 8)
        }

        fn glyph(&self, code: u32) -> u16 {
            let cmap = self.table(b"cmap");
            let subtables = (0..usize::from(self.u16(cmap + 2))).map(|i| cmap + self.u32(cmap + 4 + 8 * i + 4));
            let at = subtables.into_iter().find(|at| self.u16(*at) == 4).unwrap();
            let segments = usize::from(self.u16(at + 6)) / 2;
            for i in 0..segments {
                let (end, start) = (u32::from(self.u16(at + 14 + 2 * i)), u32::from(self.u16(at + 16 + 2 * (segments + i))));
                if code > end || code < start {
                    continue;
                }
                let delta = self.u16(at + 16 + 2 * (2 * segments + i));
                let offset_at = at + 16 + 2 * (3 * segments + i);
                let offset = usize::from(self.u16(offset_at));
                if offset == 0 {
                    return (code as u16).wrapping_add(delta);
                }
                let glyph = self.u16(offset_at + offset + 2 * (code - start) as usize);
                return if glyph == 0 { 0 } else { glyph.wrapping_add(delta) };
            }
            0
        }

        fn advance(&self, code: u32) -> u16 {
            let glyph = usize::from(self.glyph(code));
            if glyph == 0 {
                return 0;
            }
            let long = usize::from(self.u16(self.table(b"hhea") + 34));
            self.u16(self.table(b"hmtx") + 4 * glyph.min(long - 1))
        }
    }

    fn generate() -> String {
        let fonts = [Font { data: REGULAR }, Font { data: BOLD }];
        let units = fonts[0].u16(fonts[0].table(b"head") + 18);
        let mut text = String::from(
            "//! Advance widths of Liberation Sans Regular and Bold 2.1.5, written by the test in `metrics.rs` (`TAMIS_BLESS=1`); do not edit.\n\n",
        );
        text += &format!("/// Units of the em square.\npub(super) const UNITS_PER_EM: u16 = {units};\n\n");
        text +=
            "/// First code point, then the widths of it and its successors in regular and in bold letters; 0 where the font has none.\n";
        text += "#[rustfmt::skip]\npub(super) const RANGES: &[(u32, &[u16], &[u16])] = &[\n";
        for (first, last) in COVERED {
            text += &format!("    (0x{first:04X},\n");
            for font in &fonts {
                let widths: Vec<String> = (*first..=*last).map(|code| font.advance(code).to_string()).collect();
                let rows: Vec<String> = widths.chunks(24).map(|row| row.join(", ")).collect();
                text += &format!("     &[{}],\n", rows.join(",\n       "));
            }
            text += "    ),\n";
        }
        text + "];\n"
    }

    #[test]
    fn the_table_is_that_of_the_bundled_font() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/figure/metrics_table.rs");
        let generated = generate();
        if std::env::var_os("TAMIS_BLESS").is_some() {
            std::fs::write(path, &generated).unwrap();
            return;
        }
        assert_eq!(include_str!("metrics_table.rs"), generated, "run again with TAMIS_BLESS=1 to rewrite the table");
    }

    #[test]
    fn widths_are_those_of_arial() {
        for (text, weight, thousandths) in
            [("A", Weight::Regular, 667), ("i", Weight::Regular, 222), ("0123456789", Weight::Regular, 5561), ("A", Weight::Bold, 722)]
        {
            assert!((text_width(text, 1000.0, weight) - f64::from(thousandths)).abs() < 1.0, "{text}");
        }
        assert_eq!(text_width("", 9.0, Weight::Regular), 0.0);
        assert!(text_width("τ²χé", 9.0, Weight::Regular) > 0.0);
        assert!((text_width("研究", 10.0, Weight::Regular) - 20.0).abs() < 1e-9, "wide letters take an em");
    }

    #[test]
    fn wrapped_lines_fit_and_keep_every_word() {
        let text = "Records marked as ineligible by automation tools";
        let lines = wrap(text, 80.0, 9.0, Weight::Regular);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| text_width(line, 9.0, Weight::Regular) <= 80.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap("", 80.0, 9.0, Weight::Regular), [""]);
        let long = wrap(&"x".repeat(200), 80.0, 9.0, Weight::Regular);
        assert!(long.len() > 5 && long.concat().len() == 200);
    }
}
