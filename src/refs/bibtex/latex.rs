//! LaTeX in field values: accents, special letters and commands turned into Unicode text, and text into LaTeX.

/// Returns the text that a value of a field prints: `{\"u}` gives "ü", `\&` gives "&", braces go.
///
/// Superscripts and subscripts of formulas become `<sup>` and `<sub>`; commands that are not known lose their name and keep their argument.
/// Paragraph breaks stay as line breaks.
pub(super) fn decode(value: &str) -> String {
    if !value.contains(['\\', '{', '}', '$', '~', '-', '`', '\'', '\n']) {
        return value.to_owned();
    }
    decode_at(value, 0)
}

/// The greatest depth of arguments inside arguments that is decoded.
const MAX_DEPTH: usize = 16;

fn decode_at(value: &str, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return value.replace(['{', '}', '\\'], "");
    }
    let mut decoder = Decoder { rest: value, plain: String::with_capacity(value.len()), in_math: false, depth };
    decoder.run();
    decoder.plain
}

struct Decoder<'a> {
    rest: &'a str,
    plain: String,
    in_math: bool,
    depth: usize,
}

impl<'a> Decoder<'a> {
    fn run(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '\\' => self.command(),
                '{' | '}' => {}
                '$' => {
                    self.rest = self.rest.strip_prefix('$').unwrap_or(self.rest);
                    self.in_math = !self.in_math;
                }
                '~' => self.plain.push(' '),
                '^' | '_' if self.in_math => {
                    let tag = if c == '^' { "sup" } else { "sub" };
                    let argument = self.decoded_argument();
                    self.plain.push_str(&format!("<{tag}>{}</{tag}>", argument.trim_start_matches('\u{2212}')));
                }
                '-' if self.rest.starts_with("--") => {
                    self.rest = &self.rest[2..];
                    self.plain.push('—');
                }
                '-' if self.rest.starts_with('-') => {
                    self.rest = &self.rest[1..];
                    self.plain.push('–');
                }
                '`' if self.rest.starts_with('`') => {
                    self.rest = &self.rest[1..];
                    self.plain.push('“');
                }
                '\'' if self.rest.starts_with('\'') => {
                    self.rest = &self.rest[1..];
                    self.plain.push('”');
                }
                '\n' => self.line_break(),
                c => self.plain.push(c),
            }
        }
    }

    /// Takes a line break: alone it is a space, followed by an empty line it begins a paragraph.
    fn line_break(&mut self) {
        let after = self.rest.trim_start_matches([' ', '\t', '\r']);
        if after.starts_with('\n') {
            self.rest = after.trim_start();
            self.plain.push('\n');
        } else {
            self.plain.push(' ');
        }
    }

    /// Takes the argument that follows and decodes it.
    fn decoded_argument(&mut self) -> String {
        let argument = self.argument();
        decode_at(argument, self.depth + 1)
    }

    /// Takes the argument that follows: a group in braces without them, or one character.
    fn argument(&mut self) -> &'a str {
        let text = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let Some(first) = text.chars().next() else {
            self.rest = text;
            return "";
        };
        if first == '{' {
            let end = group_end(text).unwrap_or(text.len());
            self.rest = text.get(end + 1..).unwrap_or("");
            return &text[1..end];
        }
        if first == '\\' {
            let letters = text[1..].bytes().take_while(u8::is_ascii_alphabetic).count();
            let length = if letters == 0 { text[1..].chars().next().map_or(0, char::len_utf8) } else { letters };
            self.rest = &text[1 + length..];
            return &text[..1 + length];
        }
        self.rest = &text[first.len_utf8()..];
        &text[..first.len_utf8()]
    }

    /// Takes a command, its backslash being read.
    fn command(&mut self) {
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 {
            let Some(c) = self.rest.chars().next() else { return };
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '\'' | '`' | '^' | '"' | '~' | '=' | '.' => self.accent(c),
                '(' | ')' | '[' | ']' => self.in_math = matches!(c, '(' | '['),
                '\\' => self.plain.push(' '),
                ',' | ';' | ':' | ' ' | '\n' => self.plain.push(' '),
                '-' | '/' | '!' => {}
                c => self.plain.push(c),
            }
            return;
        }
        let name = &self.rest[..letters];
        self.rest = &self.rest[letters..];
        if let ("c" | "H" | "k" | "r" | "u" | "v" | "b" | "d" | "t", Some(accent)) = (name, name.chars().next()) {
            self.accent(accent);
            return;
        }
        let symbol = SYMBOLS.iter().find(|(known, _)| *known == name).map(|(_, symbol)| *symbol);
        match (symbol, name) {
            (Some(symbol), _) => {
                self.plain.push_str(symbol);
                self.end_of_name();
            }
            (None, "textsuperscript" | "textsubscript") => {
                let tag = if name == "textsuperscript" { "sup" } else { "sub" };
                let argument = self.decoded_argument();
                self.plain.push_str(&format!("<{tag}>{argument}</{tag}>"));
            }
            (None, "href") => {
                let address = self.argument();
                let text = self.decoded_argument();
                self.plain.push_str(if text.is_empty() { address } else { &text });
            }
            (None, "begin" | "end" | "label" | "cite" | "color") => {
                self.argument();
            }
            (None, "par") => {
                self.plain.push('\n');
                self.end_of_name();
            }
            // A command that is not known prints its argument; "C:\Users" keeps its name.
            (None, name) if self.rest.starts_with(['{', '[']) || FORMATTING.contains(&name) => self.end_of_name(),
            (None, name) => {
                self.plain.push('\\');
                self.plain.push_str(name);
            }
        }
    }

    /// Takes what ends the name of a command: a space, or empty braces.
    fn end_of_name(&mut self) {
        if let Some(rest) = self.rest.strip_prefix("{}") {
            self.rest = rest;
        } else {
            self.rest = self.rest.strip_prefix([' ', '\n']).unwrap_or(self.rest);
        }
    }

    /// Puts an accent on the letter that follows.
    fn accent(&mut self, accent: char) {
        let is_group = self.rest.trim_start().starts_with('{');
        let mut argument = self.decoded_argument();
        if is_group && argument.trim().is_empty() {
            // \~{} and \^{} are the characters themselves.
            self.plain.push(if accent.is_ascii_alphabetic() { ' ' } else { accent });
            return;
        }
        let first = argument.chars().next();
        let combining = match accent {
            '\'' => '\u{301}',
            '`' => '\u{300}',
            '^' => '\u{302}',
            '"' => '\u{308}',
            '~' => '\u{303}',
            '=' => '\u{304}',
            '.' => '\u{307}',
            'c' => '\u{327}',
            'H' => '\u{30b}',
            'k' => '\u{328}',
            'r' => '\u{30a}',
            'u' => '\u{306}',
            'v' => '\u{30c}',
            'b' => '\u{331}',
            'd' => '\u{323}',
            _ => '\u{361}',
        };
        match first {
            // A dotless i under an accent is an i.
            Some('ı') => argument.replace_range(..'ı'.len_utf8(), "i"),
            Some('ȷ') => argument.replace_range(..'ȷ'.len_utf8(), "j"),
            _ => {}
        }
        match argument.chars().next() {
            Some(letter) if letter.is_alphabetic() => {
                self.plain.push(letter);
                self.plain.push(combining);
                self.plain.push_str(&argument[letter.len_utf8()..]);
            }
            _ => {
                if !accent.is_ascii_alphabetic() {
                    self.plain.push(accent);
                }
                self.plain.push_str(&argument);
            }
        }
    }
}

