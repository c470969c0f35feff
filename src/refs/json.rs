//! JSON of exports, read object by object, so that one damaged record costs itself at most.

use serde_json::Value;

use super::RefsError;
use super::lines::LineCounter;
use super::stream::{Output, Piece, Reader};
use super::tagged::{Remarks, excerpt};
use crate::domain::record::{Citation, Draft};

/// The names under which wrapping objects hold their records.
const WRAPPERS: [&str; 6] = ["items", "studies", "references", "records", "results", "data"];

/// One object of a text.
struct Chunk {
    start: usize,
    end: usize,
    /// The offsets of the commas between its own fields.
    commas: Vec<usize>,
    /// Whether its end was found; otherwise it ends with the text.
    is_ended: bool,
}

/// The longest beginning of a file in which a list of records is looked for.
const LONGEST_HEAD: usize = 4 << 20;

/// What a format makes of one object; `None` when the object is no record.
pub(super) type Interpret = fn(&Value, usize, &mut Remarks) -> Option<Citation>;

/// The reader of objects: those of an array, of an array in a wrapping object, one per line, or one alone.
pub(super) struct JsonReader {
    interpret: Interpret,
    /// The white space before the first record, when it stands at the start of a line: records of the same file begin like that.
    /// `None` until the first record was found.
    prefix: Option<Option<String>>,
}

impl JsonReader {
    /// Starts at the beginning of a file.
    pub fn new(interpret: Interpret) -> Self {
        Self { interpret, prefix: None }
    }

    /// Takes one object.
    fn take(interpret: Interpret, text: &str, chunk: &Chunk, line: usize, output: &mut Output<'_>) {
        let raw = &text[chunk.start..chunk.end];
        let value = match parse_chunk(text, chunk) {
            Ok((value, is_whole)) => {
                if !is_whole {
                    output.remarks.warn(line, None, "The record is damaged or cut off; the fields before the damage were kept.");
                }
                value
            }
            Err(message) => {
                output.found += 1;
                let message = format!("The record could not be read ({message}) and was left out: \"{}\".", excerpt(raw));
                output.remarks.fail(line, None, message);
                return;
            }
        };
        match interpret(&value, line, &mut output.remarks) {
            Some(citation) => {
                output.found += 1;
                output.keep(Draft { citation, raw: raw.trim_end_matches([',', ' ', '\n', '\r', '\t', ']']).to_owned(), line });
            }
            None => {
                output.not_understood += 1;
                output.remarks.note(line, None, format!("An object that is no record was left out: \"{}\".", excerpt(raw)));
            }
        }
    }
}

impl Reader for JsonReader {
    fn read(&mut self, piece: Piece<'_>, output: &mut Output<'_>) -> Result<usize, RefsError> {
        let text = piece.text;
        let mut at = 0;
        let prefix = match &self.prefix {
            Some(prefix) => prefix,
            None => {
                let Some(start) = records_start(&piece) else { return Ok(0) };
                let head = floor(text, start + LONGEST_HEAD);
                if !piece.is_last && head == text.len() && !text[start..].contains('{') {
                    return Ok(0);
                }
                at = start;
                self.prefix.insert(line_prefix(&text[..head], start).map(str::to_owned))
            }
        };
        let prefix = prefix.as_deref();
        let mut counter = LineCounter::of(&piece);
        while let Some(chunk) = next_chunk(text, at, prefix) {
            if !chunk.is_ended && !piece.is_last {
                return Ok(chunk.start);
            }
            at = chunk.end;
            Self::take(self.interpret, text, &chunk, counter.line_at(chunk.start), output);
        }
        Ok(piece.safe_end().max(at))
    }
}

/// Returns the offset from which records are looked for: behind the name of the wrapped array, if there is one. `None` when more of the
/// text must tell.
fn records_start(piece: &Piece<'_>) -> Option<usize> {
    let text = piece.text;
    let start = text.len() - text.trim_start().len();
    let is_whole = piece.is_last || text.len() >= start + LONGEST_HEAD;
    if !text[start..].starts_with('{') {
        return (is_whole || start < text.len()).then_some(start);
    }
    let bytes = &text.as_bytes()[..text.len().min(start + LONGEST_HEAD)];
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut name = start;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if in_string => {
                in_string = false;
                // Only a field of the outermost object wraps the records.
                if depth == 1 && WRAPPERS.iter().any(|wrapper| wrapper.as_bytes() == &bytes[name..at]) {
                    match wrapped_list(&text[at + 1..]) {
                        Wrapped::At(behind) => return Some(at + 1 + behind),
                        Wrapped::Unknown if !is_whole => return None,
                        Wrapped::Unknown | Wrapped::No => {}
                    }
                }
            }
            b'"' => (in_string, name) = (true, at + 1),
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(start);
                }
            }
            _ => {}
        }
    }
    is_whole.then_some(start)
}

/// Whether a name is followed by a list of objects.
enum Wrapped {
    /// It is; the list begins before this offset.
    At(usize),
    /// It is not.
    No,
    /// The text ends too early.
    Unknown,
}

