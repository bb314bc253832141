//! Which container the lines of a manifest or a description are about, so that its limits, options, and ends carry its name.
//!
//! ```text
//! Name:             orders-7d9f8c6b5-x2x4p        metadata:
//! Namespace:        shop                            name: orders-7d9f8c6b5-x2x4p
//! Containers:                                     status:
//!   app:                                            containerStatuses:
//!     Limits:                                       - lastState: …
//!       memory:  1536Mi                               name: app
//! ```
//!
//! Read are `kubectl describe`, YAML and JSON of objects, Compose files, and `docker inspect`. What is about one container is told by
//! indentation, and its name may stand below its figures; so names are noted ([`Belonging`]) and put in when the source has ended.

use crate::formats::prompt::is_prompt;
use crate::model::readings::Readings;
use crate::model::relation::{Belonging, Whole};
use crate::source::{Line, Span};

/// Containers kept of one source.
const MAX_CONTAINERS: usize = 2000;
/// What stands below a container in a description where its own name was lost.
const HEADINGS: [&str; 6] = ["Args:", "Command:", "Environment:", "Limits:", "Mounts:", "Requests:"];

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    text: String,
    at: Span,
}

/// How the containers of a list are told from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// By a key without value: `  app:`.
    Keys,
    /// By `- ` of YAML.
    Items,
    /// By `{` of JSON.
    Objects,
}

/// Lines that are about one container.
#[derive(Debug)]
struct Part {
    first_line: u32,
    last_line: u32,
    name: Option<Name>,
    /// The pod, or whatever object the container stands in.
    owner: Option<Name>,
}

/// A list of containers that is being read.
#[derive(Debug)]
struct List {
    style: Style,
    /// Where its heading starts.
    indent: usize,
    /// Where its containers start, once one did.
    item: Option<usize>,
    /// Where the fields of the container start, once one did.
    field: Option<usize>,
}

/// Follows the objects of one source.
#[derive(Debug, Default)]
pub struct Containers {
    parts: Vec<Part>,
    list: Option<List>,
    /// The pod, with the indentation of its `metadata`.
    owner: Option<(usize, Name)>,
    /// `metadata:` that waits for its name: its indentation, and that of its fields.
    metadata: Option<(usize, Option<usize>)>,
    /// `Name:` of a description, which counts if `Namespace:` follows: its line and name.
    described: Option<(u32, Name)>,
}

impl Containers {
    /// True where no line before began what this one could go on with, or end.
    pub fn is_idle(&self) -> bool {
        self.list.is_none() && self.owner.is_none() && self.metadata.is_none() && self.described.is_none()
    }

    /// Looks at a line.
    pub fn note(&mut self, line: &Line<'_>) {
        let text = line.body.trim();
        if text.is_empty() {
            return;
        }
        if is_prompt(text) {
            // What follows is of another program.
            (self.list, self.owner, self.metadata, self.described) = (None, None, None, None);
            return;
        }
        let indent = line.body.len() - line.body.trim_start().len();
        if indent == 0 && matches!(text, "{" | "[") {
            self.owner = None;
        }
        let is_json = text.starts_with('"') && text.ends_with(['{', ',']);
        self.list.take_if(|list| is_json && list.style != Style::Objects);
        let structured = text.ends_with(['{', '[', '}', ']', ',']) || text.starts_with("- ") || text.contains(':');
        if !structured {
            self.list.take_if(|list| indent <= list.indent);
            return;
        }
        self.owner_line(indent, text, line);
        if let Some(name) = text.strip_prefix("Container Name: ").filter(|_| !line.is_cut()) {
            // By a template; the state stands on the next line.
            self.start(line.number);
            self.name(Some(name), line);
            if let Some(part) = self.parts.last_mut() {
                part.last_line = line.number.saturating_add(line.step);
            }
            return;
        }
        if let Some(heading) = heading(text) {
            self.list = Some(List { indent, item: heading.1.then_some(indent), field: None, style: heading.0 });
            if heading.1 {
                self.start(line.number);
            }
            return;
        }
        if let Some(id) = self.inspected(indent, text) {
            self.owner = None;
            self.list = Some(id);
            self.start(line.number);
            return;
        }
        self.list_line(indent, text, line);
    }

