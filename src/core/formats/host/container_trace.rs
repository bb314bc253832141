//! Reads what a JVM says of its container with `-Xlog:os+container=trace` (JDK 11 and newer) or `=debug`.
//!
//! ```text
//! [0.001s][trace][os,container] Memory Limit is: 536870912
//! [0.043s][trace][os,container] Memory Usage is: 381235200
//! [0.001s][trace][os,container] Memory Limit is: Unlimited
//! ```
//!
//! A JVM that does not find its container says so: `controller memory is not enabled`, `One or more required controllers disabled at
//! kernel level.` (kernels without control groups v1, since 6.12 many), `System not containerized.`
//!
//! And what `java -XshowSettings:system` prints: `Operating System Metrics:`, then `    Memory Limit: 1.00G`.
//!
//! Bytes. The largest number of pages of control groups v1 and `-1` are no limit. Source: OpenJDK, `cgroupSubsystem_linux.cpp`,
//! `LauncherHelper.java`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::draft::Draft;
use super::quantity::binary;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "container-trace", claim, open };

/// What is above it stands for "no limit".
const UNLIMITED: u64 = 1 << 60;

const KEYS: [(&str, &str); 4] = [
    ("Memory Limit is: ", "limit"),
    ("Memory Usage is: ", "usage"),
    ("Maximum Memory Usage is: ", "usage_peak"),
    ("Memory and Swap Limit is: ", "limit_with_swap"),
];

/// The heading of the launcher's table.
const SETTINGS: &str = "Operating System Metrics:";

/// What a JVM says that does not find the memory controller, and so no limit either.
const NOT_FOUND: [&str; 3] = [
    "controller memory is not enabled",
    "One or more required controllers disabled at kernel level",
    "required memory controller",
];
/// The launcher's words for the same.
const NO_CONTAINER: &str = "System not containerized.";

/// True if the JVM says that it does not find the memory controller.
fn is_not_found(body: &str) -> bool {
    body.trim() == NO_CONTAINER
        || message(body).is_some_and(|message| NOT_FOUND.iter().any(|words| message.starts_with(words)))
}

fn claim(body: &str) -> Claim {
    if is_not_found(body) || value(body).is_some() || body.trim_end() == SETTINGS { Claim::Strong } else { Claim::None }
}

/// The message behind the decorations.
fn message(body: &str) -> Option<&str> {
    static TAGS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("[os,container"));
    let at = TAGS.find(body.as_bytes())?;
    Some(body.get(at..)?.split_once(']')?.1.trim_start())
}

/// Our name of a value, and the value as printed.
fn value(body: &str) -> Option<(&'static str, &str)> {
    let message = message(body)?;
    let (printed, name) = KEYS.iter().find_map(|(key, name)| Some((message.strip_prefix(key)?, *name)))?;
    let printed = printed.trim_end();
    (printed == "Unlimited" || printed.parse::<i64>().is_ok()).then_some((name, printed))
}

/// A row of the launcher's table: our name of a value, and the value. `None` for a row of something else.
fn setting(body: &str) -> Option<(&'static str, &str)> {
    let (key, printed) = body.trim().split_once(": ")?;
    let name = match key {
        "Memory Limit" => "limit",
        "Memory & Swap Limit" => "limit_with_swap",
        "Memory Soft Limit" => "limit_soft",
        "Provider"
        | "Effective CPU Count"
        | "CPU Period"
        | "CPU Quota"
        | "CPU Shares"
        | "Kernel Memory Limit"
        | "TCP Memory Limit"
        | "Maximum Processes Limit"
        | "Out Of Memory Killer Enabled" => "",
        _ => return None,
    };
    Some((name, printed.trim()))
}

struct Trace {
    draft: Draft,
    /// Inside the launcher's table.
    in_settings: bool,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    let mut trace = Trace { draft: Draft::new(HostKind::Cgroup, line), in_settings: false };
    trace.take(line, out).then(|| Box::new(trace) as Box<dyn Block>)
}

