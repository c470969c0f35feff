#![no_main]

use tamis::refs::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tamis_fuzz::laws::hold_for(bytes, Some(Format::Wos)));
