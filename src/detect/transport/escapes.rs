//! Undoes what a transport escaped.

/// `\x0a` of /dev/kmsg.
pub(super) fn hex(text: &str) -> String {
    unescape(text, "\\x", |digits| u8::from_str_radix(digits, 16).ok(), 2)
}

/// `#012` of rsyslog: octal, only for control characters.
pub(super) fn rsyslog(text: &str) -> String {
    unescape(text, "#0", |digits| u8::from_str_radix(digits, 8).ok().filter(|byte| *byte < 0x20), 2)
}

/// Replaces each `mark` followed by `digits` digits by the byte they stand for. Bytes that together are no UTF-8 become
/// U+FFFD.
fn unescape(text: &str, mark: &str, byte: fn(&str) -> Option<u8>, digits: usize) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        let after = from.get(mark.len()..).unwrap_or_default();
        match after.get(..digits).and_then(byte) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(digits..).unwrap_or_default();
            }
            None => {
                out.extend_from_slice(mark.as_bytes());
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_the_bytes_they_stand_for() {
        assert_eq!(hex("a\\x0ab\\x5cx \\xzz"), "a\nb\\x \\xzz");
        assert_eq!(
            rsyslog("active_anon:10#012 active_file:4#011x #0 GC Thread#099"),
            "active_anon:10\n active_file:4\tx #0 GC Thread#099"
        );
    }
}
