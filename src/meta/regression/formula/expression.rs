//! Calculations inside a formula: numbers, moderators, `+ - * / ^`, brackets, and a few functions.

use std::iter::Peekable;
use std::str::CharIndices;

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(f64),
    Sign(char),
}

/// Cuts a text into pieces, each with the place where it begins and ends.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize, usize)>, String> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((begin, first)) = rest.next() {
        let mut end = begin + first.len_utf8();
        let token = if first.is_whitespace() {
            continue;
        } else if first.is_alphabetic() || first == '_' {
            end = run(&mut rest, end, |next| next.is_alphanumeric() || next == '_' || next == '.');
            Token::Name(text[begin..end].to_owned())
        } else if first == '`' {
            end = run(&mut rest, end, |next| next != '`');
            if text.get(end..=end) != Some("`") {
                return Err("a closing backtick is missing".to_owned());
            }
            rest.next();
            end += 1;
            Token::Name(text[begin + 1..end - 1].to_owned())
        } else if first.is_ascii_digit() || first == '.' {
            end = run(&mut rest, end, |next| next.is_ascii_digit() || next == '.');
            Token::Number(text[begin..end].parse().map_err(|_| format!("\"{}\" is not a number", &text[begin..end]))?)
        } else if "+-*/^:,()".contains(first) {
            Token::Sign(first)
        } else {
            return Err(format!("the sign \"{first}\" has no meaning here"));
        };
        found.push((token, begin, end));
    }
    Ok(found)
}

/// Moves over the characters that fit, and returns where they end.
fn run(rest: &mut Peekable<CharIndices<'_>>, end: usize, fits: impl Fn(char) -> bool) -> usize {
    let mut end = end;
    while let Some((at, next)) = rest.next_if(|(_, next)| fits(*next)) {
        end = at + next.len_utf8();
    }
    end
}

/// A calculation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Name(String),
    Binary(char, Box<Expression>, Box<Expression>),
    Call(Function, Box<Expression>),
}

/// A function that a calculation may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// R's `I()`: the calculation as it stands.
    Itself,
    Negative,
    Log,
    Log2,
    Log10,
    Sqrt,
    Exp,
    Abs,
}

/// Brackets and signs may nest this deep.
const DEEPEST: usize = 100;

impl Expression {
    /// Reads a calculation from a place on, and moves the place behind it.
    pub(super) fn read(tokens: &[(Token, usize, usize)], at: &mut usize) -> Result<Self, String> {
        sum(tokens, at, 0)
    }

    /// Makes the call of a function by its name in R.
    pub(super) fn call(name: &str, inner: Self) -> Result<Self, String> {
        let function = match name {
            "I" => Function::Itself,
            "log" => Function::Log,
            "log2" => Function::Log2,
            "log10" => Function::Log10,
            "sqrt" => Function::Sqrt,
            "exp" => Function::Exp,
            "abs" => Function::Abs,
            _ => return Err("there is no such function; known are factor, I, log, log2, log10, sqrt, exp and abs".to_owned()),
        };
        Ok(Self::Call(function, Box::new(inner)))
    }

    /// Returns the names of the moderators in it.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Name(name) => vec![name.clone()],
            Self::Binary(_, left, right) => left.names().into_iter().chain(right.names()).collect(),
            Self::Call(_, inner) => inner.names(),
        }
    }

    /// Calculates, given the value of each moderator.
    pub(super) fn value(&self, of: &dyn Fn(&str) -> f64) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Name(name) => of(name),
            Self::Binary(sign, left, right) => {
                let (left, right) = (left.value(of), right.value(of));
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    '/' => left / right,
                    _ => left.powf(right),
                }
            }
            Self::Call(function, inner) => {
                let x = inner.value(of);
                match function {
                    Function::Itself => x,
                    Function::Negative => -x,
                    Function::Log => x.ln(),
                    Function::Log2 => x.log2(),
                    Function::Log10 => x.log10(),
                    Function::Sqrt => x.sqrt(),
                    Function::Exp => x.exp(),
                    Function::Abs => x.abs(),
                }
            }
        }
    }
}

type Tokens<'a> = &'a [(Token, usize, usize)];

fn sign_at(tokens: Tokens<'_>, at: usize) -> Option<char> {
    match tokens.get(at) {
        Some((Token::Sign(sign), _, _)) => Some(*sign),
        _ => None,
    }
}

fn joined(
    tokens: Tokens<'_>,
    at: &mut usize,
    depth: usize,
    signs: &str,
    part: fn(Tokens<'_>, &mut usize, usize) -> Result<Expression, String>,
) -> Result<Expression, String> {
    let mut left = part(tokens, at, depth)?;
    while let Some(sign) = sign_at(tokens, *at).filter(|sign| signs.contains(*sign)) {
        *at += 1;
        left = Expression::Binary(sign, Box::new(left), Box::new(part(tokens, at, depth)?));
    }
    Ok(left)
}

fn sum(tokens: Tokens<'_>, at: &mut usize, depth: usize) -> Result<Expression, String> {
    joined(tokens, at, depth, "+-", product)
}

fn product(tokens: Tokens<'_>, at: &mut usize, depth: usize) -> Result<Expression, String> {
    joined(tokens, at, depth, "*/", signed)
}

/// A power, perhaps with a minus before it, which binds less than `^`.
fn signed(tokens: Tokens<'_>, at: &mut usize, depth: usize) -> Result<Expression, String> {
    if depth > DEEPEST {
        return Err("there are too many brackets".to_owned());
    }
    if sign_at(tokens, *at) == Some('-') {
        *at += 1;
        return Ok(Expression::Call(Function::Negative, Box::new(signed(tokens, at, depth + 1)?)));
    }
    let base = primary(tokens, at, depth)?;
    if sign_at(tokens, *at) != Some('^') {
        return Ok(base);
    }
    *at += 1;
    Ok(Expression::Binary('^', Box::new(base), Box::new(signed(tokens, at, depth + 1)?)))
}

fn primary(tokens: Tokens<'_>, at: &mut usize, depth: usize) -> Result<Expression, String> {
    let token = tokens.get(*at).map(|(token, _, _)| token.clone());
    *at += 1;
    match token {
        Some(Token::Number(number)) => Ok(Expression::Number(number)),
        Some(Token::Name(name)) if sign_at(tokens, *at) == Some('(') => {
            *at += 1;
            let inner = sum(tokens, at, depth + 1)?;
            close(tokens, at)?;
            Expression::call(&name, inner)
        }
        Some(Token::Name(name)) => Ok(Expression::Name(name)),
        Some(Token::Sign('(')) => {
            let inner = sum(tokens, at, depth + 1)?;
            close(tokens, at)?;
            Ok(inner)
        }
        _ => Err("a number or a name is missing".to_owned()),
    }
}

fn close(tokens: Tokens<'_>, at: &mut usize) -> Result<(), String> {
    if sign_at(tokens, *at) != Some(')') {
        return Err("a closing bracket is missing".to_owned());
    }
    *at += 1;
    Ok(())
}
