use proptest::prelude::*;

use super::super::query::{Part, State};
use super::super::words::{SEARCH_WORDS, WordKind};
use super::*;
use crate::domain::decision::Verdict;

fn words(field: TextField, words: &[&str]) -> Query {
    Query::Leaf(Leaf::Text(field, Pattern { words: words.iter().map(|word| (*word).to_owned()).collect(), is_beginning: false }))
}

fn any(word: &str) -> Query {
    words(TextField::Any, &[word])
}

fn beginning(field: TextField, word: &str) -> Query {
    Query::Leaf(Leaf::Text(field, Pattern { words: vec![word.to_owned()], is_beginning: true }))
}

fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

fn read(text: &str) -> Query {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error} ({})", error.hint))
}

#[test]
fn words_stand_together_and_or_binds_less() {
    assert_eq!(read("Ketamine  PAIN"), Query::And(vec![any("ketamine"), any("pain")]));
    assert_eq!(read("a b or c"), Query::Or(vec![Query::And(vec![any("a"), any("b")]), any("c")]));
    assert_eq!(read("a (b OR c)"), Query::And(vec![any("a"), Query::Or(vec![any("b"), any("c")])]));
    assert_eq!(read("a and not b"), Query::And(vec![any("a"), not(any("b"))]));
    assert_eq!(read("  "), Query::All);
}

#[test]
fn phrases_hyphens_and_stars() {
    assert_eq!(read("“chronic  Pain”"), words(TextField::Any, &["chronic", "pain"]));
    assert_eq!(read("S-ketamine"), words(TextField::Any, &["s", "ketamine"]));
    assert_eq!(read("random*"), beginning(TextField::Any, "random"));
    assert_eq!(read("\"or\""), any("or"));
    assert_eq!(read("-\"b c\""), not(words(TextField::Any, &["b", "c"])));
    assert_eq!(read("-(b -c)"), not(Query::And(vec![any("b"), not(any("c"))])));
}

