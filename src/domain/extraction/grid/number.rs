//! The numbers in a text, each as it is written.

/// Returns the numbers of a text in their order, each as written: "27.9 (18,2)" gives "27.9" and "18,2".
///
/// A hyphen between two numbers parts them ("20-35"); before a number that follows nothing or a space it is a sign.
pub fn numbers_in(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        if !is_digit(at) {
            at += 1;
            continue;
        }
        // A digit within a word ("CO2", "95th") is none of the numbers.
        let before = at.checked_sub(1).map(|before| letters[before]);
        let mut number = String::new();
        if before.is_some_and(|sign| matches!(sign, '-' | '\u{2212}' | '\u{2013}')) {
            let further = at.checked_sub(2).map(|further| letters[further]);
            if further.is_none_or(|c| !c.is_alphanumeric() && c != ')' && c != '%') {
                number.push(letters[at - 1]);
            }
        }
        while at < letters.len() {
            let is_mark = matches!(letters[at], '.' | ',' | '\u{b7}' | '\'' | '\u{2009}' | '\u{202f}' | '\u{a0}') && is_digit(at + 1);
            if !(is_digit(at) || is_mark) {
                break;
            }
            number.push(letters[at]);
            at += 1;
        }
        let is_in_word = before.is_some_and(char::is_alphabetic) || letters.get(at).is_some_and(|c| c.is_alphabetic());
        if !is_in_word {
            found.push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_they_are_written() {
        for (text, numbers) in [
            ("27.9 (18,2)", &["27.9", "18,2"][..]),
            ("27.9 \u{b1} 18.2", &["27.9", "18.2"]),
            ("12/30", &["12", "30"]),
            ("12 (40%)", &["12", "40"]),
            ("27 (20-35)", &["27", "20", "35"]),
            ("27 [20 \u{2013} 35]", &["27", "20", "35"]),
            ("\u{2212}1.5 (\u{2212}2.0, -1.0)", &["\u{2212}1.5", "\u{2212}2.0", "-1.0"]),
            ("-1.5 to 2", &["-1.5", "2"]),
            ("1 234", &["1", "234"]),
            ("1,234", &["1,234"]),
            ("5.", &["5"]),
            ("CO2 and B12", &[]),
            ("", &[]),
        ] {
            assert_eq!(numbers_in(text), numbers, "{text}");
        }
    }
}
