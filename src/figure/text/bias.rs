//! Risk of bias in terminal cells: the signs carry the meaning.

use super::grid::Grid;
use super::{TextLine, TextRole, cells, cut, wrap};
use crate::figure::bias::{BiasModel, Level, Tone};
use crate::figure::number;

/// What stands where no judgement is agreed upon.
const OPEN: &str = "·";

fn role(level: Option<&Level>) -> TextRole {
    match level.map(|level| level.tone) {
        Some(Tone::Low | Tone::NearlyLow) => TextRole::Low,
        Some(Tone::Some) => TextRole::Some,
        Some(Tone::High | Tone::Critical) => TextRole::High,
        Some(Tone::NoInformation) | None => TextRole::Muted,
    }
}

fn heading(grid: &mut Grid, model: &BiasModel, width: usize) -> usize {
    let mut y = 0;
    for line in wrap(&model.title, width).iter().filter(|line| !line.is_empty()) {
        grid.put(0, y, line, TextRole::Bold);
        y += 1;
    }
    y + usize::from(y > 0)
}

/// Returns the traffic lights as lines no wider than `width` cells: a row a study, a sign a domain, the key below.
pub fn lights_text(model: &BiasModel, width: u16) -> Vec<TextLine> {
    let width = usize::from(width).max(1);
    let mut grid = Grid::new(width);
    let mut y = heading(&mut grid, model, width);
    let columns: Vec<usize> = model.domains.iter().map(|domain| cells(&domain.short).max(2) + 2).collect();
    let needed: usize = columns.iter().sum();
    let longest = model.rows.iter().map(|row| cells(&row.label)).max().unwrap_or(0).max(5);
    let label = longest.min(width.saturating_sub(needed + 1)).max(5);
    let starts: Vec<usize> = columns
        .iter()
        .scan(label + 1, |x, wide| {
            let start = *x;
            *x += wide;
            Some(start)
        })
        .collect();
    grid.put(0, y, "Study", TextRole::Bold);
    for ((domain, x), wide) in model.domains.iter().zip(&starts).zip(&columns) {
        grid.put_middle(*x, x + wide, y, &domain.short, TextRole::Bold);
    }
    y += 1;
    grid.put(0, y, &"─".repeat((label + 1 + needed).min(width)), TextRole::Muted);
    y += 1;
    for row in &model.rows {
        grid.put(0, y, &cut(&row.label, label), TextRole::Normal);
        for (at, (x, wide)) in starts.iter().zip(&columns).enumerate() {
            let level = model.level(row, at);
            grid.put_middle(*x, x + wide, y, level.map_or(OPEN, Level::printed), role(level));
        }
        y += 1;
    }
    if model.rows.is_empty() {
        grid.put(0, y, "No study is appraised yet", TextRole::Muted);
        y += 1;
    }
    y = key(&mut grid, model, width, y + 1);
    let indent = model.domains.iter().map(|domain| cells(&domain.short)).max().unwrap_or(0) + 2;
    for domain in model.domains.iter().filter(|domain| !domain.is_overall) {
        for (at, line) in wrap(&domain.title, width.saturating_sub(indent).max(1)).iter().enumerate() {
            if at == 0 {
                grid.put(0, y, &domain.short, TextRole::Bold);
            }
            grid.put(indent, y, line, TextRole::Normal);
            y += 1;
        }
    }
    footnotes(&mut grid, model, width, y);
    grid.into_lines()
}

