//! What the columns of a table are called, and what they hold: a general list of names, and what single exporters mean by them.

use crate::refs::builder::Role;

/// Whose table it is, as far as the names of the columns tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exporter {
    /// This program itself.
    Tamis,
    /// Embase.com.
    Embase,
    /// Scopus.
    Scopus,
    /// The Cochrane Library.
    Cochrane,
    /// EBSCOhost.
    Ebsco,
    /// ProQuest.
    ProQuest,
    /// Web of Science, tab-delimited.
    WebOfScience,
    /// PubMed.
    PubMed,
    /// Zotero.
    Zotero,
    /// ClinicalTrials.gov, before and after 2024.
    ClinicalTrials,
    /// The WHO's trial registry platform.
    Ictrp,
    /// Rayyan.
    Rayyan,
    /// Covidence.
    Covidence,
    /// Abstrackr.
    Abstrackr,
    /// ASReview and other tools that name columns after RIS fields.
    AsReview,
    /// Lens.org.
    Lens,
    /// IEEE Xplore.
    Ieee,
    /// SpringerLink.
    Springer,
    /// Google Scholar, by Publish or Perish.
    Scholar,
    /// Anybody else.
    Other,
}

/// How one exporter is recognised and where it departs from the general names.
struct Preset {
    exporter: Exporter,
    /// Columns of which all must be there.
    marks: &'static [&'static str],
    /// Columns that mean something else here.
    columns: &'static [(&'static str, Role)],
}

