//! Reads metrics of a JVM and its container as Prometheus scrapes them, from Micrometer, the Java clients of Prometheus, OpenTelemetry, and
//! cAdvisor, and what Spring Boot's actuator answers for `jvm.memory.used` and the like.
//!
//! ```text
//! jvm_memory_used_bytes{area="heap",id="G1 Old Gen",} 1.2E8
//! process_resident_memory_bytes 1.482752E9
//! container_memory_working_set_bytes{container="orders",pod="orders-7d9f8c6b5-x2x4p"} 1.5e+09 1700000000000
//! ```
//!
//! What carries the same container, pod, or instance is one reading, until one of its values comes again. The heap is the sum of
//! its pools only where all of them stand there. `-1` is no maximum. Of G1's pools the old one has the maximum of the heap. A time
//! stands behind a value or nowhere. Source: Micrometer, `JvmMemoryMetrics`; Prometheus, text-based exposition format.

use super::draft::Draft;
use super::quantity::{floating, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Micros;

pub(super) const SHAPE: Shape = Shape { tool: "metrics", claim, open };

/// Readings of one scrape.
const MAX_READINGS: usize = 200;

/// What is counted of an area or a pool: used, committed, and the most.
type Names = [&'static str; 3];

const HEAP: Names = ["heap_used", "heap_committed", "heap_max"];
const NON_HEAP: Names = ["nonheap_used", "nonheap_committed", ""];
/// Ends of the names of pools.
const POOLS: &[(&str, Names)] = &[
    ("G1 Old Gen", ["old_used", "old_committed", "heap_max"]),
    ("Old Gen", ["old_used", "old_committed", ""]),
    ("Tenured Gen", ["old_used", "old_committed", ""]),
    ("Eden Space", ["eden_used", "eden_committed", ""]),
    ("Survivor Space", ["survivor_used", "survivor_committed", ""]),
    ("ZHeap", HEAP),
    ("Shenandoah", HEAP),
    ("Metaspace", ["metaspace_used", "metaspace_committed", ""]),
    ("Compressed Class Space", ["class_used", "class_committed", ""]),
];

/// Metrics of areas and pools, by what they count.
const AREAS: [&[&str]; 3] = [
    &["jvm_memory_used_bytes", "jvm_memory_bytes_used", "jvm_memory_pool_used_bytes", "jvm_memory_pool_bytes_used"],
    &[
        "jvm_memory_committed_bytes",
        "jvm_memory_bytes_committed",
        "jvm_memory_pool_committed_bytes",
        "jvm_memory_pool_bytes_committed",
    ],
    &[
        "jvm_memory_max_bytes",
        "jvm_memory_bytes_max",
        "jvm_memory_limit_bytes",
        "jvm_memory_pool_max_bytes",
        "jvm_memory_pool_bytes_max",
    ],
];

/// Metrics with one size.
const SIZES: &[(&str, &str)] = &[
    ("process_resident_memory_bytes", "rss"),
    ("process_virtual_memory_bytes", "virtual"),
    ("container_memory_working_set_bytes", "working_set"),
    ("container_memory_usage_bytes", "usage"),
    ("container_memory_rss", "anon"),
    ("container_memory_cache", "cache"),
    ("container_memory_max_usage_bytes", "usage_peak"),
    ("container_spec_memory_limit_bytes", "limit"),
    ("kube_pod_container_resource_limits", "limit"),
];

/// Metrics about buffers, for `direct` and `mapped`.
const BUFFERS: &[(&str, [&str; 2])] = &[
    ("jvm_buffer_memory_used_bytes", ["direct_used", "mapped_used"]),
    ("jvm_buffer_pool_used_bytes", ["direct_used", "mapped_used"]),
    ("jvm_buffer_total_capacity_bytes", ["direct_capacity", "mapped_capacity"]),
    ("jvm_buffer_pool_capacity_bytes", ["direct_capacity", "mapped_capacity"]),
];

/// One line: a metric, its labels, its value, and its time.
struct Sample<'a> {
    metric: &'a str,
    labels: &'a str,
    value: &'a str,
    time: Option<Micros>,
}

fn sample(body: &str) -> Option<Sample<'_>> {
    let end = body.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')).count();
    let (metric, rest) = body.split_at_checked(end)?;
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => rest.rsplit_once('}')?,
        None => ("", rest),
    };
    let mut words = rest.strip_prefix([' ', '\t'])?.split_ascii_whitespace();
    let value = words.next().filter(|value| value.parse::<f64>().is_ok())?;
    let time = words.next().filter(|millis| millis.len() == 13).and_then(whole);
    let time = time.and_then(|millis| i64::try_from(millis.checked_mul(1000)?).ok()).map(Micros);
    (!metric.is_empty() && words.next().is_none()).then_some(Sample { metric, labels, value, time })
}