    fn owner_line(&mut self, indent: usize, text: &str, line: &Line<'_>) {
        let name = |value: &str| Name { text: value.to_owned(), at: line.span_of(value) };
        if let Some((number, described)) = self.described.take()
            && line.since(number) == 1
            && text.starts_with("Namespace:")
        {
            self.owner = Some((indent, described));
        }
        let Some((key, value)) = pair(text) else { return };
        if key == "Name" && !value.is_empty() && !line.is_cut() {
            self.described = Some((line.number, name(value)));
        }
        if key == "containerDefinitions" {
            self.owner = None; // A task of ECS, which has no pod.
        }
        if key == "apiVersion" && self.owner.as_ref().is_some_and(|(own, _)| indent <= *own) {
            self.owner = None;
        }
        if let Some((own, field)) = &mut self.metadata {
            if indent <= *own && !text.starts_with('-') {
                self.metadata = None;
            } else if indent == *field.get_or_insert(indent) && key == "name" && !text.starts_with('-') {
                if !value.is_empty() && !line.is_cut() {
                    self.owner = Some((*own, name(value)));
                }
                self.metadata = None;
            }
        }
        if key == "metadata" && matches!(value, "" | "{") {
            self.metadata = Some((indent, None));
        }
    }

    /// `"Id": "…"` of `docker inspect`: the object that it is in.
    fn inspected(&self, indent: usize, text: &str) -> Option<List> {
        let (key, value) = pair(text)?;
        let is_id = key == "Id" && value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let outer = indent.checked_sub(1)?;
        is_id.then_some(List { style: Style::Objects, indent: outer, item: Some(outer), field: Some(indent) })
    }

    fn list_line(&mut self, indent: usize, text: &str, line: &Line<'_>) {
        let Some(list) = &mut self.list else { return };
        let is_item = match list.style {
            Style::Keys => text.ends_with(':') && !text.contains(' ') && !HEADINGS.contains(&text),
            Style::Items => text.starts_with("- "),
            Style::Objects => text.ends_with('{') && pair(text).is_none(),
        };
        let ends = match list.style {
            Style::Keys | Style::Objects => indent <= list.indent && !(is_item && list.item == Some(indent)),
            Style::Items => indent < list.indent || indent == list.indent && !is_item,
        };
        if ends {
            self.list = None;
            return;
        }
        let mut fields = text;
        let mut at = indent;
        let mut is_field = !text.starts_with("- ");
        if is_item && indent == *list.item.get_or_insert(indent) {
            list.field = None;
            if let (Style::Items, Some(rest)) = (list.style, text.strip_prefix("- ")) {
                fields = rest.trim_start();
                at = indent + (text.len() - fields.len());
                list.field = Some(at);
                is_field = true;
            }
            let name = (list.style == Style::Keys && !line.is_cut()).then(|| text.trim_end_matches(':'));
            self.start(line.number);
            self.name(name, line);
            if self.list.as_ref().is_some_and(|list| list.style != Style::Items) {
                return;
            }
        }
        let Some(list) = self.list.as_mut().filter(|list| list.item.is_some()) else { return };
        let Some(part) = self.parts.last_mut() else { return };
        part.last_line = line.number;
        if list.style == Style::Keys || !is_field || at != *list.field.get_or_insert(at) {
            return;
        }
        let name =
            pair(fields).filter(|(key, value)| matches!(*key, "name" | "Name") && !value.is_empty() && !line.is_cut());
        self.name(name.map(|(_, value)| value.trim_start_matches('/')), line);
    }

    fn start(&mut self, number: u32) {
        if self.parts.len() >= MAX_CONTAINERS {
            self.list = None;
            return;
        }
        let owner = self.owner.as_ref().map(|(_, name)| name.clone());
        self.parts.push(Part { first_line: number, last_line: number, name: None, owner });
    }

    fn name(&mut self, name: Option<&str>, line: &Line<'_>) {
        if let (Some(part), Some(name)) = (self.parts.last_mut(), name) {
            part.name = Some(Name { text: name.to_owned(), at: line.span_of(name) });
        }
    }

