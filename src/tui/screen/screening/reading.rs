//! What a reader does with a record beside voting: opening its links and copying from it.

use super::Screening;
use super::act::tell;
use crate::domain::link::{links, reference};
use crate::domain::record::Citation;
use crate::tui::app_port::AppPort;
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker};
use crate::tui::widget::text::cut;

/// What can be copied, with the words for it.
const COPIED: [(&str, &str); 5] =
    [("doi", "DOI"), ("pmid", "PMID"), ("reference", "Reference in one line"), ("title", "Title"), ("link", "Link")];

impl Screening {
    /// Opens the record's only link, or asks which.
    pub(super) fn open_link(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return Vec::new() };
        let found = links(&unit.card.citation);
        let wanted = call.args.first().map(String::as_str);
        match (wanted.and_then(|url| found.iter().find(|link| link.url == url)), &found[..]) {
            (Some(link), _) => open(&link.url),
            (None, []) => tell("The record has no DOI, PMID, registry number or web address."),
            (None, [only]) => open(&only.url),
            (None, _) => {
                let choices =
                    found.iter().map(|link| Choice { value: link.url.clone(), label: link.label.to_owned(), detail: link.url.clone() });
                pick("Open in the browser", choices.collect(), call)
            }
        }
    }

    /// Copies a part of the record, or asks which.
    pub(super) fn copy(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return Vec::new() };
        let citation = &unit.card.citation;
        let Some(what) = call.args.first() else {
            let choices = COPIED.iter().filter_map(|(what, label)| {
                let detail = part(citation, what)?;
                Some(Choice { value: (*what).to_owned(), label: (*label).to_owned(), detail })
            });
            return pick("Copy", choices.collect(), call);
        };
        let label = COPIED.iter().find(|(known, _)| known == what).map_or(what.as_str(), |(_, label)| label);
        match part(citation, what) {
            Some(text) => {
                let told = format!("Given to the terminal's clipboard: {}", cut(&text, 60));
                vec![Effect::Copy(text), Effect::Notice(Notice::info(told))]
            }
            None => tell(&format!("The record has no {label}.")),
        }
    }
}

fn part(citation: &Citation, what: &str) -> Option<String> {
    match what {
        "doi" => citation.doi.as_ref().map(ToString::to_string),
        "pmid" => citation.pmid.as_ref().map(ToString::to_string),
        "reference" => Some(reference(citation)),
        "title" => Some(citation.title.clone()),
        "link" => links(citation).into_iter().next().map(|link| link.url),
        _ => None,
    }
}

fn open(url: &str) -> Vec<Effect<AppPort>> {
    vec![Effect::OpenLink(url.to_owned()), Effect::Notice(Notice::info(format!("Opening {}", cut(url, 70))))]
}

fn pick(title: &str, choices: Vec<Choice>, call: &Call) -> Vec<Effect<AppPort>> {
    vec![Effect::Open(Box::new(Overlay::Picker(Picker::new(title, choices, Call::new(call.id)))))]
}