impl Block for Trace {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if line.body.trim() == SETTINGS {
            return !std::mem::replace(&mut self.in_settings, true);
        }
        if self.in_settings {
            let Some((name, printed)) = setting(line.body) else {
                let is_not_found = is_not_found(line.body) && !self.draft.has("memory_controller");
                if is_not_found {
                    self.draft.count("memory_controller", Some(0), line, line.body.trim());
                    out.keep(line);
                }
                return is_not_found;
            };
            // Nothing runs without memory: `0.00K` is no limit that was set.
            let size = binary(printed, 1).filter(|size| size.0 > 0);
            match size {
                Some(size) if !name.is_empty() => self.draft.size(name, Some(size), line, printed),
                None if name == "limit" && printed == "Unlimited" => self.draft.word("limit", "none", line, printed),
                _ => self.draft.extend(line),
            }
            out.keep(line);
            return true;
        }
        if is_not_found(line.body) {
            // It says why, and then the same again.
            if self.draft.has("memory_controller") {
                self.draft.extend(line);
            } else {
                self.draft.count("memory_controller", Some(0), line, line.body.trim());
            }
            out.keep(line);
            return true;
        }
        let Some((name, printed)) = value(line.body) else {
            // The rest of what it says tells of files.
            return message(line.body).is_some();
        };
        // It says the same again for every part that asks.
        if self.draft.has(name) {
            self.draft.extend(line);
            return true;
        }
        let bytes = printed.parse::<u64>().ok().filter(|bytes| *bytes < UNLIMITED);
        match bytes {
            Some(bytes) => self.draft.size(name, Some(Bytes(bytes)), line, printed),
            None if name == "limit" => self.draft.word("limit", "none", line, printed),
            None => {}
        }
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        if !self.draft.is_empty() {
            self.draft.push(out);
        }
    }

    fn patience(&self) -> u32 {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::first;
    use super::*;

    #[test]
    fn a_jvm_that_does_not_find_its_container_says_so() {
        let debug = "[0.001s][debug][os,container] controller memory is not enabled\n\
                     [0.001s][debug][os,container] One or more required controllers disabled at kernel level.\n";
        let read = first(debug, "cgroup");
        assert_eq!((read.counts.get("memory_controller"), read.last_line), (Some(&0), 2));
        assert_eq!(
            first("Operating System Metrics:\n    System not containerized.\n", "cgroup")
                .counts
                .get("memory_controller"),
            Some(&0)
        );
    }

    #[test]
    fn the_jvm_tells_the_limit_of_its_container() {
        let text = "[0.001s][trace][os,container] OSContainer::init: Initializing Container Support\n\
                    [0.001s][trace][os,container] Path to /memory.limit_in_bytes is /sys/fs/cgroup/memory/memory.limit_in_bytes\n\
                    [0.001s][trace][os,container] Memory Limit is: 536870912\n\
                    [0.043s][trace][os,container] Memory Usage is: 381235200\n";
        let reading = first(text, "cgroup");
        assert_eq!(
            (reading.sizes.get("limit"), reading.sizes.get("usage")),
            (Some(&Bytes(512 << 20)), Some(&Bytes(381_235_200)))
        );
        let shown = first(
            "Operating System Metrics:\n    Provider: cgroupv2\n    Effective CPU Count: 2\n    CPU Shares: N/A\n    Memory Limit: 1.00G\n    Memory Soft Limit: 0.00K\n",
            "cgroup",
        );
        assert_eq!((shown.sizes.get("limit"), shown.sizes.get("limit_soft")), (Some(&Bytes(1 << 30)), None));
        let none = first("[0.001s][trace][os,container] Memory Limit is: 9223372036854771712\n", "cgroup");
        assert_eq!((none.sizes.get("limit"), none.words.get("limit").map(String::as_str)), (None, Some("none")));
    }
}
