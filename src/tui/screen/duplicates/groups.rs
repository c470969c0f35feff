//! The groups of duplicates, with the members of the selected one.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};

use super::pair::next_rule;
use crate::app::query::GroupView;
use crate::domain::ids::RecordId;
use crate::tui::mouse::Under;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{Piece, count};

/// The groups and their members.
#[derive(Debug)]
pub struct Groups {
    all: Vec<GroupView>,
    groups: Vec<GroupView>,
    rule: Option<String>,
    list: Table,
    members: Table,
    has_members_pane: bool,
}

impl Default for Groups {
    fn default() -> Self {
        let list = vec![Column::number("No.", 6), Column::number("Size", 4), Column::number("Year", 4), Column::rest("Title")];
        let members = vec![
            Column::fixed("Source", 14),
            Column::fixed("Place", 22),
            Column::number("Year", 4),
            Column::number("Alike", 5),
            Column::rest("How"),
        ];
        Self {
            all: Vec::new(),
            groups: Vec::new(),
            rule: None,
            list: Table::new(list),
            members: Table::new(members),
            has_members_pane: false,
        }
    }
}

impl Groups {
    /// Takes the groups as they stand now.
    pub fn set(&mut self, groups: Vec<GroupView>, body: Rect) {
        self.all = groups;
        if self.rule.as_ref().is_some_and(|rule| !self.all.iter().any(|group| has_rule(group, rule))) {
            self.rule = None;
        }
        self.filter(body);
    }

    /// Shows the groups in which the next rule found a record, after the last rule all groups.
    pub fn next_rule(&mut self, body: Rect) {
        let rules = self.all.iter().flat_map(|group| group.members.iter().skip(1)).map(|member| member.rule.as_str());
        self.rule = next_rule(self.rule.as_deref(), rules);
        self.filter(body);
        self.members.select(0);
    }

    /// Returns the record that stands for the selected group.
    pub fn primary(&self) -> Option<RecordId> {
        self.selected().map(|group| group.primary)
    }

    fn filter(&mut self, body: Rect) {
        self.groups = self.all.iter().filter(|group| self.rule.as_ref().is_none_or(|rule| has_rule(group, rule))).cloned().collect();
        self.list.set_total(self.groups.len());
        self.set_size(body);
        self.fill_members();
    }

    /// Returns how many groups there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Tells whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn selected(&self) -> Option<&GroupView> {
        self.list.selected().and_then(|at| self.groups.get(at))
    }

    /// Returns the selected member: the one that would leave the group.
    pub fn selected_member(&self) -> Option<RecordId> {
        let at = self.members.selected()?;
        self.selected()?.members.get(at).map(|member| member.line.record)
    }

    /// Returns the primary record with the selected member, or with the second one where the primary is selected.
    pub fn pair(&self) -> Option<(RecordId, RecordId)> {
        let group = self.selected()?;
        let member = self.selected_member().filter(|member| *member != group.primary);
        Some((group.primary, member.or_else(|| group.members.get(1).map(|second| second.line.record))?))
    }

    /// Moves the keys to the other pane.
    pub fn change_pane(&mut self) {
        self.has_members_pane = !self.has_members_pane;
    }

    /// Tells the lists how many rows they have.
    pub fn set_size(&mut self, body: Rect) {
        let [list, members] = places(body);
        self.list.set_height(list.height.saturating_sub(2));
        self.members.set_height(members.height.saturating_sub(2));
        self.fill();
    }

    /// Carries out a command of moving.
    pub fn command(&mut self, id: &str) {
        if self.has_members_pane {
            self.members.command(id);
            return;
        }
        let before = self.list.selected();
        self.list.command(id);
        self.fill();
        if self.list.selected() != before {
            self.members.select(0);
            self.fill_members();
        }
    }

    fn fill(&mut self) {
        let Some(range) = self.list.missing() else { return };
        let first = range.start;
        let rows = self.groups[range].iter().enumerate().map(|(at, group)| group_row(first + at, group)).collect();
        self.list.set_page(first, rows);
    }

    fn fill_members(&mut self) {
        let rows = self.selected().into_iter().flat_map(|group| &group.members).map(|member| {
            vec![
                (member.line.source.clone(), Role::Text),
                (member.line.source_id.clone(), Role::Muted),
                (member.line.year.map(|year| year.to_string()).unwrap_or_default(), Role::Muted),
                (format!("{:.2}", member.score), Role::Accent),
                (member.reason.clone(), Role::Text),
            ]
        });
        let rows = rows.collect();
        self.members.set_rows(rows);
    }

    /// Tells what lies under a place of the screen.
    pub fn under(&self, at: Position, area: Rect) -> Under {
        let [list, members] = places(area);
        let (table, place, has_keys) =
            if list.contains(at) { (&self.list, list, !self.has_members_pane) } else { (&self.members, members, self.has_members_pane) };
        let found = table.under(at, place.inner(Margin::new(1, 1)));
        if has_keys { found } else { found.behind("pane.next") }
    }

    /// Draws the list and the members.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let [list, members] = places(area);
        let rule = self.rule.as_ref().map(|rule| format!(" with {rule}")).unwrap_or_default();
        let inner = draw_box(frame, list, theme, &format!("Groups{rule}: {}", count(self.groups.len())), !self.has_members_pane);
        self.list.view(frame, inner, theme, !self.has_members_pane);
        let inner = draw_box(frame, members, theme, "Records of this group, the primary first", self.has_members_pane);
        self.members.view(frame, inner, theme, self.has_members_pane);
    }
}

fn has_rule(group: &GroupView, rule: &str) -> bool {
    group.members.iter().skip(1).any(|member| member.rule == rule)
}

fn places(area: Rect) -> [Rect; 2] {
    Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area)
}

fn group_row(at: usize, group: &GroupView) -> Vec<Piece> {
    let first = group.members.first();
    vec![
        (count(at + 1), Role::Muted),
        (group.members.len().to_string(), Role::Accent),
        (first.and_then(|member| member.line.year).map(|year| year.to_string()).unwrap_or_default(), Role::Muted),
        (first.map(|member| member.line.title.clone()).unwrap_or_default(), Role::Text),
    ]
}
