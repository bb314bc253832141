//! Undoes what a transport escaped.

use crate::look;

/// `\x0a` of /dev/kmsg.
pub(super) fn hex(text: &str) -> String {
    unescape(text, "\\x", |digits| u8::from_str_radix(digits, 16).ok(), 2)
}

/// `#012` of rsyslog: octal, only for control characters.
pub(super) fn rsyslog(text: &str) -> String {
    unescape(text, "#0", |digits| u8::from_str_radix(digits, 8).ok().filter(|byte| *byte < 0x20), 2)
}

/// True for a text in which a bulk row may be hidden behind what [`undo`] undoes: quicker than to look for each of it.
pub(crate) fn may_be_escaped(text: &str) -> bool {
    text.starts_with('{') || text.ends_with('m') || memchr::memchr(b'&', text.as_bytes()).is_some() || !text.is_ascii()
}

/// Undoes what web pages, Markdown, word processors, and programs that show colours as text made of a line: `&gt;`, `\_`, `→`,
/// `^[[31m`. `None` for a text with none of it.
pub(crate) fn undo(text: &str) -> Option<String> {
    let mut plain = typed(text);
    if let Some(now) = web(plain.as_deref().unwrap_or(text)) {
        plain = Some(now);
    }
    if let Some(now) = colours(plain.as_deref().unwrap_or(text)) {
        plain = Some(now);
    }
    if let Some(now) = emphasis(plain.as_deref().unwrap_or(text)) {
        plain = Some(now);
    }
    plain
}

/// Figures that somebody marked in a log, without the marks: `anon-rss:**2762197kB**`, `<b>2762197kB</b>`; of a line that begins with a
/// time any words: `12.345: [**Full GC (Ergonomics)** …`. `None` for a text without one.
fn emphasis(text: &str) -> Option<String> {
    const MARKS: [(&str, &str); 7] = [
        ("**", "**"),
        ("__", "__"),
        ("*", "*"),
        ("<b>", "</b>"),
        ("<strong>", "</strong>"),
        ("<em>", "</em>"),
        ("<mark>", "</mark>"),
    ];
    memchr::memchr3(b'*', b'<', b'_', text.as_bytes())?;
    let is_figure = |inside: &str| {
        inside.len() <= 24
            && inside.starts_with(|c: char| c.is_ascii_digit())
            && inside.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b',' | b'%'))
    };
    let is_logged = begins_with_time(text);
    let mut plain: Option<String> = None;
    for (open, close) in MARKS {
        if !look::has(plain.as_deref().unwrap_or(text), open) {
            continue;
        }
        // Marks stand at the words themselves: a program prints `*** stopped ***`.
        let is_marked =
            |inside: &str| !inside.is_empty() && !inside.starts_with([' ', '*']) && !inside.ends_with([' ', '*']);
        let may_be_words = is_logged && !matches!(open, "__" | "*" | "<em>");
        let mut from = 0;
        loop {
            let now = plain.as_deref().unwrap_or(text);
            let Some(at) = now.get(from..).and_then(|rest| rest.find(open)).map(|at| from + at) else { break };
            let inside = now.get(at + open.len()..).and_then(|rest| rest.split_once(close)).map(|(inside, _)| inside);
            // A name may go on behind its mark.
            let is_apart = !now.get(..at)?.ends_with(|c: char| c.is_alphanumeric() || c == '*' || c == '_');
            from = at + 1;
            if let Some(inside) =
                inside.filter(|inside| is_apart && (is_figure(inside) || may_be_words && is_marked(inside)))
            {
                let behind = now.get(at + open.len() + inside.len() + close.len()..)?;
                plain = Some([now.get(..at)?, inside, behind].concat());
            }
        }
    }
    plain
}

/// True for a line of a log that begins with its time, marked or not: `2017-06-07T20:21:49.416+0200: `, `[12.345s]`, `12.345: `.
fn begins_with_time(text: &str) -> bool {
    let stamp = text.trim_start_matches([' ', '>', '*', '[', '_']).split([' ', ']']).next().unwrap_or_default();
    let digits = stamp.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && stamp.starts_with(|c: char| c.is_ascii_digit()) && stamp.contains([':', '-', '.'])
}

/// The lines of a text of which a page shows the ends: `<br>`, and `\n` where it stands for more than one.
pub(super) fn breaks(text: &str) -> Option<String> {
    const TAGS: [&str; 3] = ["<br>", "<br/>", "<br />"];
    memchr::memchr2(b'<', b'\\', text.as_bytes())?;
    let inner = text.trim_end();
    if TAGS.iter().any(|tag| inner.strip_suffix(*tag).unwrap_or(inner).contains(tag)) {
        return Some(TAGS.iter().fold(text.to_owned(), |text, tag| text.replace(tag, "\n")));
    }
    let ends = text.matches("\\n").count();
    // A path of Windows has it, and what is quoted has escapes of its own.
    let is_object = || text.contains("\":") || text.contains("\" :") || text.trim_start().starts_with(['"', '\u{1e}']);
    let is_shown = ends > 1 && !text.contains(":\\") && !is_object();
    is_shown.then(|| text.replace("\\n", "\n").replace("\\t", "\t"))
}

/// Typographic and full-width characters as the program wrote them.
fn typed(text: &str) -> Option<String> {
    if text.is_ascii() || text.chars().all(|c| keyed(c).is_none() && !is_full_width(c)) {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match keyed(c) {
            Some(meant) => plain.push_str(meant),
            None if is_full_width(c) => plain.extend(char::from_u32(u32::from(c).saturating_sub(0xFEE0))),
            None => plain.push(c),
        }
    }
    Some(plain)
}