impl Sample<'_> {
    /// The value of the first of these labels that is there.
    fn label(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let starts =
                |at: usize| at == 0 || self.labels.get(..at).is_some_and(|before| before.ends_with([',', ' ']));
            let (at, _) = self.labels.match_indices(name).find(|(at, _)| {
                let rest = self.labels.get(at.saturating_add(name.len())..);
                starts(*at) && rest.is_some_and(|rest| rest.starts_with("=\""))
            })?;
            self.labels.get(at.saturating_add(name.len()).saturating_add(2)..)?.split('"').next()
        })
    }

    /// Our word for what is counted. Empty: known, but not kept.
    fn name(&self) -> Option<&'static str> {
        if let Some(at) = AREAS.iter().position(|metrics| metrics.contains(&self.metric)) {
            let area = self.label(&["area", "jvm_memory_type"]);
            let names = match (self.label(&["id", "pool", "jvm_memory_pool_name"]), area) {
                (Some(pool), _) => POOLS.iter().find(|(end, _)| pool.ends_with(end)).map(|(_, names)| names),
                (None, Some("heap")) => Some(&HEAP),
                (None, Some("nonheap" | "non_heap")) => Some(&NON_HEAP),
                (None, _) => None,
            };
            return Some(names.and_then(|names| names.get(at)).copied().unwrap_or_default());
        }
        if let Some((_, [direct, mapped])) = BUFFERS.iter().find(|(metric, _)| *metric == self.metric) {
            return Some(match self.label(&["id", "pool", "jvm_buffer_pool_name"]) {
                Some("direct") => direct,
                Some("mapped") => mapped,
                _ => "",
            });
        }
        let (_, name) = SIZES.iter().find(|(metric, _)| *metric == self.metric)?;
        let other = self.metric.starts_with("kube_") && self.label(&["resource"]) != Some("memory");
        // cAdvisor counts the machine, pods, and what holds their network, beside their containers.
        let group = self.metric.starts_with("container_")
            && (self.owner().is_none() || matches!(self.label(&["container", "container_name"]), Some("" | "POD")));
        Some(if other || group { "" } else { name })
    }

    /// The container, with its pod, else what else tells one scraped process from another.
    fn owner(&self) -> Option<String> {
        match (self.label(&["pod", "pod_name"]), self.label(&["container", "container_name"])) {
            (Some(pod), Some(container)) => Some(format!("{pod}/{container}")),
            (pod, container) => {
                pod.or(container).or_else(|| self.label(&["name", "instance", "application"])).map(str::to_owned)
            }
        }
    }
}

/// `{"name":"jvm.memory.used",…,"measurements":[{"statistic":"VALUE","value":1.2E8}],"availableTags":[…]}`: our word, and
/// the value.
fn actuator(body: &str) -> Option<(&'static str, &str)> {
    let (metric, rest) = body.strip_prefix("{\"name\":\"")?.split_once('"')?;
    let (_, rest) = rest.split_once("\"statistic\":\"VALUE\",\"value\":")?;
    let (value, tags) = rest.split_once('}')?;
    let at = match metric {
        "jvm.memory.used" => 0,
        "jvm.memory.committed" => 1,
        "jvm.memory.max" => 2,
        _ => return None,
    };
    // Asked for one area, it lists no areas, but the pools of that one.
    let has = |word: &str| tags.contains(word);
    let name = match (has("\"area\""), has("Survivor Space\""), has("\"Metaspace\"")) {
        (false, true, false) => HEAP.get(at).copied().filter(|_| has("Eden Space\"") && at < 2),
        (false, false, true) => NON_HEAP.get(at).copied().filter(|_| has("\"Compressed Class Space\"")),
        _ => None,
    };
    Some((name.unwrap_or_default(), value))
}

