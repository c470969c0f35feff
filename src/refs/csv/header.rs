//! What the columns of a table are called, and what they hold: the general list of names, and the header of a table.

use crate::refs::builder::Role;

pub(super) use super::presets::Exporter;
use super::presets::PRESETS;

/// The general names of columns, folded as by [`folded`].
const COLUMNS: &[(&str, Role)] = &[
    // In other languages: what reference managers and spreadsheets of reviewers write.
    ("titel", Role::Title),
    ("titre", Role::Title),
    ("título", Role::Title),
    ("titulo", Role::Title),
    ("titolo", Role::Title),
    ("标题", Role::Title),
    ("題名", Role::Title),
    ("autor", Role::Authors),
    ("autoren", Role::Authors),
    ("auteurs", Role::Authors),
    ("autores", Role::Authors),
    ("autori", Role::Authors),
    ("作者", Role::Authors),
    ("jahr", Role::Year),
    ("année", Role::Year),
    ("annee", Role::Year),
    ("año", Role::Year),
    ("anno", Role::Year),
    ("ano", Role::Year),
    ("年份", Role::Year),
    ("zeitschrift", Role::Journal),
    ("revue", Role::Journal),
    ("revista", Role::Journal),
    ("rivista", Role::Journal),
    ("期刊", Role::Journal),
    ("zusammenfassung", Role::Abstract),
    ("résumé", Role::Abstract),
    ("resumen", Role::Abstract),
    ("resumo", Role::Abstract),
    ("riassunto", Role::Abstract),
    ("摘要", Role::Abstract),
    ("abbreviatedsourcetitle", Role::JournalAbbreviation),
    ("abstract", Role::Abstract),
    ("abstractnote", Role::Abstract),
    ("abstracttext", Role::Abstract),
    ("accession", Role::Accession),
    ("accessionno", Role::Accession),
    ("accessionnumber", Role::Accession),
    ("articlelanguage", Role::Language),
    ("articlenumber", Role::ArticleNumber),
    ("articletitle", Role::Title),
    ("artno", Role::ArticleNumber),
    ("author", Role::Authors),
    ("authorkeywords", Role::Keyword),
    ("authorlist", Role::Authors),
    ("authornames", Role::Authors),
    ("authors", Role::Authors),
    ("briefsummary", Role::Abstract),
    ("brieftitle", Role::Title),
    ("centralid", Role::Accession),
    ("clinicaltrialnumbers", Role::Registry),
    ("containertitle", Role::Journal),
    ("creator", Role::Authors),
    ("creators", Role::Authors),
    ("date", Role::Date),
    ("dateofpublication", Role::Date),
    ("datepublished", Role::Date),
    ("digitalobjectidentifier", Role::Doi),
    ("documenttitle", Role::Title),
    ("doi", Role::Doi),
    ("doilink", Role::Doi),
    ("eissn", Role::Issn),
    ("endpage", Role::EndPage),
    ("externalurl", Role::Url),
    ("firstauthors", Role::Authors),
    ("firstpage", Role::StartPage),
    ("fulltextlink", Role::Url),
    ("isbn", Role::Issn),
    ("isbns", Role::Issn),
    ("isoabbreviation", Role::JournalAbbreviation),
    ("issn", Role::Issn),
    ("issns", Role::Issn),
    ("issue", Role::Issue),
    ("issuenumber", Role::Issue),
    ("itemdoi", Role::Doi),
    ("itemtitle", Role::Title),
    ("itemtype", Role::Kind),
    ("journal", Role::Journal),
    ("journalabbreviation", Role::JournalAbbreviation),
    ("journalbook", Role::Journal),
    ("journalissue", Role::Issue),
    ("journalname", Role::Journal),
    ("journaltitle", Role::Journal),
    ("journalvolume", Role::Volume),
    ("keyword", Role::Keyword),
    ("keywords", Role::Keyword),
    ("language", Role::Language),
    ("languages", Role::Language),
    ("lastpage", Role::EndPage),
    ("link", Role::Url),
    ("links", Role::Url),
    ("manualtags", Role::Keyword),
    ("medlinepmid", Role::Pmid),
    ("mesh", Role::Keyword),
    ("meshterms", Role::Keyword),
    ("nctid", Role::Registry),
    ("nctnumber", Role::Registry),
    ("note", Role::Note),
    ("notes", Role::Note),
    ("originaltitle", Role::OriginalTitle),
    ("pageend", Role::EndPage),
    ("pagefrom", Role::StartPage),
    ("pagerange", Role::Pages),
    ("pages", Role::Pages),
    ("pagestart", Role::StartPage),
    ("pageto", Role::EndPage),
    ("pmcid", Role::Pmcid),
    ("pmid", Role::Pmid),
    ("primarytitle", Role::Title),
    ("publicationdate", Role::Date),
    ("publicationname", Role::Journal),
    ("publicationtitle", Role::Journal),
    ("publicationyear", Role::Year),
    ("publication", Role::Journal),
    ("publictitle", Role::Title),
    ("publishedyear", Role::Year),
    ("publisher", Role::Publisher),
    ("pubmedid", Role::Pmid),
    ("pubtitle", Role::Journal),
    ("pubyear", Role::Year),
    ("registryids", Role::Registry),
    ("secondarytitle", Role::Journal),
    ("sourcetitle", Role::Journal),
    ("startpage", Role::StartPage),
    ("studytitle", Role::Title),
    ("subjects", Role::Keyword),
    ("summary", Role::Abstract),
    ("title", Role::Title),
    ("trialid", Role::Registry),
    ("trialregistrationnumber", Role::Registry),
    ("type", Role::Kind),
    ("typeofreference", Role::Kind),
    ("uri", Role::Url),
    ("url", Role::Url),
    ("urls", Role::Url),
    ("volume", Role::Volume),
    ("year", Role::Year),
    ("yearpublished", Role::Year),
];

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The name as it stands in the file, as one clean line.
    pub name: String,
    /// What the column holds.
    pub role: Role,
}

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Whose table it is.
    pub exporter: Exporter,
    /// The columns in order.
    pub columns: Vec<Column>,
}

