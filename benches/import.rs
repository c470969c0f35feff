//! How fast bibliographic files are read: `cargo bench --bench import -- 100000`.
//!
//! For every format a file of so many records is made, and one of a tenth of them; each is read as an import reads it (survey, then
//! record by record), and counts are checked before a time counts. Printed are the size, the seconds of processor time of one core,
//! megabytes per second, how much longer a record takes in the large file than in the small one (1.0 is linear), and the most text
//! that was held at once.
//!
//! `-- --file PATH` reads a file of your own instead and prints records and seconds; `-- --write PATH --format ris 100000` writes
//! a file that is made.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Seek};
use std::time::Instant;

use tamis::domain::author::Author;
use tamis::domain::identifier::{Doi, Pmid};
use tamis::domain::record::{Citation, PublicationKind};
use tamis::refs::{Format, ParseOptions, read_records, survey, write_records};

/// All formats, those with a writer first.
const FORMATS: [Format; 14] = [
    Format::Ris,
    Format::Nbib,
    Format::EndnoteXml,
    Format::Csv,
    Format::Bibtex,
    Format::CslJson,
    Format::Wos,
    Format::Ovid,
    Format::Cochrane,
    Format::Refer,
    Format::RefWorks,
    Format::PubmedXml,
    Format::CtgovJson,
    Format::Ictrp,
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let count: usize = words.iter().find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let named = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    if let Some(path) = named("--write") {
        let format = named("--format").map_or(Format::Ris, |name| name.parse().expect("a format"));
        std::fs::write(path, file_of(format, count)).expect("the file is written");
        return;
    }
    if let Some(path) = named("--file") {
        let mut input = std::fs::File::open(path).expect("the file is there");
        let read = read(&mut input);
        println!(
            "{}\t{} records\t{:.3} s\t{:.1} MB/s",
            read.format.title(),
            read.kept,
            read.seconds,
            read.bytes as f64 / 1e6 / read.seconds
        );
        return;
    }
    println!("format\trecords\tMB\tseconds\tMB/s\tlinearity\tkB held");
    for format in FORMATS {
        let small = median(&file_of(format, count / 10), count / 10, 5);
        let large = median(&file_of(format, count), count, 3);
        assert_eq!((small.format, large.format), (format, format));
        println!(
            "{}\t{count}\t{:.1}\t{:.3}\t{:.1}\t{:.2}\t{}",
            format.title(),
            large.bytes as f64 / 1e6,
            large.seconds,
            large.bytes as f64 / 1e6 / large.seconds,
            large.seconds / large.bytes as f64 / (small.seconds / small.bytes as f64),
            large.held / 1024,
        );
    }
}

/// What reading a file took.
#[derive(Clone, Copy)]
struct Reading {
    format: Format,
    bytes: u64,
    kept: usize,
    held: usize,
    seconds: f64,
}

/// Reads a file several times and returns the reading of median time.
fn median(bytes: &[u8], count: usize, times: usize) -> Reading {
    let mut readings: Vec<Reading> = (0..times).map(|_| read(&mut Cursor::new(bytes))).collect();
    assert!(readings.iter().all(|reading| reading.kept == count), "{}: {} records", readings[0].format, readings[0].kept);
    readings.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    readings[times / 2]
}

/// Reads a file as an import does.
fn read<R: Read + Seek>(input: &mut R) -> Reading {
    let start = processor_seconds();
    let survey = survey(input, &ParseOptions::default(), &mut |_, _| true).expect("a known format");
    let mut batch = Vec::new();
    let mut keep = |draft| {
        batch.push(draft);
        if batch.len() == 1000 {
            batch.clear();
        }
        true
    };
    let summary = read_records(input, &survey, &mut |_, _| true, &mut keep).expect("the file is read");
    let seconds = processor_seconds() - start;
    Reading { format: survey.format, bytes: survey.bytes, kept: summary.kept, held: summary.held, seconds }
}

/// Returns the processor time of this thread where the system tells it, and the time of the clock elsewhere.
fn processor_seconds() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Makes a file of a format, with abstracts, in the style of what databases export.
fn file_of(format: Format, count: usize) -> Vec<u8> {
    if format.is_writable() {
        let records: Vec<Citation> = (0..count).map(record).collect();
        let mut file = Vec::new();
        write_records(&mut file, format, &records).expect("memory is written");
        return file;
    }
    let (before, between, after) = match format {
        Format::Wos => ("FN Clarivate Analytics Web of Science\nVR 1.0\n", "", "EF\n"),
        Format::PubmedXml => ("<?xml version=\"1.0\" ?>\n<PubmedArticleSet>\n", "", "</PubmedArticleSet>\n"),
        Format::CtgovJson => ("[\n", ",\n", "\n]\n"),
        Format::Ictrp => {
            ("<?xml version='1.0' encoding='UTF-8' ?>\n<Trials_downloaded_from_ICTRP>\n", "", "</Trials_downloaded_from_ICTRP>\n")
        }
        _ => ("", "", ""),
    };
    let mut file = before.to_owned();
    for at in 0..count {
        if at > 0 {
            file.push_str(between);
        }
        push_record(&mut file, format, at, &record(at));
    }
    file.push_str(after);
    file.into_bytes()
}

