//! The texts that spell the same bytes.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// All that spells the same bytes as `text`, as that is written first; none where it is no base64.
///
/// Padding may be left out, and the last character may have bits that no byte has room for.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let body = text.trim_end_matches('=');
    let free = match body.len() % 4 {
        0 => 0,
        2 => 4,
        3 => 2,
        _ => return Vec::new(),
    };
    let digit = |byte: u8| ALPHABET.iter().position(|own| *own == byte);
    if text.len() - body.len() > 2 || !body.bytes().all(|byte| digit(byte).is_some()) {
        return Vec::new();
    }
    let last = body.bytes().last().filter(|_| free > 0).and_then(digit);
    let bodies: Vec<String> = match last {
        None => vec![body.to_owned()],
        Some(last) => {
            let first = last >> free << free;
            let ends = ALPHABET[first..first + (1 << free)].iter();
            ends.map(|end| format!("{}{}", &body[..body.len() - 1], char::from(*end))).collect()
        }
    };
    let padded = bodies.iter().flat_map(|body| ["", "=", "=="].map(|padding| format!("{body}{padding}")));
    std::iter::once(text.to_owned()).chain(padded.filter(|other| other != text)).collect()
}