/// Returns the offset of the brace that closes the group at the start of a text.
fn group_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns LaTeX that prints a text and that [`decode`] turns back into it.
pub(super) fn encode(text: &str) -> String {
    let mut latex = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    for c in text.chars() {
        match c {
            '\\' => latex.push_str("\\textbackslash{}"),
            '{' => latex.push_str("\\textbraceleft{}"),
            '}' => latex.push_str("\\textbraceright{}"),
            '$' | '%' | '&' | '#' | '_' => {
                latex.push('\\');
                latex.push(c);
            }
            '~' => latex.push_str("\\textasciitilde{}"),
            '^' => latex.push_str("\\textasciicircum{}"),
            // Two of these together would print as one.
            '-' | '`' | '\'' if previous == c => {
                latex.push_str("{}");
                latex.push(c);
            }
            '\n' => latex.push_str("\n\n"),
            c => latex.push(c),
        }
        previous = c;
    }
    latex
}

/// Commands that change how text looks and print nothing.
const FORMATTING: &[&str] = &[
    "em",
    "it",
    "bf",
    "rm",
    "sc",
    "tt",
    "sl",
    "emph",
    "textit",
    "textbf",
    "textrm",
    "textsc",
    "texttt",
    "textsl",
    "mathrm",
    "mathit",
    "mathbf",
    "mathcal",
    "text",
    "mbox",
    "url",
    "noopsort",
    "uppercase",
    "lowercase",
    "protect",
    "left",
    "right",
    "displaystyle",
    "textup",
    "textnormal",
];