#[test]
fn fields_and_states() {
    assert_eq!(read("Title:Łódź"), words(TextField::Title, &["lodz"]));
    assert_eq!(read("abstract:\"side effect\""), words(TextField::Abstract, &["side", "effect"]));
    assert_eq!(read("title:(a or -b)"), Query::Or(vec![words(TextField::Title, &["a"]), not(words(TextField::Title, &["b"]))]));
    let leaf = |text: &str| match read(text) {
        Query::Leaf(leaf) => leaf,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(leaf("year:2010..2015"), Leaf::Year(Some(2010), Some(2015)));
    assert_eq!(leaf("year:2010-2015"), Leaf::Year(Some(2010), Some(2015)));
    assert_eq!(leaf("year:..2015"), Leaf::Year(None, Some(2015)));
    assert_eq!(leaf("year:2010.."), Leaf::Year(Some(2010), None));
    assert_eq!(leaf("year:2012"), Leaf::Year(Some(2012), Some(2012)));
    assert_eq!(leaf("doi:https://doi.org/10.1016/J.PAIN*"), Leaf::Doi { text: "10.1016/j.pain".to_owned(), is_beginning: true });
    assert_eq!(leaf("pmid:0123"), Leaf::Pmid("123".to_owned()));
    assert_eq!(leaf("id:7F3A"), Leaf::Record("7f3a".to_owned()));
    assert_eq!(leaf("id:search.ris#12"), Leaf::Record("search.ris#12".to_owned()));
    assert_eq!(leaf("is:undecided"), Leaf::Is(State::Undecided));
    assert_eq!(leaf("my:maybe"), Leaf::My(Verdict::Maybe));
    assert_eq!(leaf("has:abstract"), Leaf::Has(Part::Abstract));
}

#[test]
fn a_colon_behind_a_number_is_no_field() {
    assert_eq!(read("2:1"), words(TextField::Any, &["2", "1"]));
}

#[test]
fn every_example_of_the_help_can_be_read_and_every_word_is_shown_by_its_example() {
    for word in SEARCH_WORDS {
        let query = read(word.example);
        let name = match word.kind {
            WordKind::Form => continue,
            WordKind::Field(name) => format!("{name}:"),
            WordKind::State(field, name) => format!("{field}:{name}"),
        };
        assert!(word.example.starts_with(&name), "{}", word.example);
        let mut leaves = 0;
        query.each_leaf(&mut |_| leaves += 1);
        assert_eq!(leaves, 1, "{}", word.example);
    }
    for state in <State as strum::IntoEnumIterator>::iter() {
        assert!(SEARCH_WORDS.iter().any(|word| word.kind == WordKind::State("is", state.word())));
    }
    for part in <Part as strum::IntoEnumIterator>::iter() {
        assert!(SEARCH_WORDS.iter().any(|word| word.kind == WordKind::State("has", part.word())));
    }
}

#[test]
fn a_query_that_cannot_be_read_is_met_with_the_place_and_what_to_write() {
    let cases = [
        ("pain \"chronic", 5, 8, "quotation mark is never closed", "second one"),
        ("(pain or", 6, 2, "nothing follows", "word after it"),
        ("(pain", 0, 1, "never closed", "write a )"),
        ("pain)", 4, 1, "never opened", "write a ("),
        ("()", 1, 1, "nothing stands before", "leave it out"),
        ("or pain", 0, 2, "one is missing", "quotation marks"),
        ("é yeer:2010", 2, 9, "no field “yeer”", "did you mean year:? the fields are title, abstract"),
        ("auth:x", 0, 6, "no field “auth”", "did you mean author:?"),
        ("http://x.org", 0, 12, "no field “http”", "quotation marks"),
        ("title: pain", 0, 6, "nothing stands after “title:”", "without a space"),
        ("is:", 0, 3, "nothing stands after", "is:undecided"),
        ("is:done", 0, 7, "“done” is no state", "is:undecided, is:mine"),
        ("my:yes", 0, 6, "“yes” is no vote", "my:include"),
        ("has:pdf", 0, 7, "no part of a record", "has:abstract"),
        ("year:20", 0, 7, "“20” is no year", "year:2015"),
        ("year:2015..2010", 0, 15, "2015 comes after 2010", "year:2010..2015"),
        ("a*b", 0, 3, "only at the end", "random*"),
        ("*", 0, 1, "no letter or digit", "leave it out"),
        ("pain &", 5, 1, "no letter or digit", "leave it out"),
        ("id:a", 0, 4, "no name of a record", "id:7f3a"),
        ("pmid:x1", 0, 7, "no PubMed identifier", "digits"),
    ];
    for (text, at, length, message, hint) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!((error.at, error.length), (at, length), "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
        assert!(error.hint.contains(hint), "{text}: {}", error.hint);
    }
    assert_eq!(parse("is:x").expect_err("no state").to_string(), "letter 1: “x” is no state");
}

#[test]
fn deep_nesting_is_refused_in_words() {
    let text = "(".repeat(5000) + "a" + &")".repeat(5000);
    assert!(parse(&text).expect_err("too deep").message.contains("too deep"));
    assert!(parse(&("-".repeat(5000) + "a")).expect_err("too deep").message.contains("too deep"));
}

#[test]
fn what_is_being_typed_is_read_as_far_as_it_goes() {
    let typed = |text: &str| parse_unfinished(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(typed("ket"), (beginning(TextField::Any, "ket"), "ket*".to_owned()));
    assert_eq!(typed("ketamine "), (any("ketamine"), "ketamine ".to_owned()));
    assert_eq!(typed("title:ket").0, beginning(TextField::Title, "ket"));
    assert_eq!(typed("pain \"chronic p").0, Query::And(vec![any("pain"), words(TextField::Any, &["chronic", "p"])]));
    assert_eq!(typed("pain (adult or").0, Query::And(vec![any("pain"), any("adult")]));
    assert_eq!(typed("pain is:und").0, any("pain"));
    assert_eq!(typed("pain year:20").0, any("pain"));
    for half in ["-", "title:", "is:", "(", "\"", "year:", "id:7f"] {
        assert_eq!(typed(half).0, Query::All, "{half}");
    }
    assert!(parse_unfinished("yeer:2010").is_err() && parse_unfinished("yeer:").is_err());
    assert!(parse_unfinished("is:xyz").is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_met_with_a_place_inside_it(text in "(\\PC|[()\"*:. -]|or |title:|year:|is:mine|“){0,30}") {
        let whole = text.chars().count();
        for error in [parse(&text).err(), parse_unfinished(&text).err()].into_iter().flatten() {
            prop_assert!(error.at <= whole && error.length >= 1, "{error:?}");
            prop_assert!(!error.message.is_empty() && !error.hint.is_empty());
        }
    }

    #[test]
    fn what_was_understood_while_typing_can_be_read_again(text in "[a-z ]{1,4}[a-z*:\"() -]{0,12}") {
        if let Ok((query, understood)) = parse_unfinished(&text) && let Ok(again) = parse(&understood) {
            prop_assert_eq!(query, again);
        }
    }
}
