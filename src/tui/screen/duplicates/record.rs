//! The record that stands for a group, composed field by field, with the source of each field.

use crate::app::query::{MemberView, RecordCard};
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, wrap_text};

/// Sets the fields of a card, each with the record that it comes from; fields that no record of the group has are left out.
pub fn lines(card: &RecordCard) -> Vec<StyledLine> {
    let citation = &card.citation;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let names = citation.authors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let fields = [
        ("title", citation.title.clone()),
        ("authors", names),
        ("journal", text(&citation.journal)),
        ("year", citation.year.map(|year| year.to_string()).unwrap_or_default()),
        ("volume", text(&citation.volume)),
        ("issue", text(&citation.issue)),
        ("start_page", text(&citation.start_page)),
        ("end_page", text(&citation.end_page)),
        ("doi", citation.doi.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("pmid", citation.pmid.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("issn", citation.issn.join("; ")),
        ("registry_ids", citation.registry_ids.join("; ")),
        ("keywords", citation.keywords.join("; ")),
        ("abstract_text", text(&citation.abstract_text)),
    ];
    let mut lines = Vec::new();
    for (field, value) in fields {
        if value.is_empty() {
            continue;
        }
        let label = match field {
            "start_page" => "first page",
            "end_page" => "last page",
            "doi" => "DOI",
            "pmid" => "PMID",
            "issn" => "ISSN",
            "registry_ids" => "registry numbers",
            "abstract_text" => "abstract",
            plain => plain,
        };
        lines.push(vec![(label.to_owned(), Role::Accent), (format!("  from {}", source(card, field)), Role::Muted)]);
        lines.extend(wrap_text(&format!("    {value}"), Role::Text, PAGE_ROOM));
    }
    lines
}

/// Names the record that a field comes from: the primary, or the one that completed it.
fn source(card: &RecordCard, field: &str) -> String {
    let record = card.completed.iter().find(|(completed, _)| *completed == field).map_or(card.record, |(_, record)| *record);
    let name = |member: &MemberView| format!("{} {}", member.source, member.place);
    card.members.iter().find(|member| member.record == record).map(name).unwrap_or_default()
}