/// Returns the summary as lines no wider than `width` cells: a bar of signs a domain, with its shares in percent.
pub fn bias_summary_text(model: &BiasModel, width: u16, is_weighted: bool) -> Vec<TextLine> {
    let width = usize::from(width).max(1);
    let mut grid = Grid::new(width);
    let mut y = heading(&mut grid, model, width);
    // The shares stand behind the bar where there is room for them.
    let numbers = 5 * model.levels.len() + 2;
    let longest = model.domains.iter().map(|domain| cells(&domain.title)).max().unwrap_or(0);
    let has_numbers = width >= 24 + numbers + 20;
    let room = width.saturating_sub(if has_numbers { numbers } else { 0 });
    let label = longest.min(room / 2).max(1);
    let bar = room.saturating_sub(label + 2).clamp(1, 60);
    let left = label + 2;
    if has_numbers {
        for (at, level) in model.levels.iter().enumerate() {
            grid.put_end(left + bar + 2 + 5 * (at + 1), y, level.printed(), TextRole::Bold);
        }
        y += 1;
    }
    for (at, domain) in model.domains.iter().enumerate() {
        let weight = if domain.is_overall { TextRole::Bold } else { TextRole::Normal };
        let shares = model.shares(at, is_weighted);
        let lines = wrap(&domain.title, label);
        for (place, line) in lines.iter().enumerate() {
            grid.put(0, y + place, line, weight);
        }
        let (mut drawn, mut share_so_far) = (0, 0.0);
        for (place, share) in shares.iter().enumerate() {
            share_so_far += share;
            let end = ((share_so_far * bar as f64).round() as usize).min(bar);
            let level = model.levels.get(place);
            let sign = level.map_or(OPEN, Level::printed);
            grid.put(left + drawn, y, &sign.repeat(end.saturating_sub(drawn)), role(level));
            drawn = end.max(drawn);
        }
        if has_numbers && drawn > 0 {
            for (place, share) in shares.iter().take(model.levels.len()).enumerate() {
                let percent = format!("{}%", number::fixed(100.0 * share, 0));
                grid.put_end(left + bar + 2 + 5 * (place + 1), y, &percent, TextRole::Normal);
            }
        }
        y += lines.len();
    }
    let of = if is_weighted { "Share of the weight in the analysis" } else { "Share of the studies" };
    grid.put(left, y, &cut(of, width.saturating_sub(left)), TextRole::Muted);
    y = key(&mut grid, model, width, y + 2);
    footnotes(&mut grid, model, width, y);
    grid.into_lines()
}

/// Says what the signs mean; returns the next line.
fn key(grid: &mut Grid, model: &BiasModel, width: usize, top: usize) -> usize {
    let mut entries: Vec<(Option<&Level>, &str)> = model.levels.iter().map(|level| (Some(level), level.label.as_str())).collect();
    if model.has_open() {
        entries.push((None, "not agreed upon yet"));
    }
    let (mut x, mut y) = (0, top);
    for (level, words) in entries {
        let wide = cells(words) + 2;
        if x > 0 && x + wide > width {
            x = 0;
            y += 1;
        }
        grid.put(x, y, level.map_or(OPEN, Level::printed), role(level));
        grid.put(x + 2, y, words, TextRole::Normal);
        x += wide + 3;
    }
    y + 1
}

fn footnotes(grid: &mut Grid, model: &BiasModel, width: usize, top: usize) {
    let lines = model.footnotes.iter().flat_map(|footnote| wrap(footnote, width));
    for (y, line) in (top..).zip(lines) {
        grid.put(0, y, &line, TextRole::Normal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::bias::sample;
    use crate::figure::text::plain;

    #[test]
    fn a_study_has_a_sign_for_each_domain() {
        let text = plain(&lights_text(&sample::rob2(3), 80));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[2].starts_with("Study") && lines[2].ends_with("Overall"), "{text}");
        let signs: Vec<&str> = lines[5].split_whitespace().collect();
        assert_eq!(signs, ["Study", "2", "2002", "–", "×", "+", "–", "×", "+"]);
        assert!(text.contains("+ Low risk   – Some concerns   × High risk"), "{text}");
        assert!(text.contains("D5       Selection of the reported result"), "{text}");
    }

    #[test]
    fn the_bars_of_the_summary_are_full_and_no_line_is_too_wide() {
        for width in [40, 80, 160] {
            for studies in [1, 3, 50] {
                let summary = bias_summary_text(&sample::rob2(studies), width, false);
                let lights = lights_text(&sample::rob2(studies), width);
                assert!(summary.iter().chain(&lights).all(|line| line.width() <= usize::from(width)), "{width}");
            }
        }
        let text = plain(&bias_summary_text(&sample::rob2(4), 100, false));
        let first = text.lines().nth(3).expect("a bar");
        assert!(first.contains("50%") && first.contains("25%"), "{text}");
        let bar: usize = first.chars().filter(|c| matches!(c, '+' | '–' | '×')).count();
        assert!(bar >= 20, "{text}");
    }

    #[test]
    fn nothing_appraised_is_said() {
        assert!(plain(&lights_text(&sample::rob2(0), 80)).contains("No study is appraised yet"));
        assert!(!plain(&bias_summary_text(&sample::rob2(0), 80, false)).contains("100%"));
    }
}
