//! A file dropped on the terminal: terminals paste its path, each with its own way of quoting.

/// Returns the path of a PDF that a pasted text names; `None` where it names none, or more than one.
///
/// Takes quotes, spaces after a backslash, and `file://` addresses away.
pub(super) fn dropped_pdf(pasted: &str) -> Option<String> {
    let text = pasted.trim();
    if text.contains(['\n', '\r']) {
        return None;
    }
    let quoted = ['\'', '"'].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark).filter(|inner| !inner.contains(mark)));
    let path = match (quoted, text.strip_prefix("file://")) {
        (Some(inner), _) => inner.to_owned(),
        (None, Some(address)) => decoded(address),
        (None, None) if cfg!(windows) => text.to_owned(),
        (None, None) => unescaped(text),
    };
    let is_pdf = path.len() > 4 && path.get(path.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".pdf"));
    (is_pdf && !path.chars().any(char::is_control)).then_some(path)
}

/// Takes the backslashes before spaces and signs away, as a shell would.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or('\\') } else { letter });
    }
    plain
}

/// Returns the path of an address: without the name of the machine, `%20` and its like decoded.
fn decoded(address: &str) -> String {
    let path = address.find('/').map_or(address, |at| &address[at..]);
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_however_the_terminal_quotes_them() {
        for pasted in [
            "/home/ada/full texts/a (1).pdf",
            "'/home/ada/full texts/a (1).pdf'",
            "\"/home/ada/full texts/a (1).pdf\"\n",
            "/home/ada/full\\ texts/a\\ \\(1\\).pdf ",
            "file:///home/ada/full%20texts/a%20(1).pdf",
            "file://localhost/home/ada/full%20texts/a%20%281%29.pdf",
        ] {
            assert_eq!(dropped_pdf(pasted).as_deref(), Some("/home/ada/full texts/a (1).pdf"), "{pasted}");
        }
    }

    #[test]
    fn other_texts_name_no_file() {
        for pasted in ["", ".pdf", "a note about a.pdf file", "/a.pdf\n/b.pdf", "/home/ada/a.docx", "/a\u{1b}[31m.pdf"] {
            assert_eq!(dropped_pdf(pasted), None, "{pasted:?}");
        }
        assert_eq!(dropped_pdf("/A.PDF").as_deref(), Some("/A.PDF"));
    }
}