/// The exporters, the most particular first. Names are folded as by [`folded`].
const PRESETS: &[Preset] = &[
    Preset {
        exporter: Exporter::Tamis,
        marks: &["kind", "title", "journalabbreviation", "registryids", "extra"],
        columns: &[("kind", Role::Kind), ("registryids", Role::Registry)],
    },
    Preset {
        exporter: Exporter::Embase,
        marks: &["authornames", "source", "emtreemedicalindexterms"],
        columns: &[
            ("source", Role::Extra),
            ("keywords", Role::Keyword),
            ("emtreedrugindexterms", Role::Keyword),
            ("emtreemedicalindexterms", Role::Keyword),
            ("emtreedrugindextermsmajorfocus", Role::Keyword),
            ("emtreemedicalindextermsmajorfocus", Role::Keyword),
            ("pui", Role::Accession),
            ("embaseaccessionid", Role::Accession),
            ("medlinepmid", Role::Pmid),
            ("clinicaltrialnumbers", Role::Registry),
            ("articlelanguage", Role::Language),
            ("publicationtype", Role::Kind),
            ("embaselink", Role::Url),
            ("fulltextlink", Role::Url),
            ("bookpublisher", Role::Publisher),
        ],
    },
    Preset {
        exporter: Exporter::Scopus,
        marks: &["authors", "sourcetitle", "eid"],
        columns: &[
            ("source", Role::Extra),
            ("eid", Role::Accession),
            ("artno", Role::ArticleNumber),
            ("documenttype", Role::Kind),
            ("link", Role::Url),
            ("indexkeywords", Role::Keyword),
            ("languageoforiginaldocument", Role::Language),
        ],
    },
    Preset {
        exporter: Exporter::Cochrane,
        marks: &["centralid", "source"],
        columns: &[
            ("centralid", Role::Accession),
            ("source", Role::Journal),
            ("ctgovid", Role::Registry),
            ("ictrpid", Role::Registry),
            ("publicationtype", Role::Kind),
        ],
    },
    Preset {
        exporter: Exporter::Cochrane,
        marks: &["cochranereviewid", "title"],
        columns: &[("cochranereviewid", Role::Accession), ("source", Role::Journal), ("publicationtype", Role::Kind)],
    },
    Preset {
        exporter: Exporter::Ebsco,
        marks: &["articletitle", "journaltitle", "firstpage", "pagecount"],
        columns: &[("doctype", Role::Kind), ("subjects", Role::Keyword), ("plink", Role::Url), ("permalink", Role::Url)],
    },
    Preset {
        exporter: Exporter::ProQuest,
        marks: &["title", "storeid", "pubtitle"],
        columns: &[
            ("storeid", Role::Accession),
            ("articletype", Role::Extra),
            ("documenttype", Role::Kind),
            ("pubdate", Role::Date),
            ("subjectterms", Role::Keyword),
            ("identifierkeywords", Role::Keyword),
            ("documenturl", Role::Url),
        ],
    },
    Preset {
        exporter: Exporter::WebOfScience,
        marks: &["pt", "au", "ti", "so"],
        columns: &[
            ("pt", Role::Kind),
            ("af", Role::Authors),
            ("au", Role::Extra),
            ("ti", Role::Title),
            ("so", Role::Journal),
            ("j9", Role::JournalAbbreviation),
            ("de", Role::Keyword),
            ("id", Role::Keyword),
            ("ab", Role::Abstract),
            ("pu", Role::Publisher),
            ("sn", Role::Issn),
            ("ei", Role::Issn),
            ("bn", Role::Issn),
            ("la", Role::Language),
            ("pd", Role::Date),
            ("py", Role::Year),
            ("vl", Role::Volume),
            ("is", Role::Issue),
            ("bp", Role::StartPage),
            ("ep", Role::EndPage),
            ("ar", Role::ArticleNumber),
            ("di", Role::Doi),
            ("pm", Role::Pmid),
            ("ut", Role::Accession),
        ],
    },
    Preset { exporter: Exporter::PubMed, marks: &["pmid", "title", "citation", "journalbook"], columns: &[("createdate", Role::Extra)] },
    Preset {
        exporter: Exporter::Zotero,
        marks: &["key", "itemtype", "publicationtitle"],
        columns: &[
            ("itemtype", Role::Kind),
            ("key", Role::Extra),
            ("abstractnote", Role::Abstract),
            ("manualtags", Role::Keyword),
            ("automatictags", Role::Keyword),
            ("number", Role::Extra),
            ("type", Role::Extra),
            ("archivelocation", Role::Accession),
            ("linkattachments", Role::Url),
            ("date", Role::Date),
            ("conferencename", Role::Extra),
        ],
    },
    Preset {
        exporter: Exporter::ClinicalTrials,
        marks: &["nctnumber"],
        columns: &[
            ("nctnumber", Role::Accession),
            ("studytitle", Role::Title),
            ("title", Role::Title),
            ("firstposted", Role::Date),
            ("startdate", Role::Extra),
            ("briefsummary", Role::Abstract),
            ("conditions", Role::Keyword),
            ("interventions", Role::Keyword),
            ("studyurl", Role::Url),
            ("url", Role::Url),
            ("otherids", Role::Registry),
            ("rank", Role::Nothing),
            ("sponsor", Role::Publisher),
            ("sponsorcollaborators", Role::Publisher),
            ("locations", Role::Extra),
            ("type", Role::Extra),
        ],
    },
    Preset {
        exporter: Exporter::Ictrp,
        marks: &["trialid", "publictitle"],
        columns: &[
            ("trialid", Role::Accession),
            ("publictitle", Role::Title),
            ("scientifictitle", Role::OriginalTitle),
            ("primarysponsor", Role::Publisher),
            ("dateregistration", Role::Date),
            ("webaddress", Role::Url),
            ("condition", Role::Keyword),
            ("intervention", Role::Keyword),
            ("secondaryid", Role::Registry),
            ("secondaryids", Role::Registry),
            ("internalnumber", Role::Nothing),
        ],
    },
    Preset {
        exporter: Exporter::Rayyan,
        marks: &["key", "title", "pubmedid", "pmcid"],
        columns: &[("key", Role::Extra), ("location", Role::Extra)],
    },
    Preset {
        exporter: Exporter::Covidence,
        marks: &["title", "covidence", "publishedyear"],
        columns: &[("ref", Role::Extra), ("covidence", Role::Extra), ("study", Role::Extra), ("tags", Role::Extra)],
    },
    Preset {
        exporter: Exporter::Abstrackr,
        marks: &["internalid", "sourceid", "title"],
        columns: &[("internalid", Role::Extra), ("sourceid", Role::Extra), ("pubmedid", Role::Pmid), ("tags", Role::Extra)],
    },
    Preset {
        exporter: Exporter::Lens,
        marks: &["lensid", "sourcetitle"],
        columns: &[
            ("lensid", Role::Accession),
            ("authors", Role::GivenFirst),
            ("issuenumber", Role::Issue),
            ("publicationtype", Role::Kind),
            ("sourceurls", Role::Url),
            ("externalurl", Role::Url),
            ("meshterms", Role::Keyword),
        ],
    },
    Preset {
        exporter: Exporter::Ieee,
        marks: &["documenttitle", "inspeccontrolledterms"],
        columns: &[
            ("authors", Role::GivenFirst),
            ("pdflink", Role::Url),
            ("ieeeterms", Role::Keyword),
            ("documentidentifier", Role::Kind),
            ("dateaddedtoxplore", Role::Extra),
        ],
    },
    Preset {
        exporter: Exporter::Springer,
        marks: &["itemtitle", "itemdoi", "contenttype"],
        columns: &[("authors", Role::GivenFirst), ("contenttype", Role::Kind), ("bookseriestitle", Role::Extra)],
    },
    Preset { exporter: Exporter::Scholar, marks: &["authors", "title", "publication", "number"], columns: &[("number", Role::Issue)] },
    Preset {
        exporter: Exporter::AsReview,
        marks: &["title", "abstract", "typeofreference"],
        columns: &[
            ("number", Role::Issue),
            ("id", Role::Accession),
            ("typeofreference", Role::Kind),
            ("firstauthors", Role::Authors),
            ("secondaryauthors", Role::Extra),
            ("alternatetitle1", Role::JournalAbbreviation),
            ("alternatetitle2", Role::Extra),
            ("alternatetitle3", Role::JournalAbbreviation),
        ],
    },
];

/// The general names of columns, folded as by [`folded`].
const COLUMNS: &[(&str, Role)] = &[
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