/// What was typed where a word processor shows this.
fn keyed(c: char) -> Option<&'static str> {
    Some(match c {
        '‐' | '‑' | '‒' | '–' | '−' | '﹣' => "-",
        '—' | '―' => "--",
        '‘' | '’' | '‚' | '‛' => "'",
        '“' | '”' | '„' | '‟' => "\"",
        '→' | '⟶' => "->",
        '⇒' | '⟹' => "=>",
        '…' => "...",
        _ => return None,
    })
}

fn is_full_width(c: char) -> bool {
    matches!(c, '！'..='～')
}

/// Colours that are shown as text: `^[[31m` (`cat -v`), `ESC[31m` (`less`), `␛[31m`, and `[31m` where the escape character was
/// lost. The last is one only on a line that also ends a colour.
fn colours(text: &str) -> Option<String> {
    const ESCAPES: [&str; 6] = ["^[", "ESC", "\u{241b}", "\\e", "\\033", "\\x1b"];
    if !look::has(text, "[0m") && !look::has(text, "[m") && !look::has(text, "[[") && !look::has(text, "C[") {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let ends_one = text.contains("[0m") || text.contains("[m");
    while let Some(at) = memchr::memchr(b'[', rest.as_bytes()) {
        let (before, from) = rest.split_at_checked(at)?;
        let inside = from.get(1..)?;
        plain.push_str(before);
        let shown = ESCAPES.iter().copied().find(|escape| plain.ends_with(escape));
        let digits = inside.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        let behind = inside.get(digits..)?;
        // `[8ms]`, `[main]`, and `[128m]` are words in brackets.
        let is_word = || behind.find(['[', ']', ' ']).is_some_and(|at| behind.get(at..at + 1) == Some("]"));
        let ends = match behind.as_bytes().first() {
            Some(b'm') => shown.is_some() || ends_one && digits < 12 && !is_word(),
            Some(b'K') => shown.is_some(),
            _ => false,
        };
        if ends {
            plain.truncate(plain.len().saturating_sub(shown.unwrap_or_default().len()));
            rest = inside.get(digits.saturating_add(1)..)?;
        } else {
            plain.push('[');
            rest = inside;
        }
    }
    plain.push_str(rest);
    (plain.len() < text.len()).then_some(plain)
}

/// `&gt;` of web pages, and `\_` that Markdown wants. `None` for a text with neither; JSON has escapes of its own.
fn web(text: &str) -> Option<String> {
    const ENTITIES: [(&str, &str); 16] = [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&nbsp;", " "),
        ("&#160;", " "),
        ("&rarr;", "->"),
        ("&ndash;", "-"),
        ("&#38;", "&amp;"),
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
    fn what_a_word_processor_made_of_a_line_is_undone() {
        for (shown, typed) in [
            ("Pause Young 3M→1M(10M) 1.2ms", "Pause Young 3M->1M(10M) 1.2ms"),
            ("java –Xmx4g —version", "java -Xmx4g --version"),
            (
                "“main” java.lang.OutOfMemoryError： Java heap space",
                "\"main\" java.lang.OutOfMemoryError: Java heap space",
            ),
            ("Ｋｉｌｌｅｄ １２（ｊａｖａ）", "Killed 12(java)"),
        ] {
            assert_eq!(undo(shown).as_deref(), Some(typed));
        }
        assert_eq!(undo("메모리가 부족합니다."), None);
    }

    #[test]
    fn marks_around_figures_go_and_others_stay() {
        for (shown, plain) in [
            ("total-vm:1kB, anon-rss:**2762197kB**, file-rss:*3kB*", "total-vm:1kB, anon-rss:2762197kB, file-rss:3kB"),
            ("12.345: [**Full GC (Ergonomics)** 3K->2K(9K)]", "12.345: [Full GC (Ergonomics) 3K->2K(9K)]"),
            ("**[12.345s][info ][gc] GC(3)** <b>Pause Full</b>", "[12.345s][info ][gc] GC(3) Pause Full"),
            ("rss <b>12.5</b> of <strong>99%</strong>", "rss 12.5 of 99%"),
        ] {
            assert_eq!(undo(shown).as_deref(), Some(plain));
        }
        for text in ["**/12/*.java", "a*3*b", "**12 of 13**", "x__12__y", "2 * 3 * 4", "**bold** words"] {
            assert_eq!(undo(text), None, "{text}");
        }
    }

    #[test]
    fn line_ends_that_a_page_shows_are_line_ends() {
        assert_eq!(breaks("a<br>b<br />").as_deref(), Some("a\nb\n"));
        assert_eq!(breaks("a\\n\\tb\\n").as_deref(), Some("a\n\tb\n"));
        for text in ["a<br>", "a\\n", "03:54 {\"a\":\"\\n\\n\"}", "C:\\new\\name", "{\"a\":\"\\n\\n\"}"] {
            assert_eq!(breaks(text), None, "{text}");
        }
    }

    #[test]
    fn colours_shown_as_text_go_and_other_brackets_stay() {
        for (shown, plain) in [
            ("^[[0;31mKilled^[[0m 12", "Killed 12"),
            ("ESC[31mKilledESC[0mESC[K", "Killed"),
            ("[33mweb_1  |[0m [12.5s][info][gc] x", "web_1  | [12.5s][info][gc] x"),
        ] {
            assert_eq!(undo(shown).as_deref(), Some(plain));
        }
        for text in ["[0.5s][info] a", "[main] [8ms][128m] a", "a[31m b", "[[", "range [128m, 256m]", "DESC[31]"] {
            assert_eq!(undo(text), None, "{text}");
        }
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