/// Appends a record in a format that this program reads only.
fn push_record(file: &mut String, format: Format, at: usize, record: &Citation) {
    let Citation { title, authors, journal, year, volume, issue, start_page, end_page, doi, pmid, abstract_text, keywords, .. } = record;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (journal, volume, issue, start, end) = (text(journal), text(volume), text(issue), text(start_page), text(end_page));
    let (summary, year) = (text(abstract_text), year.unwrap_or(2000));
    let doi = doi.as_ref().map_or("", Doi::as_str);
    let pmid = pmid.as_ref().map_or("", Pmid::as_str);
    let names: Vec<String> = authors.iter().map(ToString::to_string).collect();
    let done = match format {
        Format::Wos => {
            let wrapped = wrapped(&summary, "\n   ");
            write!(
                file,
                "PT J\nAU {}\nTI {title}\nSO {}\nDE {}\nAB {wrapped}\nPY {year}\nVL {volume}\nIS {issue}\nBP {start}\nEP {end}\nDI {doi}\nUT WOS:{at:015}\nER\n\n",
                names.join("\n   "),
                journal.to_uppercase(),
                keywords.join("; "),
            )
        }
        Format::Ovid => write!(
            file,
            "<{}. >\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - {pmid}\nAU  - {}\nTI  - {title}.\nSO  - {journal}. {volume}({issue}):{start}-{end}, {year}.\nAB  - {}\nDO  - {doi}\nYR  - {year}\n\n",
            at + 1,
            names.join("\nAU  - "),
            wrapped(&summary, "\n      "),
        ),
        Format::Cochrane => write!(
            file,
            "Record #{} of 99999\nID: CN-{at:08}\nAU: {}\nTI: {title}\nSO: {journal}\nYR: {year}\nVL: {volume}\nNO: {issue}\nPG: {start}-{end}\nPM: PUBMED {pmid}\nKY: {}\nDOI: {doi}\nAB: {summary}\nUS: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-{at:08}/full\n\n\n",
            at + 1,
            names.join("\nAU: "),
            keywords.join(";"),
        ),
        Format::Refer => write!(
            file,
            "%0 Journal Article\n%A {}\n%D {year}\n%T {title}\n%J {journal}\n%V {volume}\n%N {issue}\n%P {start}-{end}\n%K {}\n%X {summary}\n%R {doi}\n\n",
            names.join("\n%A "),
            keywords.join("\n"),
        ),
        Format::RefWorks => write!(
            file,
            "RT Journal Article\nSR Electronic\nID {at}\nA1 {}\nT1 {title}\nJF {journal}\nYR {year}\nVO {volume}\nIS {issue}\nSP {start}\nOP {end}\nK1 {}\nAB {summary}\nDO {doi}\n\n",
            names.join("\nA1 "),
            keywords.join("\nK1 "),
        ),
        Format::PubmedXml => {
            let people = names.iter().map(|name| {
                let (family, given) = name.split_once(", ").unwrap_or((name, ""));
                format!("<Author ValidYN=\"Y\"><LastName>{family}</LastName><ForeName>{given}</ForeName><AffiliationInfo><Affiliation>Department of Anaesthesia, Leiden.</Affiliation></AffiliationInfo></Author>\n")
            });
            let heading = |word: &String| format!("<MeshHeading><DescriptorName UI=\"D1\">{word}</DescriptorName></MeshHeading>\n");
            write!(
                file,
                "<PubmedArticle>\n<MedlineCitation Status=\"MEDLINE\" Owner=\"NLM\">\n<PMID Version=\"1\">{pmid}</PMID>\n<Article PubModel=\"Print\">\n<Journal><ISSN>0304-3959</ISSN><JournalIssue><Volume>{volume}</Volume><Issue>{issue}</Issue><PubDate><Year>{year}</Year></PubDate></JournalIssue><Title>{journal}</Title></Journal>\n<ArticleTitle>{title}</ArticleTitle>\n<Pagination><MedlinePgn>{start}-{end}</MedlinePgn></Pagination>\n<ELocationID EIdType=\"doi\" ValidYN=\"Y\">{doi}</ELocationID>\n<Abstract><AbstractText Label=\"BACKGROUND\">{summary}</AbstractText></Abstract>\n<AuthorList>\n{}</AuthorList>\n<Language>eng</Language>\n</Article>\n<MeshHeadingList>\n{}</MeshHeadingList>\n</MedlineCitation>\n</PubmedArticle>\n",
                people.collect::<String>(),
                keywords.iter().map(heading).collect::<String>(),
            )
        }
        Format::CtgovJson => write!(
            file,
            "{{\"protocolSection\": {{\"identificationModule\": {{\"nctId\": \"NCT{at:08}\", \"briefTitle\": \"{title}\", \"officialTitle\": \"A trial of {title}\"}}, \"statusModule\": {{\"overallStatus\": \"COMPLETED\", \"studyFirstPostDateStruct\": {{\"date\": \"{year}-12-21\"}}}}, \"descriptionModule\": {{\"briefSummary\": \"{summary}\"}}, \"conditionsModule\": {{\"conditions\": [\"{}\"]}}, \"designModule\": {{\"enrollmentInfo\": {{\"count\": 60}}}}}}, \"hasResults\": false}}",
            keywords.join("\", \""),
        ),
        Format::Ictrp => write!(
            file,
            "<Trial>\n<Internal_Number>{at}</Internal_Number>\n<TrialID>NCT{at:08}</TrialID>\n<Public_title>{title}</Public_title>\n<Scientific_title>A trial of {title}</Scientific_title>\n<Primary_sponsor>{}</Primary_sponsor>\n<Date_registration>10/05/{year}</Date_registration>\n<web_address>https://clinicaltrials.gov/show/NCT{at:08}</web_address>\n<Inclusion_Criteria>{summary}</Inclusion_Criteria>\n<Condition>{}</Condition>\n</Trial>\n",
            names[0],
            keywords.join("&lt;br&gt;"),
        ),
        other => unreachable!("{other} has a writer"),
    };
    done.expect("a text is written");
}

