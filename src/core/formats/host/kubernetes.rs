//! Reads what Kubernetes and Compose say about memory: `kubectl top`, limits and requests in `kubectl describe` and manifests,
//! `mem_limit` and `docker run --memory`, `docker inspect`.
//!
//! ```text
//! NAME                     CPU(cores)   MEMORY(bytes)
//! orders-7d9f8c6b5-x2x4p   812m         1480Mi
//!     Limits:
//!       cpu:     1
//!       memory:  1536Mi
//! ```
//!
//! In Kubernetes `Mi` is a power of 1024 and `M` of 1000; Compose means 1024 by both. A `memory: 512M` below `limits:` that does
//! not show which of the two it is gives nothing; `deploy:` above and small letters are of Compose. Source: Kubernetes, `apimachinery/pkg/api/resource`; Compose specification.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::draft::Draft;
use super::quantity::{binary, mixed, whole};
use super::{Block, Context, Shape};
use crate::formats::{Claim, container_start};
use crate::model::joining::POD;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const TOP: Shape = Shape { tool: "kubectl-top", claim: claim_top, open: open_top };
pub(super) const LIMITS: Shape = Shape { tool: "kubectl", claim: claim_limits, open: open_limits };

/// Rows kept of one table.
const MAX_ROWS: usize = 300;
/// A container with less cannot run anything.
const SMALLEST: u64 = 1 << 20;

fn claim_top(body: &str) -> Claim {
    if body.contains("MEMORY(bytes)") && body.contains("CPU(cores)") { Claim::Strong } else { Claim::None }
}

struct Top {
    columns: Vec<String>,
    rows: Vec<Draft>,
}

fn open_top(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    if context.claimed {
        out.keep(line);
        let columns = line.body.split_ascii_whitespace().map(str::to_owned).collect();
        return Some(Box::new(Top { columns, rows: Vec::new() }));
    }
    // `kubectl top pod --no-headers`: a name, and two quantities that cannot be anything else.
    context.command("kubectl-top")?;
    let columns = ["NAME", "CPU(cores)", "MEMORY(bytes)"].map(str::to_owned).to_vec();
    let mut block = Top { columns, rows: Vec::new() };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Top {
    fn take(&mut self, line: &Line<'_>, _: &mut Readings) -> bool {
        let words: Vec<&str> = line.body.split_ascii_whitespace().collect();
        if words.len() != self.columns.len() {
            return false;
        }
        let is_node = self.columns.iter().any(|column| column == "MEMORY%");
        let mut draft = Draft::new(if is_node { HostKind::KubernetesNode } else { HostKind::Kubernetes }, line);
        for (column, cell) in self.columns.iter().zip(&words) {
            match column.as_str() {
                "NAME" | "POD" => match draft.reading.name.take() {
                    // The name of a container stands behind that of its pod.
                    Some(pod) => {
                        draft.name(line, cell);
                        draft.reading.name = Some(format!("{pod}/{cell}"));
                    }
                    None => {
                        draft.name(line, cell);
                        if !is_node && !self.columns.iter().any(|column| column == "POD") {
                            draft.reading.at.put(POD, line.span_of(cell));
                        }
                    }
                },
                "CPU(cores)" if whole(cell.trim_end_matches(['m', 'n', 'u'])).is_none() && *cell != "<unknown>" => {
                    return false;
                }
                "MEMORY(bytes)" => {
                    let size = mixed(cell).filter(|_| cell.ends_with('i') || whole(cell).is_some());
                    if size.is_none() && *cell != "<unknown>" {
                        return false;
                    }
                    draft.size(if is_node { "mem_used" } else { "usage" }, size, line, cell);
                }
                _ => {}
            }
        }
        if self.rows.len() < MAX_ROWS {
            self.rows.push(draft);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        for draft in self.rows {
            draft.push(out);
        }
    }
}

/// What the lines below a heading are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    /// `limits:`, `Limits:`.
    Limits,
    /// `requests:`.
    Requests,
    /// `usage:` of `PodMetrics`.
    Usage,
    /// `Capacity:` and `Allocatable:` of a node.
    Capacity,
    Allocatable,
    /// `resources:` before them.
    Resources,
}

/// A key and its value, in YAML, JSON, or what `kubectl describe` prints.
fn pair(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_end_matches(',').trim_start_matches("- ");
    let (key, value) = text.split_once(':')?;
    let value = value.split(" #").next().unwrap_or(value);
    Some((key.trim().trim_matches(['"', '\'']), value.trim().trim_matches(['"', '\''])))
}

fn section(text: &str) -> Option<Section> {
    let (key, value) = pair(text)?;
    let opens = value.is_empty() || value.starts_with('{') && !value.contains('}');
    if !opens {
        return None;
    }
    match key {
        "limits" | "Limits" => Some(Section::Limits),
        "requests" | "Requests" | "reservations" => Some(Section::Requests),
        "usage" => Some(Section::Usage),
        "Capacity" | "capacity" => Some(Section::Capacity),
        "Allocatable" | "allocatable" => Some(Section::Allocatable),
        "resources" | "deploy" => Some(Section::Resources),
        _ => None,
    }
}

/// A setting of Docker: our word and its value.
fn setting(text: &str) -> Option<(&'static str, &str, Bytes)> {
    let (key, value) = pair(text)?;
    let docker =
        |value: &str| binary(&value.to_ascii_uppercase(), 1).filter(|size| size.0 >= SMALLEST && size.0 < 1 << 60);
    let name = match key {
        "mem_limit" => "limit",
        "mem_reservation" => "limit_soft",
        "memswap_limit" => "limit_with_swap",
        // `docker inspect`; zero means no limit.
        "Memory" if text.starts_with("\"Memory\"") && whole(value).is_some() => "limit",
        "MemoryReservation" if text.starts_with("\"MemoryReservation\"") && whole(value).is_some() => "limit_soft",
        "MemorySwap" if text.starts_with("\"MemorySwap\"") && whole(value).is_some() => "limit_with_swap",
        _ => return None,
    };
    docker(value).map(|size| (name, value, size))
}

/// The value of `--memory` or `-m` in `docker run`.
fn run_option(text: &str) -> Option<(&str, Bytes)> {
    static UPDATE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" update "));
    let update = || {
        UPDATE.find(text.as_bytes())?;
        ["docker update ", "podman update "].iter().find_map(|command| Some(text.split_once(command)?.1))
    };
    let mut words = container_start(text).or_else(update)?.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let value = match word {
            "-m" | "--memory" => words.next()?,
            _ => match word.strip_prefix("--memory=").or_else(|| word.strip_prefix("-m=")) {
                Some(value) => value,
                None => continue,
            },
        };
        return binary(&value.to_ascii_uppercase(), 1).filter(|size| size.0 >= SMALLEST).map(|size| (value, size));
    }
    None
}