fn claim(body: &str) -> Claim {
    let ours = match body.as_bytes().first() {
        Some(b'j') if body.starts_with("jvm_") => sample(body).is_some_and(|sample| sample.name().is_some()),
        Some(b'p') if body.starts_with("process_") => sample(body).is_some_and(|sample| sample.name().is_some()),
        Some(b'c') if body.starts_with("container_") => sample(body).is_some_and(|sample| sample.name().is_some()),
        Some(b'k') if body.starts_with("kube_pod_") => sample(body).is_some_and(|sample| sample.name().is_some()),
        Some(b'{') => actuator(body).is_some(),
        _ => false,
    };
    if ours { Claim::Strong } else { Claim::None }
}

#[derive(Default)]
struct Scrape {
    readings: Vec<(Option<String>, Draft)>,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let mut block = Scrape::default();
    (context.claimed && block.take(line, out)).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Scrape {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if body.starts_with("# HELP ") || body.starts_with("# TYPE ") || body.starts_with("# UNIT ") || body == "# EOF"
        {
            return true;
        }
        if let Some((name, value)) = actuator(body) {
            self.put(None, name, value, None, line);
        } else {
            let Some(sample) = sample(body) else { return false };
            let Some(name) = sample.name() else {
                // The other metrics of a scrape.
                return sample.metric.contains('_');
            };
            self.put(sample.owner(), name, sample.value, sample.time, line);
        }
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        for (_, mut draft) in self.readings {
            for [sum, eden, survivor, old] in [
                ["heap_used", "eden_used", "survivor_used", "old_used"],
                ["heap_committed", "eden_committed", "survivor_committed", "old_committed"],
            ] {
                let sizes = &draft.reading.sizes;
                let parts = [eden, survivor, old].map(|part| sizes.get(part).copied());
                if let ([Some(eden), Some(survivor), Some(size)], Some(at), false) =
                    (parts, draft.reading.at.get(old), draft.is_cut())
                    && !sizes.contains_key(sum)
                {
                    draft.size_at(sum, eden.plus(survivor).plus(size), at, "");
                }
            }
            draft.push(out);
        }
    }
}

impl Scrape {
    fn put(&mut self, owner: Option<String>, name: &'static str, value: &str, time: Option<Micros>, line: &Line<'_>) {
        let Some(size) = floating(value).filter(|size| !name.is_empty() && (name != "limit" || size.0 > 0)) else {
            return;
        };
        let known = self.readings.iter_mut().rev().find(|(known, _)| *known == owner);
        if let Some((_, draft)) = known.filter(|(_, draft)| !draft.has(name)) {
            draft.size(name, Some(size), line, value);
            return;
        }
        if self.readings.len() >= MAX_READINGS {
            return;
        }
        let mut draft = Draft::new(HostKind::Metrics, line);
        draft.reading.time = time.or(draft.reading.time);
        draft.reading.name = owner.clone();
        draft.size(name, Some(size), line, value);
        self.readings.push((owner, draft));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};

    fn mib(text: &str, names: &[&str]) -> Vec<Option<u64>> {
        let reading = first(text, "metrics");
        names.iter().map(|name| reading.sizes.get(*name).map(|size| size.0 >> 20)).collect()
    }

    const MICROMETER: &str = "# HELP jvm_memory_used_bytes The amount of used memory\n# TYPE jvm_memory_used_bytes gauge\njvm_memory_used_bytes{area=\"heap\",id=\"G1 Survivor Space\",} 1048576.0\njvm_memory_used_bytes{area=\"heap\",id=\"G1 Old Gen\",} 1.048576E8\njvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\",} 5.24288E7\njvm_memory_used_bytes{area=\"nonheap\",id=\"CodeCache\",} 1.24288E7\njvm_memory_used_bytes{area=\"heap\",id=\"G1 Eden Space\",} 2.097152E7\njvm_memory_max_bytes{area=\"heap\",id=\"G1 Survivor Space\",} -1.0\njvm_memory_max_bytes{area=\"heap\",id=\"G1 Old Gen\",} 1.073741824E9\njvm_gc_pause_seconds_sum{action=\"end of minor GC\",cause=\"G1 Evacuation Pause\",} 1.234\njvm_buffer_memory_used_bytes{id=\"direct\",} 8388608.0\nprocess_resident_memory_bytes 1.5728640E8\n";

