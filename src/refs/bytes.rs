//! Searching and counting bytes many at a time; the loops are written so that the compiler turns them into wide instructions.

/// How many bytes are looked at together.
const WIDE: usize = 32;

/// How many bytes are looked at one by one before that.
const NEAR: usize = 8;

/// Returns the offset of the first byte that is one of two.
pub(super) fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    find_any(bytes, [one, other])
}

/// Returns the offset of the first byte that is one of some.
pub(super) fn find_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    let is_any = |byte: u8| wanted.iter().fold(false, |found, &one| found | (byte == one));
    // Where they stand close together the first look is enough.
    let (near, far) = bytes.split_at(bytes.len().min(NEAR));
    if let Some(at) = near.iter().position(|&byte| is_any(byte)) {
        return Some(at);
    }
    let (wide, _) = far.as_chunks::<WIDE>();
    let has_any = |chunk: &[u8; WIDE]| chunk.iter().fold(false, |found, &byte| found | is_any(byte));
    let from = NEAR.min(bytes.len()) + WIDE * wide.iter().position(has_any).unwrap_or(wide.len());
    bytes[from..].iter().position(|&byte| is_any(byte)).map(|at| from + at)
}

/// Returns the offset of the first byte that is not ASCII.
pub(super) fn find_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    let (wide, _) = bytes.as_chunks::<WIDE>();
    let from = WIDE * wide.iter().position(|chunk| !chunk.is_ascii()).unwrap_or(wide.len());
    bytes[from..].iter().position(|byte| !byte.is_ascii()).map(|at| from + at)
}

/// Returns the offset of the first run of four spaces or more.
pub(super) fn find_spaces(bytes: &[u8]) -> Option<usize> {
    // One of every four bytes is enough to meet such a run.
    (3..bytes.len()).step_by(4).filter(|&at| bytes[at] == b' ').find_map(|at| {
        let before = bytes[..at].iter().rev().take_while(|&&byte| byte == b' ').count();
        let behind = bytes[at..].iter().take(4).take_while(|&&byte| byte == b' ').count();
        (before + behind >= 4).then(|| at - before)
    })
}

/// Counts a byte.
pub(super) fn count(bytes: &[u8], wanted: u8) -> usize {
    // Sums of so few ones fit into a byte, which keeps the lanes narrow.
    let in_chunk = |chunk: &[u8]| usize::from(chunk.iter().map(|&byte| u8::from(byte == wanted)).sum::<u8>());
    bytes.chunks(255).map(in_chunk).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_spaces_are_found_at_every_place() {
        for length in 0..9 {
            for start in 0..9 {
                let text = format!("{}{}{}x   y", "a ".repeat(9)[..start].replace(' ', "-"), " ".repeat(length), "b");
                assert_eq!(find_spaces(text.as_bytes()), text.find("    "), "{text:?}");
            }
        }
        assert_eq!(find_spaces(b"a b  c   d    "), Some(10));
    }

    #[test]
    fn bytes_are_found_and_counted_at_every_place() {
        for length in [0, 1, 31, 32, 33, 64, 100, 300, 600] {
            let plain = vec![b'a'; length];
            assert_eq!((find_either(&plain, b'x', b'y'), find_beyond_ascii(&plain), count(&plain, b'x')), (None, None, 0));
            assert_eq!(count(&plain, b'a'), length);
            for at in 0..length {
                let mut bytes = plain.clone();
                bytes[at] = b'y';
                bytes[length - 1] = if at == length - 1 { b'y' } else { b'x' };
                assert_eq!((find_either(&bytes, b'x', b'y'), count(&bytes, b'y')), (Some(at), 1));
                bytes[at] = 0xc3;
                assert_eq!(find_beyond_ascii(&bytes), Some(at));
            }
        }
    }
}
