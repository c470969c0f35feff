#![no_main]

use tamis::refs::Format;

// The input is a whole workbook, or the parts of one with zero bytes between: sheet, shared strings, styles, list of sheets.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        tamis_fuzz::laws::hold_for(bytes, Some(Format::Xlsx));
        return;
    }
    const SHEETS: &[u8] = br#"<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="rId1" Type="r/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="r/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="r/styles" Target="styles.xml"/></Relationships>"#;
    const TYPES: &[u8] = br#"<Types><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    let mut parts = bytes.split(|byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (sheet, strings, styles, sheets) = (part(), part(), part(), part());
    let file = tamis_fuzz::archive(&[
        ("[Content_Types].xml", TYPES),
        ("xl/workbook.xml", if sheets.is_empty() { SHEETS } else { sheets }),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
    tamis_fuzz::laws::hold_for(&file, Some(Format::Xlsx));
});
