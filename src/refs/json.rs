//! JSON of exports, read object by object, so that one damaged record costs itself at most.

use serde_json::Value;

use super::Read;
use super::lines::LineCounter;
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
}

/// What a format makes of one object; `None` when the object is no record.
pub(super) type Interpret<'f> = &'f dyn Fn(&Value, usize, &mut Remarks) -> Option<Citation>;

/// Reads the objects of a text: those of an array, of an array in a wrapping object, one per line, or one alone. `None` when `step`,
/// which is given the offset reached, returned `false`.
pub(super) fn read_objects(text: &str, interpret: Interpret<'_>, step: &mut dyn FnMut(usize) -> bool) -> Option<Read> {
    let mut read = Read::default();
    let mut remarks = Remarks::default();
    let mut counter = LineCounter::new(text);
    let mut at = records_start(text);
    let prefix = line_prefix(text, at);
    while let Some(chunk) = next_chunk(text, at, prefix) {
        if !step(chunk.start) {
            return None;
        }
        at = chunk.end;
        let line = counter.line_at(chunk.start);
        let raw = &text[chunk.start..chunk.end];
        let value = match parse_chunk(text, &chunk) {
            Ok((value, is_whole)) => {
                if !is_whole {
                    remarks.warn(line, None, "The record is damaged or cut off; the fields before the damage were kept.");
                }
                value
            }
            Err(message) => {
                read.found += 1;
                remarks.fail(line, None, format!("The record could not be read ({message}) and was left out: \"{}\".", excerpt(raw)));
                continue;
            }
        };
        match interpret(&value, line, &mut remarks) {
            Some(citation) => {
                read.found += 1;
                read.drafts.push(Draft { citation, raw: raw.trim_end_matches([',', ' ', '\n', '\r', '\t', ']']).to_owned(), line });
            }
            None => {
                read.not_understood += 1;
                remarks.note(line, None, format!("An object that is no record was left out: \"{}\".", excerpt(raw)));
            }
        }
    }
    read.diagnostics = remarks.list;
    Some(read)
}

/// Returns the offset from which records are looked for: behind the name of the wrapped array, if there is one.
fn records_start(text: &str) -> usize {
    let start = text.len() - text.trim_start().len();
    if !text[start..].starts_with('{') {
        return start;
    }
    let wrapped = WRAPPERS.iter().filter_map(|name| {
        let at = text.find(&format!("\"{name}\""))?;
        let after = text[at + name.len() + 2..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
        // Only a field of the outermost object wraps the records.
        let is_outermost = depth_at(&text[start..at]) == 1;
        (is_outermost && after.trim_start().starts_with('{')).then(|| text.len() - after.len())
    });
    wrapped.min().unwrap_or(start)
}

/// Returns how many objects and arrays are open at the end of a text.
fn depth_at(text: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// Returns the white space before the first record, when it stands at the start of a line: records of the same file begin like that.
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
    let mut chunk = Chunk { start, end: text.len(), commas: Vec::new() };
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
                    chunk.end = at;
                    return Some(chunk);
                }
                open.push(byte);
            }
            b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
                if open.is_empty() {
                    chunk.end = at + 1;
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
    rescued.map(|value| (value, false)).ok_or_else(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> (Vec<String>, usize, usize) {
        let interpret = |value: &Value, _: usize, _: &mut Remarks| {
            let title = value.get("t")?.as_str()?.to_owned();
            Some(Citation { title, ..Citation::default() })
        };
        let read = read_objects(text, &interpret, &mut |_| true).expect("not stopped");
        (read.drafts.into_iter().map(|draft| draft.citation.title).collect(), read.found, read.diagnostics.len())
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