    #[test]
    fn the_heap_is_the_sum_of_all_its_pools() {
        let names = ["heap_used", "heap_max", "old_used", "metaspace_used", "direct_used", "rss"];
        assert_eq!(mib(MICROMETER, &names), [121, 1024, 100, 50, 8, 150].map(Some));
        assert_eq!(read(MICROMETER).host.len(), 1);
        let grepped: String =
            MICROMETER.lines().filter(|line| !line.contains("Eden")).map(|line| format!("{line}\n")).collect();
        assert_eq!(mib(&grepped, &["heap_used", "old_used"]), [None, Some(100)]);
    }

    #[test]
    fn other_clients_name_areas_without_pools() {
        let text = "jvm_memory_bytes_used{area=\"heap\",} 1.048576E8\njvm_memory_bytes_max{area=\"heap\",} 1.073741824E9\njvm_memory_bytes_max{area=\"nonheap\",} -1.0\njvm_memory_pool_bytes_used{pool=\"PS Old Gen\",} 5.24288E7\n";
        assert_eq!(
            mib(text, &["heap_used", "heap_max", "old_used", "nonheap_used"]),
            [Some(100), Some(1024), Some(50), None]
        );
    }

    #[test]
    fn containers_are_told_by_their_labels() {
        let text = "container_memory_working_set_bytes{container=\"\",pod=\"orders-1\"} 3.145728e+06 1700000000000\ncontainer_memory_working_set_bytes{container=\"app\",pod=\"orders-1\"} 2.097152e+06 1700000000000\ncontainer_memory_working_set_bytes{container=\"app\",pod=\"orders-2\"} 1.048576e+06 1700000000000\ncontainer_spec_memory_limit_bytes{container=\"app\",pod=\"orders-2\"} 0\nkube_pod_container_resource_limits{container=\"app\",pod=\"orders-1\",resource=\"cpu\"} 2\nkube_pod_container_resource_limits{container=\"app\",pod=\"orders-1\",resource=\"memory\"} 4.194304e+06\n";
        let out = read(text);
        let seen: Vec<_> = out
            .host
            .iter()
            .map(|row| {
                (
                    row.name.as_deref(),
                    row.sizes.get("working_set").map(|size| size.0 >> 20),
                    row.sizes.get("limit").map(|size| size.0 >> 20),
                )
            })
            .collect();
        assert_eq!(seen, [(Some("orders-1/app"), Some(2), Some(4)), (Some("orders-2/app"), Some(1), None)]);
        assert!(out.host.iter().all(|row| row.time.is_some_and(|time| time.0 == 1_700_000_000_000_000)));
    }

    #[test]
    fn answers_of_the_actuator_tell_their_area_by_its_pools() {
        let answer = |tags: &str| {
            format!(
                "{{\"name\":\"jvm.memory.used\",\"description\":\"The amount of used memory\",\"baseUnit\":\"bytes\",\"measurements\":[{{\"statistic\":\"VALUE\",\"value\":1.048576E8}}],\"availableTags\":[{tags}]}}\n"
            )
        };
        assert_eq!(
            mib(
                &answer("{\"tag\":\"id\",\"values\":[\"G1 Survivor Space\",\"G1 Old Gen\",\"G1 Eden Space\"]}"),
                &["heap_used"]
            ),
            [Some(100)]
        );
        assert_eq!(read(&answer("{\"tag\":\"area\",\"values\":[\"heap\",\"nonheap\"]},{\"tag\":\"id\",\"values\":[\"G1 Survivor Space\",\"Metaspace\",\"G1 Eden Space\"]}")).host, []);
        assert_eq!(read("jvm_memory_used_bytes is 12\ncontainer_memory_rss 1.5\n").host, []);
    }
}