/// Looks for ": [ {" behind a name.
fn wrapped_list(after: &str) -> Wrapped {
    let mut rest = after.trim_start();
    let mut behind = 0;
    for mark in [':', '[', '{'] {
        let Some(next) = rest.strip_prefix(mark) else {
            return if rest.is_empty() { Wrapped::Unknown } else { Wrapped::No };
        };
        if mark == '[' {
            behind = after.len() - next.len();
        }
        rest = next.trim_start();
    }
    Wrapped::At(behind)
}

/// Returns the greatest offset up to a limit at which a character begins.
fn floor(text: &str, limit: usize) -> usize {
    (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Returns the white space before the first record, when it stands at the start of a line.
fn line_prefix(text: &str, from: usize) -> Option<&str> {
    let at = from + text[from..].find('{')?;
    let line = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let prefix = &text[line..at];
    (line > 0 && prefix.trim().is_empty()).then_some(prefix)
}

/// Finds the next object.
fn next_chunk(text: &str, from: usize, prefix: Option<&str>) -> Option<Chunk> {
    let bytes = text.as_bytes();
    let start = from + text.get(from..)?.find('{')?;
    let mut chunk = Chunk { start, end: text.len(), commas: Vec::new(), is_ended: false };
    let mut open: Vec<u8> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    let mut before = b':';
    let mut line = start;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                // A string ends at its line at the latest.
                b'\n' | b'\r' => {
                    in_string = false;
                    line = at + 1;
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'\n' | b'\r' => line = at + 1,
            b'{' => {
                let is_field = open.last() == Some(&b'{') && before != b':';
                let begins_line = prefix.is_some_and(|prefix| line > start && text[line..at] == *prefix);
                // Inside an object only a name may follow a comma: the record before was not closed.
                if at > start && (is_field || begins_line) {
                    (chunk.end, chunk.is_ended) = (at, true);
                    return Some(chunk);
                }
                open.push(byte);
            }
            b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
                if open.is_empty() {
                    (chunk.end, chunk.is_ended) = (at + 1, true);
                    return Some(chunk);
                }
            }
            b',' if open.len() == 1 => chunk.commas.push(at),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    Some(chunk)
}

/// Parses an object, or as many of its fields as stand before the damage; the flag tells whether it is whole.
fn parse_chunk(text: &str, chunk: &Chunk) -> Result<(Value, bool), String> {
    let raw = &text[chunk.start..chunk.end];
    let error = match serde_json::from_str(raw) {
        Ok(value) => return Ok((value, true)),
        Err(error) => error,
    };
    let line_start = raw.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let damage = chunk.start + line_start + error.column();
    let cut = chunk.commas.iter().rev().find(|&&comma| comma < damage);
    let rescued = cut.and_then(|&comma| serde_json::from_str(&format!("{}}}", &text[chunk.start..comma])).ok());
    // The place that the parser names is one in the record, not in the file.
    let message = error.to_string();
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    rescued.map(|value| (value, false)).ok_or_else(|| what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::stream::read_text;

    fn titles(text: &str) -> (Vec<String>, usize, usize) {
        let interpret: Interpret = |value, _, _| {
            let title = value.get("t")?.as_str()?.to_owned();
            Some(Citation { title, ..Citation::default() })
        };
        let (titles, remarks) = read_text(&mut || JsonReader::new(interpret), text);
        let found = titles.len();
        (titles, found, remarks)
    }

    #[test]
    fn objects_are_found_in_arrays_wrappers_lines_and_alone() {
        for text in [
            "[{\"t\":\"a{\"},{\"t\":\"b\"}]",
            "{\"x\":[{\"y\":1}],\"items\":[{\"t\":\"a{\"}, {\"t\":\"b\"}],\"next\":\"z\"}",
            "{\"t\":\"a{\"}\n{\"t\":\"b\"}\n",
        ] {
            assert_eq!(titles(text), (vec!["a{".to_owned(), "b".to_owned()], 2, 0), "{text}");
        }
        assert_eq!(titles("{\"t\":\"a\",\"items\":[1]}").0, ["a"]);
    }

    #[test]
    fn a_damaged_object_costs_itself_at_most() {
        let (found, count, remarks) =
            titles("[{\"t\":\"a\",\"x\":1,{\"t\":\"b\"},{\"t\":\"c\",\"x\":[{\"y\":\"open},\n{\"t\":\"d\"},\n{\"t\":\"e\",\"u\":\"cut");
        assert_eq!((found, count), (["a", "b", "c", "d", "e"].map(str::to_owned).to_vec(), 5));
        assert_eq!(remarks, 3);
        let pretty = "[\n\t{\n\t\t\"t\": \"a\",\n\t\t\"x\": [{\n\t},\n\t{\n\t\t\"t\": \"b\"\n\t}\n]\n";
        assert_eq!(titles(pretty), (vec!["a".to_owned(), "b".to_owned()], 2, 1));
    }

    #[test]
    fn hostile_texts_are_read_in_linear_time() {
        for part in ["{", "[{", "{\"a\":", "[", "\"", "{\"t\":1,", "}"] {
            titles(&part.repeat(300_000 / part.len()));
        }
    }
}
