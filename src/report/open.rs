//! Opens what was shared: a link, a JSON or HTML file, a picture. All of it is input that anybody may have written.

use crate::i18n::{self, Language};

use super::adopt::{Told, adopt};
pub use super::opened::Opened;
use super::opened::{LinkError, checked, texts_of};
use super::{REPORT_VERSION, Report, bounds, derive, link};

/// Bytes of a file that somebody shared, unpacked, at most.
pub const MAX_BYTES: usize = 64 << 20;
/// Bytes that are looked at to tell what a text is.
const HEAD: usize = 4096;
/// Begins the last line of our Markdown, which carries a link.
pub const IN_MARKDOWN: &str = "oomscope: ";
/// The keyword of a PNG's text that carries a link.
pub const PNG_KEYWORD: &str = "oomscope";

/// Bytes that [`may_be_shared`] looks at.
pub const HEAD_BYTES: usize = 256 << 10;

/// True if the first bytes look like something that oomscope wrote: then the whole is worth reading.
pub fn may_be_shared(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let has = |what: &str| start.contains(what);
    head.starts_with(b"\x89PNG")
        || begins_as_report(start)
        || start.starts_with("<!DOCTYPE html>") && has("content=\"oomscope")
        || (start.starts_with("<svg") || start.starts_with("<?xml")) && has("oomscope-report")
        || in_markdown(start).is_some()
        || (has("#r=") || has("&r=")) && !start.trim_end().contains(char::is_whitespace)
}

/// The link that the last line of our Markdown carries, also where line ends were changed. `None` for any other text.
fn in_markdown(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.next().filter(|title| title.starts_with("# "))?;
    let heading = lines.next()?.strip_prefix("## ")?;
    Language::ALL.iter().find(|language| i18n::text(**language, "page.section.story") == heading)?;
    let (_, link) = lines.next_back()?.strip_prefix(IN_MARKDOWN)?.rsplit_once("#r=")?;
    Some(link.trim_end_matches(['`', '>', ')']))
}

/// True for an object whose first field is one that a report may begin with: its version, or, where something has sorted
/// the fields by name, the first of those.
fn begins_as_report(text: &str) -> bool {
    let first = text.strip_prefix('{').and_then(|rest| rest.trim_start().strip_prefix('"'));
    let Some((name, rest)) = first.and_then(|rest| rest.split_once('"')) else { return false };
    let is_list = || rest.trim_start().strip_prefix(':').is_some_and(|value| value.trim_start().starts_with('['));
    name == "report_version" || matches!(name, "events" | "findings") && is_list()
}

/// Opens what was handed over, a picture or a text. `None` if it is nothing that oomscope wrote: then it is a log.
pub fn bytes(bytes: &[u8]) -> Option<Result<Opened, LinkError>> {
    if bytes.len() > MAX_BYTES {
        return may_be_shared(bytes.get(..HEAD_BYTES)?).then_some(Err(LinkError::TooLarge));
    }
    png(bytes).or_else(|| text(std::str::from_utf8(bytes).ok()?))
}

/// Opens a text that was pasted or dropped. `None` if it is nothing that oomscope wrote: then it is a log.
pub fn text(text: &str) -> Option<Result<Opened, LinkError>> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(HEAD).collect();
    if begins_as_report(start) && start.contains("\"report_version\"") {
        return Some(json(start));
    }
    if head.starts_with("<!DOCTYPE html>") && head.contains("content=\"oomscope") {
        let inside = |id: &str| {
            let tag = format!("<script type=\"application/json\" id=\"{id}\">");
            start.rsplit_once(&tag)?.1.split_once("</script>").map(|(inside, _)| inside)
        };
        if let Some(texts) = inside("oomscope-texts") {
            return Some(texts_of(texts.as_bytes()));
        }
        return Some(inside("oomscope-report").map_or(Err(LinkError::Damaged), json));
    }
    if head.starts_with("<svg") || head.starts_with("<?xml") {
        let (_, rest) = start.split_once("<metadata id=\"oomscope-report\">")?;
        return Some(link::read(rest.split_once('<').map_or(rest, |(link, _)| link).trim()));
    }
    if let Some(link) = in_markdown(start) {
        return Some(link::read(link));
    }
    let line = start.trim_end();
    if line.len() < 200_000 && !line.contains(char::is_whitespace) {
        let fragment = line.split_once('#').map(|(_, fragment)| fragment)?;
        let link = fragment.split('&').find_map(|pair| pair.strip_prefix("r="))?;
        return Some(link::read(link));
    }
    None
}

/// Opens a PNG that carries a link. `None` if it carries none.
pub fn png(bytes: &[u8]) -> Option<Result<Opened, LinkError>> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        if kind == b"tEXt" {
            let link = data.strip_prefix(PNG_KEYWORD.as_bytes()).and_then(|data| data.strip_prefix(&[0]));
            if let Some(link) = link.and_then(|link| std::str::from_utf8(link).ok()) {
                return Some(link::read(link));
            }
        }
        rest = after.get(4..)?;
    }
    None
}

/// Opens a report in format 1.
fn json(text: &str) -> Result<Opened, LinkError> {
    match bounds::measure(text.as_bytes())?.version {
        Some(version) if version == u64::from(REPORT_VERSION) => {}
        Some(version) if version > u64::from(REPORT_VERSION) => return Err(LinkError::TooNew),
        _ => return Err(LinkError::Damaged),
    }
    let report = Report::from_json(text.trim_end().as_bytes()).ok_or(LinkError::Damaged)?;
    let mut report = checked(report).ok_or(LinkError::Damaged)?;
    let excerpts = derive::excerpts(&report);
    let told = Told::of(&mut report);
    Ok(Opened::Report(Box::new(adopt(report, excerpts, told))))
}
