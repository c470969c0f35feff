//! What is written is read back by another reader: values, types, and no formula anywhere.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;

use super::*;

fn opened(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

fn rows(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut workbook = opened(bytes);
    let name = workbook.sheet_names()[0].clone();
    let formulas = workbook.worksheet_formula(&name).expect("a sheet");
    assert!(formulas.is_empty(), "{formulas:?}");
    workbook.worksheet_range(&name).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    let mut table = Table::new(&["text", "number", "flag"]);
    table.rows = rows;
    table
}

#[test]
fn numbers_are_numbers_and_text_is_text() {
    let table = table(vec![
        vec!["=1+1".into(), Cell::Number(-18.25), true.into()],
        vec!["+a".into(), Cell::Integer(2009), false.into()],
        vec!["-1".into(), Cell::Rounded(0.126, 2), Cell::Empty],
        vec!["@x".into(), Cell::Number(f64::NAN), Cell::Empty],
        vec!["0012".into(), Cell::Integer(i64::MAX), Cell::Empty],
        vec!["{=SUM(A1)}".into(), Cell::Integer(-7), Cell::Empty],
        vec!["https://e.org/x".into(), Cell::Empty, Cell::Empty, "beyond".into()],
    ]);
    let file = workbook("votes", &table).expect("a workbook");
    assert_eq!(file.remarks, [] as [String; 0]);
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(
        rows(&file.bytes),
        [
            [text("text"), text("number"), text("flag")],
            [text("=1+1"), Data::Float(-18.25), Data::Bool(true)],
            [text("+a"), Data::Float(2009.0), Data::Bool(false)],
            [text("-1"), Data::Float(0.126), Data::Empty],
            [text("@x"), Data::Empty, Data::Empty],
            [text("0012"), text("9223372036854775807"), Data::Empty],
            [text("{=SUM(A1)}"), Data::Float(-7.0), Data::Empty],
            [text("https://e.org/x"), Data::Empty, Data::Empty],
        ]
    );
    assert_eq!(workbook("votes", &table).expect("a workbook").bytes, file.bytes);
}

#[test]
fn text_beyond_the_limit_is_cut_and_said() {
    let table = table(vec![
        vec!["x".repeat(32_767).into()],
        vec!["ä".repeat(32_768).into()],
        vec!["🐘".repeat(20_000).into(), Cell::Empty, Cell::Empty],
    ]);
    let file = workbook("t", &table).expect("a workbook");
    assert_eq!(file.remarks.len(), 2);
    assert_eq!(
        file.remarks[0],
        "Row 3, column text: the text has 32768 characters, and a cell of a workbook holds 32767. It was cut; csv and json have it whole."
    );
    let read = rows(&file.bytes);
    let length = |at: usize| if let Data::String(text) = &read[at][0] { text.encode_utf16().count() } else { 0 };
    assert_eq!([length(1), length(2), length(3)], [32_767, 32_767, 32_766]);
    let many = self::table(vec![vec!["x".repeat(32_768).into()]; 25]);
    assert_eq!(workbook("t", &many).expect("a workbook").remarks.last().map(String::as_str), Some("5 more cells were cut."));
}

#[test]
fn control_characters_are_left_out_and_escapes_stay_text() {
    let file = workbook("t", &table(vec![vec!["a\u{0}\u{1b}[2J\u{9b}\u{7f}b\r\nc\td\u{ffff}".into()], vec!["_x000D_ _x005F_".into()]]))
        .expect("a workbook");
    assert_eq!(rows(&file.bytes)[1][0], Data::String("a[2Jb\nc\td".to_owned()));
    assert_eq!(rows(&file.bytes)[2][0], Data::String("_x000D_ _x005F_".to_owned()));
}

#[test]
fn an_empty_table_is_a_sheet_of_names() {
    assert_eq!(rows(&workbook("t", &table(Vec::new())).expect("a workbook").bytes).len(), 1);
    assert!(workbook("t", &Table::default()).is_ok());
    assert!(workbook("a name that is longer than a sheet's can be", &Table::default()).is_err());
}

proptest! {
    #[test]
    fn any_text_and_number_comes_back(texts in prop::collection::vec("\\PC{0,40}", 1..6), number in any::<f64>(), whole in any::<i32>()) {
        let cells = texts.iter().map(|text| vec![text.as_str().into(), Cell::Number(number), Cell::Integer(whole.into())]).collect();
        let read = rows(&workbook("t", &table(cells)).expect("a workbook").bytes);
        for (text, row) in texts.iter().zip(&read[1..]) {
            let expected = if text.is_empty() { Data::Empty } else { Data::String(plain(text, LONGEST_TEXT).0) };
            prop_assert_eq!(&row[0], &expected);
            prop_assert_eq!(&row[1], &if number.is_finite() { Data::Float(number) } else { Data::Empty });
            prop_assert_eq!(&row[2], &Data::Float(whole.into()));
        }
    }
}