/// Commands that print a letter or a sign.
const SYMBOLS: &[(&str, &str)] = &[
    ("ss", "ß"),
    ("o", "ø"),
    ("O", "Ø"),
    ("l", "ł"),
    ("L", "Ł"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("aa", "å"),
    ("AA", "Å"),
    ("i", "ı"),
    ("j", "ȷ"),
    ("dh", "ð"),
    ("DH", "Ð"),
    ("dj", "đ"),
    ("DJ", "Đ"),
    ("th", "þ"),
    ("TH", "Þ"),
    ("ng", "ŋ"),
    ("NG", "Ŋ"),
    ("textendash", "–"),
    ("textemdash", "—"),
    ("textquoteright", "’"),
    ("textquoteleft", "‘"),
    ("textquotedblleft", "“"),
    ("textquotedblright", "”"),
    ("textquotesingle", "'"),
    ("textbackslash", "\\"),
    ("backslash", "\\"),
    ("textasciitilde", "~"),
    ("textasciicircum", "^"),
    ("textunderscore", "_"),
    ("textbraceleft", "{"),
    ("textbraceright", "}"),
    ("lbrace", "{"),
    ("rbrace", "}"),
    ("textbar", "|"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("textdegree", "°"),
    ("textmu", "µ"),
    ("textregistered", "®"),
    ("texttrademark", "™"),
    ("textcopyright", "©"),
    ("textellipsis", "…"),
    ("ldots", "…"),
    ("dots", "…"),
    ("textbullet", "•"),
    ("textperiodcentered", "·"),
    ("cdot", "·"),
    ("textpm", "±"),
    ("pm", "±"),
    ("mp", "∓"),
    ("times", "×"),
    ("div", "÷"),
    ("leq", "≤"),
    ("le", "≤"),
    ("geq", "≥"),
    ("ge", "≥"),
    ("neq", "≠"),
    ("ne", "≠"),
    ("approx", "≈"),
    ("sim", "∼"),
    ("simeq", "≃"),
    ("infty", "∞"),
    ("rightarrow", "→"),
    ("to", "→"),
    ("leftarrow", "←"),
    ("leftrightarrow", "↔"),
    ("circ", "°"),
    ("degree", "°"),
    ("prime", "′"),
    ("hbar", "ℏ"),
    ("partial", "∂"),
    ("sum", "∑"),
    ("int", "∫"),
    ("sqrt", "√"),
    ("langle", "⟨"),
    ("rangle", "⟩"),
    ("quad", " "),
    ("qquad", " "),
    ("S", "§"),
    ("P", "¶"),
    ("pounds", "£"),
    ("texteuro", "€"),
    ("euro", "€"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("copyright", "©"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::clean_line;

    fn text(latex: &str) -> String {
        clean_line(&decode(latex)).into_owned()
    }

    #[test]
    fn accents_and_letters_become_unicode() {
        for (latex, expected) in [
            ("Aks{\\i}n, {\\\"O}zge and {\\c{C}}etinkaya", "Aksın, Özge and Çetinkaya"),
            ("B{\\\"u}y{\\\"u}kg{\\\"u}ng{\\\"o}r", "Büyükgüngör"),
            ("Ji{\\v{r}}{\\'{\\i}} {E}rd{\\H o}s", "Jiří Erdős"),
            ("jako{\\'s}ci {\\.z}ycia dzia{\\l}ania {\\'{c}}", "jakości życia działania ć"),
            ("He{\\ss} \\o re \\AA ngstr\\\"om", "Heß øre Ångström"),
            ("Lucius \\& Lucius, 5\\% \\_ \\$ \\#", "Lucius & Lucius, 5% _ $ #"),
            ("Bose\\textendash{}Einstein 1--2 --- ``x''", "Bose–Einstein 1–2 — “x”"),
            ("{Pd-N} a {{Boltzman}} approach", "Pd-N a Boltzman approach"),
            ("\\emph{in vivo} $\\alpha$-test, \\textit{x}~y", "in vivo α-test, x y"),
            ("CO$_2$ and 10$^{5}$", "CO<sub>2</sub> and 10<sup>5</sup>"),
            ("E:\\some\\random", "E:\\some\\random"),
            ("\\~{}user \\^{} \\'{} x", "~user ^ ' x"),
            ("trailing \\", "trailing"),
            ("{\\'", "'"),
        ] {
            assert_eq!(text(latex), expected, "{latex}");
        }
    }

    #[test]
    fn what_was_encoded_is_decoded_again() {
        for plain in ["a & b_c {x} 5% $1 #2 ~ ^ \\ \\alpha", "-- --- `` '' ---- ''' x--", "α ü \n second"] {
            assert_eq!(text(&encode(plain)), clean_line(plain));
        }
    }

    #[test]
    fn nested_groups_are_read_in_linear_time() {
        decode(&"\\'{".repeat(100_000));
        decode(&"{".repeat(300_000));
        decode(&"$^".repeat(100_000));
    }
}