    /// Notes which lines are about which container.
    pub fn note_all(self, out: &mut Readings) {
        for part in self.parts {
            let Some(Name { text, at }) = part.name else { continue };
            let name = part.owner.map_or(text.clone(), |owner| format!("{}/{text}", owner.text));
            let Part { first_line, last_line, .. } = part;
            out.relations.wholes.push(Belonging { first_line, last_line, to: Whole::Container { name, at } });
        }
    }
}

/// A heading of a list of containers, and whether the first of them starts on its line.
fn heading(text: &str) -> Option<(Style, bool)> {
    let text = text.trim_start_matches("- ");
    let style = match text.trim_end_matches(['{', '[', ' ', ':']).trim_matches('"') {
        "Containers" | "Init Containers" | "Ephemeral Containers" | "services" => Style::Keys,
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "containerDefinitions"
        | "containerStatuses"
        | "initContainerStatuses"
        | "ephemeralContainerStatuses" => Style::Items,
        _ => return None,
    };
    let opens = text.split_once(':')?.1.trim();
    match (style, opens) {
        (_, "") => Some((style, false)),
        (Style::Items, "[") => Some((Style::Objects, false)),
        (Style::Items, "[{") => Some((Style::Objects, true)),
        _ => None,
    }
}

/// A key and its value.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.trim_start_matches("- ").trim_end_matches(',').split_once(':')?;
    Some((key.trim_matches('"'), value.trim().trim_matches(['"', '\''])))
}