/// The memory in `"limits":{"cpu":"1","memory":"1536Mi"}` or `limits: {memory: 1Gi}` within one line.
fn in_one_line<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let after = text.split_once(name)?.1.trim_start_matches(['"', '\'', ':', ' ']);
    let inner = after.strip_prefix('{')?.split('}').next()?;
    let value = inner.split_once("memory")?.1.trim_start_matches(['"', '\'', ':', ' ']);
    let end = value.find(['"', '\'', ',', ' ', '}']).unwrap_or(value.len());
    // Without the bracket it may be cut.
    value.get(..end).filter(|_| after.contains('}'))
}

fn claim_limits(body: &str) -> Claim {
    let in_one_line =
        || body.contains('{') && ["limits", "requests"].iter().any(|name| in_one_line(body, name).is_some());
    if setting(body).is_some() || run_option(body).is_some() || in_one_line() {
        Claim::Strong
    } else if section(body).is_some() {
        Claim::Weak
    } else {
        Claim::None
    }
}

struct Limits {
    draft: Draft,
    section: Section,
    /// True once something shows that it is of Kubernetes, false for Compose.
    of_kubernetes: Option<bool>,
    /// Amounts with a suffix that each means otherwise: name, printed, span.
    open: Vec<(&'static str, String, crate::source::Span)>,
}

fn open_limits(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    if !context.claimed {
        return None;
    }
    let body = line.body.trim();
    let docker = run_option(body).is_some() || setting(body).is_some();
    let draft = Draft::new(if docker { HostKind::Docker } else { HostKind::Kubernetes }, line);
    let mut block = Limits { draft, section: Section::Resources, of_kubernetes: None, open: Vec::new() };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Limits {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        let is_docker = self.draft.reading.kind == HostKind::Docker;
        if let Some((name, value, size)) = setting(text) {
            let taken = is_docker && !self.draft.has(name);
            if taken {
                self.draft.size(name, Some(size), line, value);
                out.keep(line);
            }
            return taken;
        }
        if is_docker {
            let first = self.draft.reading.sizes.is_empty();
            let Some((value, size)) = run_option(text).filter(|_| first) else { return false };
            self.draft.size("limit", Some(size), line, value);
            out.keep(line);
            return true;
        }
        let again = [("limits", "limit"), ("requests", "request")]
            .iter()
            .any(|(name, ours)| in_one_line(text, name).is_some() && self.draft.has(ours));
        if again {
            return false; // Of another container.
        }
        if in_one_line(text, "limits").is_some() || in_one_line(text, "requests").is_some() {
            for (name, ours) in [("limits", "limit"), ("requests", "request")] {
                if let Some(value) = in_one_line(text, name).filter(|_| !self.draft.has(ours)) {
                    self.memory(ours, value, line);
                }
            }
            // Compose counts `cpus` and knows no requests.
            let compose = text.contains("cpus").then_some(false);
            let kubernetes = (text.contains("requests") || text.contains("cpu:")).then_some(true);
            self.of_kubernetes = self.of_kubernetes.or(compose).or(kubernetes);
            self.draft.extend(line);
            return true;
        }
        if let Some(section) = section(text) {
            // A second block of the same kind is another container's.
            let again = match section {
                Section::Limits | Section::Resources => {
                    self.draft.has("limit") || self.draft.has("request") && section == Section::Resources
                }
                Section::Requests => self.draft.has("request"),
                Section::Usage => self.draft.has("usage"),
                Section::Capacity => self.draft.has("mem_total"),
                Section::Allocatable => self.draft.has("allocatable"),
            };
            if again {
                return false;
            }
            self.section = section;
            let (key, _) = pair(text).unwrap_or_default();
            match key {
                "reservations" | "deploy" => self.of_kubernetes = Some(false),
                "requests" | "Requests" | "Limits" | "Capacity" | "Allocatable" => self.of_kubernetes = Some(true),
                _ => {}
            }
            if matches!(section, Section::Capacity | Section::Allocatable) {
                self.draft.reading.kind = HostKind::KubernetesNode;
            }
            self.draft.extend(line);
            // `limits: { memory: 1Gi,` of a mapping that goes on below.
            let inside = text.split_once('{').map_or("", |(_, inside)| inside.trim());
            return inside.is_empty() || self.fields(inside, line, out);
        }
        if matches!(text, "}" | "}," | "{") {
            self.draft.extend(line);
            return true;
        }
        self.fields(text, line, out)
    }

    fn close(mut self: Box<Self>, out: &mut Readings) {
        if let Some(of_kubernetes) = self.of_kubernetes {
            if !of_kubernetes {
                self.draft.reading.kind = HostKind::Docker;
            }
            for (name, printed, span) in std::mem::take(&mut self.open) {
                let size = if of_kubernetes { mixed(&printed) } else { binary(&printed.to_ascii_uppercase(), 1) };
                if let Some(size) = size.filter(|size| size.0 >= SMALLEST) {
                    self.draft.size_at(name, size, span, &printed);
                }
            }
        }
        self.draft.push(out);
    }

    fn patience(&self) -> u32 {
        // Settings of Docker stand among others.
        if self.draft.reading.kind == HostKind::Docker { 3 } else { 0 }
    }
}

impl Limits {
    /// Reads `memory: 1Gi`, or several of its kind in a line.
    fn fields(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        text.trim_end_matches(['}', ',', ' ']).split(", ").all(|field| self.field(field, line, out))
    }

