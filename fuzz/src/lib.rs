//! What the fuzz targets share: the laws that every reader keeps for every input, which the test suite also checks on its fixtures,
//! and the packing of inputs into workbooks.

use strum::IntoEnumIterator;
use tamis::refs::Format;

#[path = "../../tests/it/import_laws.rs"]
pub mod laws;

/// Returns a format for a byte, so that an input can choose one.
pub fn format(choice: u8) -> Format {
    let formats: Vec<Format> = Format::iter().filter(|format| *format != Format::Xlsx).collect();
    formats[usize::from(choice) % formats.len()]
}

/// Packs parts of a workbook into an archive without compression, so that changes to an input reach the reader of sheets and are
/// not stopped by a check sum.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut entry = Vec::new();
        // Version 2.0, no flags, stored, no time.
        entry.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        entry.extend(crc_32(content).to_le_bytes());
        let length = u32::try_from(content.len()).expect("inputs are small").to_le_bytes();
        entry.extend(length);
        entry.extend(length);
        entry.extend(u16::try_from(name.len()).expect("names are short").to_le_bytes());
        entry.extend([0, 0]);
        let offset = u32::try_from(file.len()).expect("inputs are small").to_le_bytes();
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&entry);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&entry);
        file.extend(name.as_bytes());
        file.extend(*content);
    }
    let start = u32::try_from(file.len()).expect("inputs are small").to_le_bytes();
    let count = u16::try_from(parts.len()).expect("few parts").to_le_bytes();
    let size = u32::try_from(directory.len()).expect("inputs are small").to_le_bytes();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count);
    file.extend(count);
    file.extend(size);
    file.extend(start);
    file.extend([0, 0]);
    file
}

/// Returns the check sum of archives.
fn crc_32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}
