//! The same figures drawn with characters, for terminals, plain text files and mail.
//!
//! A figure becomes lines of spans; each span has a role, to which a screen gives its colours and which plain text leaves out. All widths are
//! counted in terminal cells. Labels are cleaned: nothing in the lines can steer a terminal.

mod bias;
mod flow;
mod forest;
mod funnel;
mod grid;

pub use bias::{bias_summary_text, lights_text};
pub use flow::flow_text;
pub use forest::forest_text;
pub use funnel::funnel_text;

use unicode_normalization::UnicodeNormalization;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::clean::one_line;

/// What a piece of text is, so that a screen can choose colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextRole {
    /// Plain text.
    #[default]
    Normal,
    /// Titles, headings, pooled rows.
    Bold,
    /// Rules, frames and what steps back.
    Muted,
    /// What leads the eye: headings of columns in the flow diagram.
    Accent,
    /// The square of a study, a point of the funnel.
    Estimate,
    /// The line of an interval.
    Interval,
    /// The diamond of a pooled effect.
    Diamond,
    /// Axis, ticks, labels and the line of no effect.
    Axis,
    /// A judgement of low risk of bias.
    Low,
    /// A judgement of some concerns.
    Some,
    /// A judgement of high or critical risk.
    High,
}

/// One line of a drawn figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextLine {
    /// Pieces from left to right; neighbours differ in role.
    pub spans: Vec<(String, TextRole)>,
}

impl TextLine {
    /// Returns the line without roles and without spaces at its end.
    pub fn plain(&self) -> String {
        let mut text: String = self.spans.iter().map(|(text, _)| text.as_str()).collect();
        text.truncate(text.trim_end().len());
        text
    }

    /// Returns the width in terminal cells, spaces at the end included.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|(text, _)| text.width()).sum()
    }

    /// Returns the same line drawn with ASCII characters alone and of the same width: `─` becomes `-`, `■` becomes `#`, `²` becomes `2`,
    /// letters lose their accents, and what has no likeness becomes `?`.
    pub fn ascii(&self) -> Self {
        let spans = self.spans.iter().map(|(text, role)| (text.chars().map(ascii_of).collect(), *role)).collect();
        Self { spans }
    }
}

/// Returns lines as plain text, each ended by a line feed.
pub fn plain(lines: &[TextLine]) -> String {
    lines.iter().map(|line| line.plain() + "\n").collect()
}

/// Returns lines drawn with ASCII characters alone; see [`TextLine::ascii`].
pub fn ascii(lines: &[TextLine]) -> Vec<TextLine> {
    lines.iter().map(TextLine::ascii).collect()
}

/// Returns the ASCII likeness of a character, as wide as the character.
fn ascii_of(c: char) -> String {
    let like = match c {
        c if c.is_ascii() => c,
        '─' | '╌' | '–' | '—' | '−' => '-',
        '━' => '=',
        '│' => '|',
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '┿' => '+',
        '■' => '#',
        '▪' | '•' | '●' => '*',
        '·' => '.',
        '◆' => 'O',
        '←' => '<',
        '→' => '>',
        '↓' | '▼' => 'v',
        '…' => '~',
        '²' => '2',
        '³' => '3',
        '×' => 'x',
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        c => c.nfd().next().filter(char::is_ascii).unwrap_or('?'),
    };
    match c.width() {
        None | Some(0) => String::new(),
        Some(1) => like.to_string(),
        Some(_) => format!("{like}{like}"),
    }
}

/// Returns the width of a cleaned text in terminal cells.
fn cells(text: &str) -> usize {
    one_line(text).width()
}

/// Returns text cut to a width in cells, with an ellipsis where something is missing.
fn cut(text: &str, width: usize) -> String {
    let text = one_line(text);
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        out.push(c);
    }
    if width > 0 {
        out.truncate(out.trim_end().len());
        out.push('…');
    }
    out
}

/// Returns a study's name cut to a width in cells; the year at its end stays when there is room.
fn cut_name(name: &str, width: usize) -> String {
    let name = one_line(name);
    let year =
        name.rsplit(' ').next().filter(|last| last.len() < 6 && last.len() < name.len() && last.starts_with(|c: char| c.is_ascii_digit()));
    match year {
        Some(year) if name.width() > width && width > year.width() + 7 => {
            let rest = &name[..name.len() - year.len() - 1];
            format!("{} {year}", cut(rest, width - year.width() - 1))
        }
        _ => cut(&name, width),
    }
}

/// Returns text broken into lines of at most `width` cells, between words where possible; at least one line.
///
/// No-break spaces hold their words together and become plain spaces in the result.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in one_line(text).split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= width {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            if !line.is_empty() && line.width() + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_cells_not_bytes() {
        assert_eq!(cut("Sigtermans 2009", 20), "Sigtermans 2009");
        assert_eq!(cut("Sigtermans 2009", 11), "Sigtermans…");
        assert_eq!(cut("研究研究", 5), "研究…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(cut("ab\u{1b}[31mc", 20), "ab[31mc");
        assert_eq!(cut_name("Lumanauw and colleagues 2019a", 18), "Lumanauw an… 2019a");
        assert_eq!(cut_name("Lumanauw and colleagues", 12), "Lumanauw an…");
        assert_eq!(cut_name("2019", 2), "2…");
    }

    #[test]
    fn wrapping_keeps_words_and_breaks_only_what_is_too_long() {
        assert_eq!(wrap("Favours [ketamine]", 12), ["Favours", "[ketamine]"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("研究", 0), ["研", "究"]);
    }

    #[test]
    fn ascii_lines_are_as_wide_as_the_originals() {
        let line = TextLine { spans: vec![("│■──┼ Tau² é 研 ł".to_owned(), TextRole::Normal)] };
        assert_eq!(line.ascii().plain(), "|#--+ Tau2 e ?? ?");
        assert_eq!(line.ascii().width(), line.width());
    }
}
