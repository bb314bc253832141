//! Undoes what a transport escaped.

/// `\x0a` of /dev/kmsg.
pub(super) fn hex(text: &str) -> String {
    unescape(text, "\\x", |digits| u8::from_str_radix(digits, 16).ok(), 2)
}

/// `#012` of rsyslog: octal, only for control characters.
pub(super) fn rsyslog(text: &str) -> String {
    unescape(text, "#0", |digits| u8::from_str_radix(digits, 8).ok().filter(|byte| *byte < 0x20), 2)
}

/// `&gt;` of web pages, and `\_` that Markdown wants. `None` for a text with neither; JSON has escapes of its own.
pub(super) fn web(text: &str) -> Option<String> {
    const ENTITIES: [(&str, &str); 7] = [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        // The last one, or it would make new ones.
        ("&amp;", "&"),
    ];
    const MARKDOWN: [(&str, &str); 5] = [("\\_", "_"), ("\\[", "["), ("\\]", "]"), ("\\<", "<"), ("\\>", ">")];
    let bytes = text.as_bytes();
    let mut plain: Option<String> = None;
    let mut undo = |escapes: &[(&str, &str)]| {
        for (escape, meant) in escapes {
            let now = plain.as_deref().unwrap_or(text);
            if now.contains(escape) {
                plain = Some(now.replace(escape, meant));
            }
        }
    };
    if memchr::memchr(b'&', bytes).is_some() {
        undo(&ENTITIES);
    }
    if memchr::memchr(b'\\', bytes).is_some() && !text.trim_start().starts_with(['{', '"', '\u{1e}']) {
        undo(&MARKDOWN);
    }
    plain
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
    fn what_web_pages_and_markdown_need_is_undone() {
        assert_eq!(web("&gt; [Tue] a &lt;b&gt; &amp;gt;").as_deref(), Some("> [Tue] a <b> &gt;"));
        assert_eq!(web("\\[ pid \\] total\\_vm").as_deref(), Some("[ pid ] total_vm"));
        assert_eq!(web("{\"log\":\"a\\_b\"}"), None);
        assert_eq!(web("a & b C:\\x"), None);
    }

    #[test]
    fn escapes_become_the_bytes_they_stand_for() {
        assert_eq!(hex("a\\x0ab\\x5cx \\xzz"), "a\nb\\x \\xzz");
        assert_eq!(
            rsyslog("active_anon:10#012 active_file:4#011x #0 GC Thread#099"),
            "active_anon:10\n active_file:4\tx #0 GC Thread#099"
        );
    }
}
