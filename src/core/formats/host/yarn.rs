//! Reads the processes of a container that YARN ended.
//!
//! ```text
//! |- PID PPID PGRPID SESSID CMD_NAME USER_MODE_TIME(MILLIS) SYSTEM_TIME(MILLIS) VMEM_USAGE(BYTES) RSSMEM_USAGE(PAGES) FULL_CMD_LINE
//! |- 2483 2477 2477 2477 (java) 5021 548 1711837184 274360 /usr/java/latest/bin/java -Xmx1000M com.example.Worker
//! ```
//!
//! Resident memory is in pages of the node, whose size is not printed: 4096 bytes are assumed. Source: Hadoop,
//! `ProcfsBasedProcessTree`.

use super::draft::Draft;
use super::process::{Processes, cells, command};
use super::quantity::whole;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::formats::jvm_options::is_jvm;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "yarn", claim, open };

const PAGE_SIZE: u64 = 4096;

fn claim(body: &str) -> Claim {
    let is_header = body.starts_with("|- PID PPID") && body.contains("RSSMEM_USAGE(PAGES)");
    if is_header || body.starts_with("Dump of the process-tree for ") { Claim::Strong } else { Claim::None }
}

fn open(line: &Line<'_>, _: &Context<'_>, _: &mut Readings) -> Option<Box<dyn Block>> {
    (claim(line.body.trim()) == Claim::Strong)
        .then(|| Box::new(Tree { processes: Processes::default(), any: false, inside: None }) as Box<dyn Block>)
}

struct Tree {
    processes: Processes,
    any: bool,
    /// The JVM that a shell of the tree starts, which may be listed or not.
    inside: Option<Draft>,
}

/// What a shell was told to run, where that is a JVM: `/bin/bash -c /usr/bin/java -Xmx1g Worker 1>/log`.
fn inside_shell(text: &str) -> Option<&str> {
    let (shell, command) = text.split_once(" -c ")?;
    let is_shell = shell.rsplit('/').next().is_some_and(|name| matches!(name, "bash" | "sh" | "dash" | "ksh"));
    let words = command.trim_start_matches(['"', '\'', ' ']);
    let start = words.split(' ').find(|word| !word.contains('=') && *word != "exec")?;
    let at = (start.as_ptr() as usize).checked_sub(words.as_ptr() as usize)?;
    words.get(at..).filter(|_| is_shell && is_jvm(start))
}

impl Block for Tree {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(row) = line.body.trim().strip_prefix("|- ").and_then(|row| cells(row, 10)) else { return false };
        let [pid, _, _, _, _, _, _, vmem, pages, text] = row.as_slice() else { return false };
        let mut draft = Draft::new(HostKind::Ps, line);
        draft.pid(line, pid);
        if draft.reading.pid.is_none() {
            return false;
        }
        draft.size("virtual", whole(vmem).map(Bytes), line, vmem);
        draft.size("rss", whole(pages).and_then(|pages| pages.checked_mul(PAGE_SIZE)).map(Bytes), line, pages);
        command(&mut draft, text, line);
        if self.inside.is_none()
            && let Some(java) = inside_shell(text)
        {
            let mut inside = Draft::new(HostKind::Options, line);
            command(&mut inside, java, line);
            self.inside = Some(inside);
        }
        out.keep(line);
        if !std::mem::replace(&mut self.any, true) {
            out.warn_line(line, WarningKind::PageSizeAssumed { page_size: PAGE_SIZE });
        }
        self.processes.add(draft);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        if let Some(inside) = self.inside.filter(|_| !self.processes.has_jvm()) {
            inside.push(out);
        }
        self.processes.push(out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn pages_are_taken_for_4_kib_with_a_warning() {
        let text = "\t|- PID PPID PGRPID SESSID CMD_NAME USER_MODE_TIME(MILLIS) SYSTEM_TIME(MILLIS) VMEM_USAGE(BYTES) RSSMEM_USAGE(PAGES) FULL_CMD_LINE\n\t|- 2483 2477 2477 2477 (java) 5021 548 1711837184 274360 /usr/bin/java -Xmx1000M -Dlog.file=/a Worker \n\t|- 2477 2456 2477 2477 (bash) 1 1 108650496 306 /bin/bash -c /usr/bin/java -Xmx1000M Worker 1>/a\n";
        let out = read(text);
        let rows: Vec<_> =
            out.host.iter().map(|row| (row.pid, row.sizes.get("rss").copied(), row.flags.len())).collect();
        assert_eq!(rows, [(Some(2483), Some(Bytes(274_360 * 4096)), 1), (Some(2477), Some(Bytes(306 * 4096)), 0)]);
        assert_eq!(out.warnings.len(), 1);
        // Where the row of the JVM is missing, its shell tells its options.
        let shell = text.lines().filter(|line| !line.contains("(java)")).collect::<Vec<_>>().join("\n");
        let out = read(&format!("{shell}\n"));
        let inside = out.host.iter().find(|row| row.kind == HostKind::Options).cloned().unwrap_or_default();
        assert_eq!((inside.flags, inside.pid), (vec!["-Xmx1000M".to_owned()], None));
    }
}
