//! Text made safe to print: labels come from files of strangers.

/// Returns the text on one line, without anything that could steer a terminal or turn the reading direction of what follows.
///
/// Line breaks and tabs become spaces; control characters, escapes, bidirectional overrides and isolates, zero-width spaces and
/// byte order marks are left out. Letters of right-to-left scripts stay.
pub fn one_line(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() || is_invisible_steering(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Whether a character is unseen and changes how its neighbours are shown.
fn is_invisible_steering(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_are_left_out_and_letters_stay() {
        assert_eq!(one_line("a\u{1b}[2Jb\tc\r\nd\u{9b}\u{202e}e\u{7f}"), "a[2Jb c  de");
        assert_eq!(one_line("Σ é כהן Łukasz"), "Σ é כהן Łukasz");
    }
}
