//! Reads what Flink says of the memory of its processes when it starts them.
//!
//! ```text
//! INFO  [] - Final TaskExecutor Memory configuration:
//! INFO  [] -   Total Process Memory:          4.000gb (4294967296 bytes)
//! INFO  [] -       Total JVM Heap Memory:     1.550gb (1664299824 bytes)
//! INFO  [] -     JVM Metaspace:               256.000mb (268435456 bytes)
//! ```
//!
//! The whole process is what its container is asked for; of the rest it makes options. Source: Flink, `ProcessMemoryUtils`,
//! `TaskExecutorProcessUtils`, `JobManagerProcessUtils`.

use super::draft::Draft;
use super::quantity::whole;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "flink", claim, open };

/// Labels, and our names of what is read.
const ROWS: [(&str, &str); 15] = [
    ("Total Process Memory", "limit"),
    ("Total JVM Heap Memory", "heap_max"),
    ("JVM Heap", "heap_max"),
    ("Total JVM Direct Memory", "direct_max"),
    ("Off-heap", "direct_max"),
    ("JVM Metaspace", "metaspace_max"),
    ("Total Flink Memory", ""),
    ("Total Off-heap Memory", ""),
    ("Total JVM Off-heap Memory", ""),
    ("Framework", ""),
    ("Framework Heap Memory", ""),
    ("Task", ""),
    ("Managed", ""),
    ("Network", ""),
    ("JVM Overhead", ""),
];

/// `Final TaskExecutor Memory configuration:`: whose it is.
fn heading(body: &str) -> Option<&str> {
    let (before, _) =
        body.trim_end().split_at_checked(body.trim_end().len().checked_sub(" Memory configuration:".len())?)?;
    (body.contains(" Memory configuration:") && before.contains("Final ")).then(|| before.rsplit(' ').next())?
}

/// Our name of a row, and its bytes: `… -   Total Process Memory:          4.000gb (4294967296 bytes)`.
fn row(body: &str) -> Option<(&'static str, &str)> {
    let (label, printed) = body.trim_end().strip_suffix([')', 's'])?.rsplit_once(':')?;
    let label = label.rsplit(" - ").next().unwrap_or(label).trim();
    let (_, name) = ROWS.iter().find(|(known, _)| *known == label)?;
    let bytes = printed.rsplit_once('(').map_or(printed, |(_, bytes)| bytes);
    Some((name, bytes.trim().trim_end_matches('s').strip_suffix(" byte")?))
}

/// `The derived from fraction jvm overhead memory (172.800mb (181193935 bytes)) is less than its min value 192.000mb (201326592 bytes), min value
/// will be used instead`: no more than a remark.
fn is_remark(body: &str) -> bool {
    body.trim_end().ends_with(" value will be used instead") && body.contains("The derived from fraction ")
}

fn claim(body: &str) -> Claim {
    let end = body.trim_end();
    let is_own = end.ends_with(" Memory configuration:") && heading(body).is_some()
        || end.ends_with(" bytes)") && row(body).is_some_and(|(name, _)| !name.is_empty())
        || is_remark(end);
    if is_own { Claim::Strong } else { Claim::None }
}

struct Configuration {
    draft: Draft,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    let mut configuration = Configuration { draft: Draft::new(HostKind::Options, line) };
    if let Some(of) = heading(line.body) {
        configuration.draft.name(line, of);
    } else if !configuration.take(line, out) {
        return None;
    }
    Some(Box::new(configuration))
}

impl Block for Configuration {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if is_remark(line.body) {
            return true;
        }
        let Some((name, bytes)) = row(line.body) else { return false };
        if name.is_empty() {
            self.draft.extend(line);
        } else if self.draft.has(name) {
            return false;
        } else {
            out.keep(line);
            self.draft.size(name, whole(bytes).map(Bytes), line, bytes);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }

    fn patience(&self) -> u32 {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};

    #[test]
    fn a_process_tells_what_it_is_made_of() {
        let text = "2026-03-02 10:00:01,123 INFO  o.a.f.T [] - The derived from fraction jvm overhead memory (172.800mb (181193935 bytes)) is less than its min value 192.000mb (201326592 bytes), min value will be used instead\n\
            INFO  [] - Final TaskExecutor Memory configuration:\nINFO  [] -   Total Process Memory:          4.000gb (4294967296 bytes)\n\
            INFO  [] -       Total JVM Heap Memory:     1.550gb (1664299824 bytes)\nINFO  [] -         Task:                    0 bytes\n\
            INFO  [] -     JVM Metaspace:               256.000mb (268435456 bytes)\n";
        let of = first(text, "options");
        let size = |name: &str| of.sizes.get(name).map(|size| size.0);
        assert_eq!((of.name.as_deref(), size("heap_max")), (Some("TaskExecutor"), Some(1_664_299_824)));
        assert_eq!((size("limit"), size("metaspace_max")), (Some(4 << 30), Some(256 << 20)));
        assert_eq!(read("The Total Process Memory: it is 4 gb (many bytes)\n").host, []);
    }
}
