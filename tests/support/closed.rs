//! Whether a file that was written is well-formed, without script, and closed in itself.

use roxmltree::{Attribute, Document, Node};

/// Elements that run, embed, or fetch something; nothing written here has them.
const FOREIGN: &[&str] = &[
    "a",
    "audio",
    "base",
    "embed",
    "foreignObject",
    "form",
    "iframe",
    "img",
    "image",
    "link",
    "object",
    "use",
    "video",
];
/// Attributes whose value is an address.
const ADDRESSES: &[&str] = &["action", "background", "cite", "data", "formaction", "href", "poster", "src", "srcset"];

/// Why a file that was parsed is not closed in itself; nothing if it is.
fn leaks(document: &Document, scripts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let is_data = node.attribute("type") == Some("application/json");
        let is_known = node.attribute("id").is_some_and(|id| scripts.contains(&id));
        if FOREIGN.contains(&name) || (name == "script" && !(is_data && is_known)) {
            found.push(format!("<{name}>"));
        }
        found.extend(node.attributes().filter(leads_away).map(|attribute| format!("{name} {attribute:?}")));
        if name == "style" && node.text().is_some_and(fetches) {
            found.push("<style> fetches".to_owned());
        }
    }
    found
}

fn leads_away(attribute: &Attribute) -> bool {
    let (name, value) = (attribute.name(), attribute.value());
    let is_address = ADDRESSES.contains(&name) && !value.starts_with('#') && !value.starts_with("data:");
    is_address || name.starts_with("on") || fetches(value)
}

/// True if a style names anything but a part of its own file.
fn fetches(style: &str) -> bool {
    let mut urls = style.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
    style.contains("@import") || urls.any(|url| !url.starts_with('#') && !url.starts_with("data:"))
}

/// HTML as XML: its empty elements closed, and the data left out of its script elements, which XML would read as markup.
pub fn as_xml(html: &str) -> String {
    let body = html.strip_prefix("<!DOCTYPE html>").expect("a document type");
    let mut out = String::with_capacity(body.len());
    for (at, part) in body.split("<script").enumerate() {
        let (head, rest) = if at == 0 { ("", part) } else { part.split_once('>').expect("a tag") };
        if at > 0 {
            out.push_str(&format!("<script{head}>"));
        }
        out.push_str(if at == 0 { rest } else { &rest[rest.find("</script>").expect("its end")..] });
    }
    for line in body.lines().filter(|line| line.starts_with("<meta ")) {
        let closed = format!("{}/>", line.strip_suffix('>').expect("one tag in its line"));
        out = out.replacen(line, &closed, 1);
    }
    out
}

/// What stands in the way of a file, as lines for the message.
pub fn complaints(case: &str, form: &str, xml: &str, scripts: &[&str]) -> Vec<String> {
    let found = match Document::parse(xml) {
        Ok(document) => leaks(&document, scripts),
        Err(problem) => vec![problem.to_string()],
    };
    found.into_iter().map(|found| format!("{case}: {form}: {found}")).collect()
}
