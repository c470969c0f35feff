#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((choice, bytes)) = bytes.split_first() {
        tamis_fuzz::laws::written_records_are_read_again(bytes, tamis_fuzz::format(*choice));
    }
});
