//! Which commands of the screens and which words of the command line make each request: the two can do the same.

use crate::app::RequestKind;

/// The ways to make one kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// The commands of the screens.
    pub commands: &'static [&'static str],
    /// The words of the command line.
    pub cli: &'static str,
}

/// Returns the ways to make a kind of request. A new kind does not compile before it has a line here.
pub fn ways(kind: RequestKind) -> Ways {
    use RequestKind as K;
    let (commands, cli): (&'static [&'static str], &'static str) = match kind {
        K::SetReview => (&["setup.edit"], "setup question"),
        K::SetReviewer => (&["setup.add", "setup.edit"], "setup reviewer"),
        K::SetCriteria => (&["setup.add", "setup.edit", "setup.remove", "setup.up", "setup.down"], "setup criteria"),
        K::SetReasons => (&["setup.add", "setup.edit", "setup.remove", "setup.up", "setup.down"], "setup reasons"),
        K::SetWords => (&["screen.words", "setup.add", "setup.edit", "setup.remove", "setup.up", "setup.down"], "words add"),
        K::SetPolicy => (&["setup.edit"], "setup policy"),
        K::StartUpdate => (&["update.start"], "update start"),
        K::AddSource => (&["source.add"], "source add"),
        K::Import => (&["import.file"], "import"),
        K::FindDuplicates => (&["dedup.run"], "dedup run"),
        K::Group => (&["dedup.same"], "dedup group"),
        K::Split => (&["dedup.split"], "dedup split"),
        K::KeepApart => (&["dedup.different"], "dedup keep"),
        K::Remove => (&["screen.remove"], "screen remove"),
        K::Vote => (&["screen.include", "screen.maybe", "screen.exclude", "fulltext.include", "fulltext.exclude"], "screen vote"),
        K::Mark => (&["screen.note", "screen.tag", "screen.key_paper", "screen.reference_list", "conflict.later"], "screen tag"),
        K::SetOrder => (&["screen.order"], "screen order"),
        K::TakeBatch => (&["screen.batch"], "screen batch"),
        // Tables are files that people write; row by row the screens do the same.
        K::Load => (&["screen.include", "conflict.include", "fulltext.retrieved", "study.link", "consensus.take_a"], "screen votes"),
        K::StartRound => (&["round.start"], "round start"),
        K::CloseRound => (&["round.close"], "round close"),
        K::Resolve => (&["conflict.include", "conflict.exclude"], "conflict resolve"),
        K::Retrieve => (&["fulltext.retrieved", "fulltext.not_retrieved", "fulltext.requested"], "fulltext retrieval"),
        K::Attach => (&["fulltext.attach"], "fulltext attach"),
        // A folder is matched on the command line, which shows what fits and asks; file by file the screens do the same.
        K::AttachMany => (&["fulltext.attach"], "fulltext attach-folder"),
        K::LinkStudy => (&["study.new", "study.link"], "study link"),
        K::UnlinkStudy => (&["study.unlink"], "study unlink"),
        K::UseForm => (&["form.use", "form.template", "designer.save"], "form use"),
        K::MigrateStudies => (&["extract.migrate"], "extract migrate"),
        K::SetCells => (&["extract.edit", "extract.source", "extract.clear", "extract.confirm", "extract.paste"], "extract set"),
        K::SubmitDraft => (&["extract.submit"], "extract submit"),
        K::WithdrawDraft => (&["extract.withdraw"], "extract withdraw"),
        K::Agree => (&["consensus.take_a", "consensus.take_b", "consensus.other"], "extract agree"),
        K::Dismiss => (&["warning.dismiss", "warning.open"], "extract dismiss"),
        K::ExcludeStudy => (&["analyse.exclude"], "analyse exclude"),
        K::AnswerAppraisal => (&["appraisal.answer", "appraisal.answer_nth", "appraisal.support"], "rob set"),
        K::SubmitAppraisal => (&["appraisal.submit"], "rob submit"),
        K::WithdrawAppraisal => (&["appraisal.withdraw"], "rob withdraw"),
        K::AgreeJudgement => (&["appraisal.agree"], "rob agree"),
        K::Rate => (&["finding.rate", "finding.baseline", "finding.comment"], "grade set"),
        K::Undo => (&["undo", "log.undo"], "undo"),
        K::Redo => (&["redo", "log.redo"], "redo"),
        K::Merge => (&["review.merge"], "merge"),
    };
    Ways { commands, cli }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::app::command::find;

    #[test]
    fn every_request_has_commands_of_the_screens_that_are_known() {
        for kind in RequestKind::iter() {
            let ways = ways(kind);
            assert!(!ways.commands.is_empty(), "{kind}");
            for id in ways.commands {
                assert!(find(id).is_some_and(|command| command.is_on_screens()), "{kind}: {id}");
            }
        }
    }
}
