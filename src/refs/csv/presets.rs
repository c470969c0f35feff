//! Whose tables there are, how each exporter is recognised, and what it means by the names of its columns.

use crate::refs::builder::Role;

/// Whose table it is, as far as the names of the columns tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exporter {
    /// This program itself: its reference files as a table, and the table that it exports of a review.
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
    /// Google Scholar.
    Scholar,
    /// Publish or Perish.
    Perish,
    /// Dimensions.
    Dimensions,
    /// OpenAlex.
    OpenAlex,
    /// EPPI-Reviewer.
    Eppi,
    /// Anybody else.
    Other,
}

/// How one exporter is recognised and where it departs from the general names.
pub(super) struct Preset {
    /// Whose tables they are.
    pub exporter: Exporter,
    /// Columns of which all must be there.
    pub marks: &'static [&'static str],
    /// Columns that mean something else here.
    pub columns: &'static [(&'static str, Role)],
}

/// The exporters, the most particular first. Names are folded as by [`folded`](super::header::folded).
pub(super) const PRESETS: &[Preset] = &[
    Preset {
        exporter: Exporter::Tamis,
        marks: &["kind", "title", "journalabbreviation", "registryids", "extra"],
        columns: &[("kind", Role::Kind), ("registryids", Role::Registry)],
    },
    Preset { exporter: Exporter::Tamis, marks: &["record", "group", "source", "sourceid", "title"], columns: &[] },
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
    // The same table with the names written out, as the Excel export has them.
    Preset {
        exporter: Exporter::WebOfScience,
        marks: &["articletitle", "sourcetitle", "utuniquewosid"],
        columns: &[
            ("publicationtype", Role::Kind),
            ("authorfullnames", Role::Authors),
            ("authors", Role::Extra),
            ("utuniquewosid", Role::Accession),
            ("keywordsplus", Role::Keyword),
            ("journalabbreviation", Role::JournalAbbreviation),
            ("journalisoabbreviation", Role::Extra),
            ("publicationdate", Role::Date),
            ("documenttype", Role::Extra),
            ("doilink", Role::Url),
            ("bookdoi", Role::Extra),
        ],
    },
    Preset {
        exporter: Exporter::Dimensions,
        marks: &["publicationid", "title", "sourcetitle", "dimensionsurl"],
        columns: &[
            ("rank", Role::Nothing),
            ("publicationid", Role::Accession),
            ("anthologytitle", Role::Extra),
            ("pagination", Role::Pages),
            ("publicationtype", Role::Kind),
            ("sourcelinkout", Role::Url),
            ("dimensionsurl", Role::Url),
            ("publicationdate", Role::Date),
        ],
    },
    Preset {
        exporter: Exporter::OpenAlex,
        marks: &["id", "publicationyear", "authorshipsauthordisplayname"],
        columns: &[
            ("id", Role::Accession),
            ("displayname", Role::Title),
            ("title", Role::Title),
            ("authorshipsauthordisplayname", Role::GivenFirst),
            ("authorshipsrawauthorname", Role::Extra),
            ("primarylocationsourcedisplayname", Role::Journal),
            ("primarylocationsourceissn", Role::Issn),
            ("primarylocationlandingpageurl", Role::Url),
            ("bibliovolume", Role::Volume),
            ("biblioissue", Role::Issue),
            ("bibliofirstpage", Role::StartPage),
            ("bibliolastpage", Role::EndPage),
            ("idspmid", Role::Pmid),
            ("idspmcid", Role::Pmcid),
            ("keywordsdisplayname", Role::Keyword),
        ],
    },
    // The older form.
    Preset {
        exporter: Exporter::OpenAlex,
        marks: &["id", "authornames", "primarylocationdisplayname"],
        columns: &[
            ("id", Role::Accession),
            ("displayname", Role::Title),
            ("authornames", Role::GivenFirst),
            ("primarylocationdisplayname", Role::Journal),
            ("primarylocationissns", Role::Issn),
            ("primarylocationlandingpageurl", Role::Url),
            ("bibliovolume", Role::Volume),
            ("biblioissue", Role::Issue),
            ("bibliofirstpage", Role::StartPage),
            ("bibliolastpage", Role::EndPage),
        ],
    },
    Preset {
        exporter: Exporter::Eppi,
        marks: &["itemid", "title", "parenttitle"],
        columns: &[
            ("itemid", Role::Accession),
            ("parenttitle", Role::Journal),
            ("shorttitle", Role::Extra),
            ("standardnumber", Role::Issn),
            ("typename", Role::Kind),
            ("parentauthors", Role::Extra),
            ("comments", Role::Note),
        ],
    },
    Preset {
        exporter: Exporter::Perish,
        marks: &["cites", "authors", "title", "gsrank"],
        columns: &[
            ("authors", Role::GivenFirst),
            ("source", Role::Journal),
            ("articleurl", Role::Url),
            ("fulltexturl", Role::Url),
            ("gsrank", Role::Nothing),
            ("citesurl", Role::Extra),
            ("relatedurl", Role::Extra),
            ("type", Role::Kind),
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