/// True if two names can be those of one container: one of them may not say of which pod it is.
pub fn is_same(a: &str, b: &str) -> bool {
    let last = |name: &str| name.rsplit('/').next().map(str::to_owned);
    a == b || (a.contains('/') != b.contains('/') && last(a) == last(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Claim, Reader, host, killers};
    use crate::model::joining;
    use crate::source::Around;

    /// What limits and ends a text has, and their names.
    fn read(text: &str) -> Readings {
        let mut out = Readings::default();
        let mut containers = Containers::default();
        let formats = [&host::FORMAT, &killers::FORMAT];
        let mut readers: Vec<Box<dyn Reader>> = formats.iter().map(|format| (format.reader)()).collect();
        let around = Around::of(text);
        for (number, raw) in (1..).zip(text.lines()) {
            let line = Line { number, around: &around, ..Line::of(raw) };
            containers.note(&line);
            for (format, reader) in formats.iter().zip(&mut readers) {
                let claims = (format.claim)(&line) != Claim::None;
                if reader.resume(&line, &mut out) || claims && reader.open(&line, &mut out) {
                    break;
                }
            }
        }
        readers.iter_mut().for_each(|reader| reader.finish(&mut out));
        containers.note_all(&mut out);
        joining::join(0, &mut out);
        out
    }

    /// Kind, name, limit in MiB, and the line of the name of every reading and event.
    fn names(text: &str) -> Vec<(String, String, u64, u32)> {
        let report = read(text);
        let line = |at: Option<Span>| at.map_or(0, |at| at.line);
        let hosts = report.host.iter().map(|host| {
            let limit = host.sizes.get("limit").map_or(0, |limit| limit.0 >> 20);
            (host.kind.name().to_owned(), host.name.clone().unwrap_or_default(), limit, line(host.at.get("name")))
        });
        let events = report.events.iter().map(|event| {
            (event.kind.name().to_owned(), event.name.clone().unwrap_or_default(), 0, line(event.at.get("name")))
        });
        hosts.chain(events).collect()
    }

    fn named(kind: &str, name: &str, limit: u64, line: u32) -> (String, String, u64, u32) {
        (kind.to_owned(), name.to_owned(), limit, line)
    }

    #[test]
    fn a_heading_is_no_container_where_its_name_was_lost() {
        let out = read("Containers:\n    Limits:\n      memory:  1Gi\n    Requests:\n      memory:     512Mi\n");
        assert_eq!(out.host.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), [None]);
    }

    #[test]
    fn a_described_pod_names_limits_and_ends() {
        let text = "Name:\t\torders-1\nNamespace:\tshop\nInit Containers:\n  migrate:\n    State:    Terminated\n      Reason:   Completed\n    Limits:\n      memory:  256Mi\nContainers:\n  app:\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n    Limits:\n      memory:  1Gi\n  proxy:\n    Limits:\n      memory:  512Mi\nConditions:\n";
        assert_eq!(
            names(text),
            [
                named("kubernetes", "orders-1/migrate", 256, 4),
                named("kubernetes", "orders-1/app", 1024, 10),
                named("kubernetes", "orders-1/proxy", 512, 16),
                named("kubernetes-oomkilled", "orders-1/app", 0, 10),
            ]
        );
    }

    #[test]
    fn a_name_below_the_state_counts_and_those_of_others_do_not() {
        let text = "kind: Pod\nmetadata:\n  labels:\n    name: x\n  name: orders-1\n  ownerReferences:\n  - apiVersion: apps/v1\n    name: orders\nspec:\n  containers:\n  - env:\n    - name: A\n      value: b\n    name: app\n    resources:\n      limits:\n        memory: 1Gi\n    volumeMounts:\n    - name: tmp\n  - name: proxy\n    resources:\n      limits:\n        memory: 512Mi\nstatus:\n  containerStatuses:\n  - lastState:\n      terminated:\n        exitCode: 137\n        reason: OOMKilled\n    name: app\n  - lastState: {}\n    name: proxy\n";
        assert_eq!(
            names(text),
            [
                named("kubernetes", "orders-1/app", 1024, 14),
                named("kubernetes", "orders-1/proxy", 512, 20),
                named("kubernetes-oomkilled", "orders-1/app", 0, 30),
            ]
        );
    }

    #[test]
    fn objects_of_json_and_services_of_compose_have_names_too() {
        let json = "\"metadata\": {\n  \"name\": \"orders-1\"\n},\n\"containers\": [\n  {\n    \"resources\": {\n      \"limits\": {\n        \"memory\": \"1Gi\"\n      }\n    },\n    \"name\": \"app\"\n  },\n  {\n    \"name\": \"proxy\",\n    \"resources\": {\n      \"limits\": {\n        \"memory\": \"512Mi\"\n      }\n    }\n  }\n]\n";
        assert_eq!(
            names(json),
            [named("kubernetes", "orders-1/app", 1024, 11), named("kubernetes", "orders-1/proxy", 512, 14)]
        );
        let compose = "services:\n  app:\n    image: orders\n    mem_limit: 1g\n  db:\n    mem_limit: 512m\nvolumes:\n";
        assert_eq!(names(compose), [named("docker", "app", 1024, 2), named("docker", "db", 512, 5)]);
        let id = "a".repeat(64);
        let inspect = format!(
            "[\n    {{\n        \"Id\": \"{id}\",\n        \"State\": {{\n            \"OOMKilled\": true,\n            \"ExitCode\": 137\n        }},\n        \"Name\": \"/orders\",\n        \"HostConfig\": {{\n            \"Memory\": 1073741824\n        }}\n    }}\n]\n"
        );
        assert_eq!(names(&inspect), [named("docker", "orders", 1024, 8), named("docker-oomkilled", "orders", 0, 8)]);
    }

    #[test]
    fn a_template_names_the_container_above_its_state() {
        let text = "Container Name: app\nLastState: map[terminated:map[exitCode:137 reason:OOM Killed startedAt:2015-07-07T20:58:43Z]]\n";
        assert_eq!(names(text), [named("kubernetes-oomkilled", "app", 0, 1)]);
    }

    #[test]
    fn a_name_that_may_go_on_is_none() {
        assert_eq!(
            names("containers:\n- resources:\n    limits:\n      memory: 1Gi\n  name: ap"),
            [named("kubernetes", "", 1024, 0)]
        );
    }

    #[test]
    fn one_of_two_names_may_lack_the_pod() {
        assert!(is_same("orders-1/app", "app") && is_same("a/b", "a/b"));
        assert!(!is_same("orders-1/app", "orders-2/app") && !is_same("orders-1/app", "proxy"));
    }
}