/// Breaks a text into lines of about 80 characters.
fn wrapped(text: &str, ending: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + text.len() / 16);
    let mut length = 0;
    for word in text.split(' ') {
        if length > 72 {
            wrapped.push_str(ending);
            length = 0;
        } else if length > 0 {
            wrapped.push(' ');
        }
        wrapped.push_str(word);
        length += word.len() + 1;
    }
    wrapped
}

/// Makes one record; every tenth has letters beyond ASCII.
fn record(at: usize) -> Citation {
    const WORDS: [&str; 40] = [
        "ketamine",
        "for",
        "chronic",
        "pain",
        "a",
        "randomised",
        "trial",
        "in",
        "patients",
        "with",
        "complex",
        "regional",
        "syndrome",
        "intravenous",
        "infusion",
        "of",
        "the",
        "placebo",
        "controlled",
        "effects",
        "on",
        "quality",
        "life",
        "and",
        "function",
        "after",
        "surgery",
        "children",
        "adults",
        "cost-effectiveness",
        "(n = 60)",
        "P < 0.05",
        "95%",
        "CI",
        "0.82",
        "to",
        "1.31",
        "follow-up",
        "weeks",
        "outcome",
    ];
    const FAMILIES: [&str; 10] = ["Smith", "Jones", "van Hilten", "Wang", "Garcia", "Sato", "Kim", "Brown", "Dahan", "Okafor"];
    const ACCENTED: [&str; 4] = ["Müller", "Søndergård", "Núñez", "Łukasiewicz"];
    let mut state = (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % below
    };
    let is_accented = at.is_multiple_of(10);
    let mut sentence = |length: usize| (0..length).map(|_| WORDS[next(WORDS.len())]).collect::<Vec<_>>().join(" ");
    let title = sentence(13);
    let mut summary = (0..14).map(|_| sentence(17)).collect::<Vec<_>>().join(". ");
    if is_accented {
        summary.push_str(" ± 3 µg β‐blocker “naïve” – señor.");
    }
    let keywords = (0..12).map(|_| sentence(2).replace(['(', ')'], "")).collect();
    let mut author = |place: usize| {
        let family = if is_accented && place == 0 { ACCENTED[next(ACCENTED.len())] } else { FAMILIES[next(FAMILIES.len())] };
        let given = char::from(b'A' + u8::try_from(next(26)).unwrap_or(0));
        Author::new(family, Some(&format!("{given}. J.")))
    };
    Citation {
        kind: PublicationKind::JournalArticle,
        title: format!("{title} {at}"),
        authors: (0..6).map(&mut author).collect(),
        journal: Some("Journal of Pain Research and Management".to_owned()),
        journal_abbreviation: Some("J Pain Res Manag".to_owned()),
        year: Some(1990 + i32::try_from(at % 35).unwrap_or(0)),
        volume: Some((1 + at % 90).to_string()),
        issue: Some((1 + at % 12).to_string()),
        start_page: Some((1 + at % 900).to_string()),
        end_page: Some((9 + at % 900).to_string()),
        doi: Doi::find(&format!("10.1016/j.pain.{at:08}")),
        pmid: Pmid::find(&format!("{}", 10_000_000 + at)),
        issn: vec!["0304-3959".to_owned(), "1872-6623".to_owned()],
        accession: Some(format!("A{at:09}")),
        abstract_text: Some(summary),
        keywords,
        language: Some("eng".to_owned()),
        publisher: Some("Elsevier".to_owned()),
        urls: vec![format!("https://doi.org/10.1016/j.pain.{at:08}")],
        notes: vec!["Export Date: 1 June 2026; Cited By: 12".to_owned()],
        ..Citation::default()
    }
}