/// Returns a name with nothing but its letters and digits, in lower case.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Header {
    /// Reads a row as a header; `None` when it has too few known names or a cell too long to be a name.
    pub fn of<S: AsRef<str>>(cells: &[S]) -> Option<Self> {
        if cells.len() < 2 || cells.iter().any(|cell| cell.as_ref().len() > 120) {
            return None;
        }
        let names: Vec<String> = cells.iter().map(|cell| folded(cell.as_ref())).collect();
        let has = |name: &&str| names.iter().any(|other| other == name);
        let preset = PRESETS.iter().find(|preset| preset.marks.iter().all(has));
        let role_of = |name: &str| {
            let special = preset.and_then(|preset| preset.columns.iter().find(|(known, _)| *known == name));
            special.or_else(|| COLUMNS.iter().find(|(known, _)| *known == name)).map(|(_, role)| *role)
        };
        let roles: Vec<Option<Role>> = names.iter().map(|name| role_of(name)).collect();
        let known = roles.iter().flatten().count();
        let has_title = roles.contains(&Some(Role::Title));
        if known < 2 || !has_title && preset.is_none() && known < 4 {
            return None;
        }
        let columns = cells
            .iter()
            .zip(roles)
            .map(|(cell, role)| Column {
                name: crate::domain::text::clean_line(cell.as_ref()).into_owned(),
                role: role.unwrap_or(Role::Extra),
            })
            .collect();
        Some(Self { exporter: preset.map_or(Exporter::Other, |preset| preset.exporter), columns })
    }

    /// Reports whether there is a column of titles.
    pub fn has_title(&self) -> bool {
        self.columns.iter().any(|column| column.role == Role::Title)
    }

    /// Counts the columns whose meaning is known.
    pub fn known(&self) -> usize {
        self.columns.iter().filter(|column| column.role != Role::Extra).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Header {
        Header::of(&names.split(',').collect::<Vec<_>>()).expect(names)
    }

    #[test]
    fn exporters_are_known_by_their_columns() {
        for (names, exporter) in [
            ("Title,Author Names,Source,Emtree Medical Index Terms", Exporter::Embase),
            ("Authors,Title,Source title,Art. No.,EID", Exporter::Scopus),
            ("CENTRAL ID,Author(s),Title,Source", Exporter::Cochrane),
            ("PT,AU,AF,TI,SO,UT", Exporter::WebOfScience),
            ("NCT Number,Study Title", Exporter::ClinicalTrials),
            ("TrialID,Public title,web address", Exporter::Ictrp),
            ("Title,Authors,Published Year,Covidence #", Exporter::Covidence),
            ("(internal) id,(source) id,title", Exporter::Abstrackr),
            ("abstract ,title", Exporter::Other),
        ] {
            assert_eq!(header(names).exporter, exporter, "{names}");
        }
        assert_eq!(Header::of(&["Dear", "colleague"]), None);
        assert_eq!(Header::of(&["title"]), None);
    }

    #[test]
    fn a_name_means_what_its_exporter_means() {
        let role = |names: &str, at: usize| header(names).columns[at].role;
        assert_eq!(role("CENTRAL ID,Title,Source", 2), Role::Journal);
        assert_eq!(role("Authors,Title,Source title,EID,Source", 4), Role::Extra);
        assert_eq!(role("My Title,title,Author/s", 2), Role::Authors);
        assert_eq!(role("My Title,title,Author/s", 0), Role::Extra);
    }
}
