#![no_main]

// A short piece, repeated to a large file: a step that looks back over the whole file for each piece runs into the time limit.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [choice, cut, rest @ ..] = bytes else { return };
    let (head, piece) = rest.split_at(usize::from(*cut).min(rest.len()));
    if piece.is_empty() {
        return;
    }
    let file = [head, &piece.repeat(60_000 / piece.len())].concat();
    tamis_fuzz::laws::is_read(&file, Some(tamis_fuzz::format(*choice)));
});