    fn field(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((key, value)) = pair(text) else { return false };
        match key {
            "memory" => {
                let name = match self.section {
                    Section::Limits => "limit",
                    Section::Requests => "request",
                    Section::Usage => "usage",
                    Section::Capacity => "mem_total",
                    Section::Allocatable => "allocatable",
                    Section::Resources => return false,
                };
                if self.draft.has(name) {
                    return false;
                }
                self.memory(name, value, line);
                out.keep(line);
            }
            "cpus" => self.of_kubernetes = Some(false),
            "cpu" => self.of_kubernetes = Some(true),
            "ephemeral-storage" | "pods" | "pids" => {}
            _ if key.starts_with("hugepages-") || key.starts_with("attachable-volumes") => {}
            _ => return false,
        }
        self.draft.extend(line);
        true
    }

    fn memory(&mut self, name: &'static str, value: &str, line: &Line<'_>) {
        if value.ends_with('i') || whole(value).is_some() {
            self.draft.size(name, mixed(value).filter(|size| size.0 >= SMALLEST), line, value);
        } else {
            // Small letters are of Compose: Kubernetes means thousandths by `m`.
            if value.ends_with(['g', 'm', 'b']) {
                self.of_kubernetes = Some(false);
            }
            self.open.push((name, value.to_owned(), line.span_of(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::model::host::HostReading;
    use crate::units::GIB;

    fn seen(text: &str) -> Vec<(String, Vec<(String, u64)>)> {
        let sizes = |row: &HostReading| row.sizes.iter().map(|(name, size)| (name.clone(), size.0)).collect();
        read(text).host.iter().map(|row| (row.kind.name().to_owned(), sizes(row))).collect()
    }

    fn one(kind: &str, sizes: &[(&str, u64)]) -> Vec<(String, Vec<(String, u64)>)> {
        vec![(kind.to_owned(), sizes.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect())]
    }

    #[test]
    fn pods_and_nodes_say_what_they_use() {
        assert_eq!(
            seen("NAME                     CPU(cores)   MEMORY(bytes)\norders-7d9f8c6b5-x2x4p   812m         1024Mi\n"),
            one("kubernetes", &[("usage", GIB)])
        );
        assert_eq!(
            seen(
                "$ kubectl top node\nNAME     CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nnode-1   350m         17%    2048Mi          79%\n"
            ),
            one("kubernetes-node", &[("mem_used", 2 * GIB)])
        );
        let found = read(
            "$ kubectl top pod -n shop --containers\nPOD       NAME   CPU(cores)   MEMORY(bytes)\norders-1  app    1m    1024Mi\n",
        );
        assert_eq!(found.host.first().and_then(|row| row.name.as_deref()), Some("orders-1/app"));
    }

    #[test]
    fn limits_of_describe_and_manifests_are_read() {
        let both = one("kubernetes", &[("limit", GIB), ("request", GIB / 2)]);
        assert_eq!(
            seen(
                "    Limits:\n      cpu:     1\n      memory:  1Gi\n    Requests:\n      cpu:        500m\n      memory:     512Mi\n    Environment:\n"
            ),
            both
        );
        assert_eq!(
            seen("  resources:\n    limits:\n      memory: \"1Gi\"\n    requests:\n      memory: 512Mi\n"),
            both
        );
        assert_eq!(
            seen(
                "\"resources\": {\n  \"limits\": {\n    \"cpu\": \"1\",\n    \"memory\": \"1Gi\"\n  },\n  \"requests\": {\n    \"memory\": \"512Mi\"\n  }\n}\n"
            ),
            both
        );
        assert_eq!(
            seen("\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"requests\":{\"memory\":\"512Mi\"}}\n"),
            both
        );
        assert_eq!(seen("    Limits:\n      memory:  1500M\n"), one("kubernetes", &[("limit", 1_500_000_000)]));
        assert_eq!(
            seen("resources:\n  limits: {cpu: \"1\", memory: 1Gi}\n  requests: {memory: 512Mi}\n"),
            both,
            "a flow mapping on each line"
        );
        assert_eq!(
            seen("  requests: {cpu: 500m, memory: 512Mi}\n  limits: {cpu: 1, memory: 1Gi}\n"),
            both,
            "in either order"
        );
        assert_eq!(
            seen(
                "    limits: {\n      cpu: \"1\",\n      memory: 1Gi\n    }\n    requests: { memory: 512Mi,\n      cpu: 1 }\n"
            ),
            both,
            "a flow mapping over several lines"
        );
        assert_eq!(
            seen("limits: {memory: 1Gi}\nlimits: {memory: 2Gi}\n"),
            [one("kubernetes", &[("limit", GIB)]), one("kubernetes", &[("limit", 2 * GIB)])].concat(),
            "two containers"
        );
    }

    #[test]
    fn metrics_of_pods_are_read() {
        let json = "  \"usage\": {\n    \"cpu\": \"0\",\n    \"memory\": \"1048576Ki\"\n  }\n";
        assert_eq!(seen(json), one("kubernetes", &[("usage", GIB)]));
        assert_eq!(seen("  usage:\n    cpu: 5m\n    memory: 1Gi\n"), one("kubernetes", &[("usage", GIB)]));
        assert_eq!(seen("Usage:\n  Both: 8 MB\nusage:\n  memory: high\n"), []);
    }

    #[test]
    fn compose_counts_by_1024_and_what_may_be_either_is_left_out() {
        assert_eq!(
            seen("    limits:\n      cpus: '0.50'\n      memory: 1024M\n    reservations:\n      memory: 512M\n"),
            one("docker", &[("limit", GIB), ("request", GIB / 2)])
        );
        assert_eq!(seen("    limits:\n      memory: 1024M\n"), []);
        assert_eq!(seen("    limits:\n      memory: 1024m\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("deploy:\n  resources:\n    limits:\n      memory: 1G\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("    mem_limit: 1g\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("$ docker run -d -m 1g --name orders orders:1\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("$ docker update --memory 1g --memory-swap 2g orders\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("            \"Memory\": 1073741824,\n"), one("docker", &[("limit", GIB)]));
        assert_eq!(seen("            \"Memory\": 0,\n"), []);
    }

    #[test]
    fn words_alone_are_no_limits() {
        assert_eq!(seen("Limits:\nthere are none\nmemory: 1Gi\nresources:\n  cpu: 1\nlimits: of the possible\n"), []);
    }
}
