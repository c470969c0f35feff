//! A bar that shows how far some work has come.

use super::text::{StyledLine, count, width};
use crate::tui::port::Progress;
use crate::tui::theme::Role;

/// The signs of a spinner, one per tick.
const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// Sets the line: "Finding duplicates  ████░░░░  50 %  comparing records 5,000 of 10,000".
///
/// Where the number of steps is not known, a spinner turns with `tick` instead of the bar.
pub fn progress_line(title: &str, progress: Option<&Progress>, tick: u64, room: usize) -> StyledLine {
    let mut line = vec![(format!("{title}  "), Role::Text)];
    match progress.filter(|progress| progress.total > 0) {
        None => {
            let at = usize::try_from(tick % 4).unwrap_or(0);
            line.push((SPINNER[at].to_owned(), Role::Progress));
            line.extend(progress.map(|progress| (format!("  {}", progress.phase), Role::Muted)));
        }
        Some(progress) => {
            let done = progress.done.min(progress.total);
            let percent = u128::from(done) * 100 / u128::from(progress.total);
            let counts = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
            let said = format!("  {} {} of {}", progress.phase, counts(done), counts(progress.total));
            let cells = room.saturating_sub(width(title) + width(&said) + 9).clamp(4, 30);
            let full = usize::try_from(u128::from(done) * cells as u128 / u128::from(progress.total)).unwrap_or(0);
            line.push(("█".repeat(full), Role::Progress));
            line.push(("░".repeat(cells - full), Role::Muted));
            line.push((format!("  {percent} %"), Role::Text));
            line.push((said, Role::Muted));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &StyledLine) -> String {
        line.iter().map(|(text, _)| text.as_str()).collect()
    }

    #[test]
    fn the_bar_says_its_numbers_too() {
        let progress = Progress { phase: "comparing records".to_owned(), done: 5_000, total: 10_000 };
        assert_eq!(
            text(&progress_line("Finding duplicates", Some(&progress), 0, 70)),
            "Finding duplicates  ████░░░░  50 %  comparing records 5,000 of 10,000"
        );
    }

    #[test]
    fn a_job_of_unknown_length_turns_a_spinner() {
        assert_eq!(text(&progress_line("Reading", None, 1, 40)), "Reading  /");
        let beyond = Progress { phase: "x".to_owned(), done: u64::MAX, total: 3 };
        assert!(text(&progress_line("Reading", Some(&beyond), 1, 40)).contains("100 %"));
    }
}
