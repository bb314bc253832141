//! Reads what stands around a JVM: the machine (`free`, `/proc/meminfo`, `top`, `vmstat`), the process
//! (`/proc/PID/status`, `smaps_rollup`, `pmap`, `ps`), and the container (cgroup files, `docker stats`, Kubernetes,
//! Compose, units of systemd).
//!
//! ```text
//! $ free -m
//!                total        used        free      shared  buff/cache   available
//! Mem:           24103        1531       12191          12       10718       22571
//! ```
//!
//! One file per program. Each tells its lines by their own words and never by numbers alone; a number that means
//! something only behind a command (`cat memory.max`) is read only behind that command. Sizes become bytes. What has no
//! unit on the page gets the one that the command's options say. Names of values: [`crate::model::host`].

mod answers;
mod cgroup;
mod columns;
mod command;
mod container_trace;
mod docker_stats;
mod figures;
mod flink;
mod free;
mod kubernetes;
mod limits;
mod meminfo;
mod metrics;
mod pmap;
mod proc_status;
mod process;
mod ps;
mod recording;
mod sar;
mod series;
mod smaps;
mod systemd;
mod task;
mod thread_dump;
mod top;
mod vmstat;
mod yarn;

use super::{draft, quantity};
use crate::formats::apart;
use crate::formats::{Claim, Format, Reader};
use crate::model::readings::Readings;
use crate::source::Line;
use crate::warning::WarningKind;
use command::Command;

/// Figures of machines, containers, and processes.
pub static FORMAT: Format = Format { id: "host", claim, reader: || Box::new(HostReader::default()) };

/// One program's way to print.
struct Shape {
    /// The command that prints it.
    tool: &'static str,
    /// How surely a line, without the blanks before it, starts a block of this shape.
    claim: fn(&str) -> Claim,
    /// Starts a block with a line that was claimed, or that follows the shape's own command.
    open: fn(&Line<'_>, &Context<'_>, &mut Readings) -> Option<Box<dyn Block>>,
}

static SHAPES: &[Shape] = &[
    limits::SHAPE,
    cgroup::SHAPE,
    free::SHAPE,
    meminfo::SHAPE,
    proc_status::SHAPE,
    smaps::SHAPE,
    top::SHAPE,
    ps::SHAPE,
    yarn::SHAPE,
    pmap::SHAPE,
    vmstat::SHAPE,
    sar::SHAPE,
    columns::SHAPE,
    docker_stats::SHAPE,
    figures::SHAPE,
    metrics::SHAPE,
    kubernetes::TOP,
    task::ECS,
    task::NOMAD,
    kubernetes::LIMITS,
    systemd::SHAPE,
    container_trace::SHAPE,
    answers::SHAPE,
    thread_dump::SHAPE,
    flink::SHAPE,
    recording::SHAPE,
];

/// What is known when a block starts.
struct Context<'a> {
    commands: &'a [Command],
    /// True if the line was claimed, false if it only follows a command.
    claimed: bool,
}

impl Context<'_> {
    /// The command with this name that stands before, if any.
    fn command(&self, tool: &str) -> Option<&Command> {
        self.commands.iter().find(|command| command.tool == tool)
    }
}

/// A block that is being read.
trait Block {
    /// Takes a line that surely belongs to the block.
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool;

    /// Goes on with what these commands print. `false` if that is something else.
    fn adopt(&mut self, _commands: &[Command]) -> bool {
        false
    }

    /// Hands over what was read.
    fn close(self: Box<Self>, out: &mut Readings);

    /// Lines of others that may stand between two of its own.
    fn patience(&self) -> u32 {
        0
    }
}

fn claim(line: &Line<'_>) -> Claim {
    let body = line.body.trim_start();
    let shape = SHAPES.iter().map(|shape| (shape.claim)(body)).max().unwrap_or_default();
    if shape == Claim::Strong || command::read_commands(line).is_empty() { shape } else { Claim::Strong }
}

#[derive(Default)]
struct HostReader {
    commands: Vec<Command>,
    /// Lines since the command that nobody here took.
    since_command: u32,
    block: Option<Box<dyn Block>>,
    /// Lines of others since the block's last own.
    foreign: u32,
    full: bool,
}

impl Reader for HostReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if body.is_empty() {
            return self.block.is_some();
        }
        if let Some(block) = &mut self.block {
            if block.take(line, out) {
                self.foreign = 0;
                return true;
            }
            self.foreign = self.foreign.saturating_add(1);
            let prompt = command::is_prompt(body);
            if self.foreign > block.patience() || (prompt && command::read_commands(line).is_empty()) {
                self.close(out);
            }
        }
        if self.commands.is_empty() {
            return false;
        }
        if claim(line) != Claim::None {
            return false;
        }
        if command::is_prompt(body) || self.since_command >= apart::TO_ANSWER {
            self.commands.clear();
            return false;
        }
        if self.block.is_none() && self.start(line, false, out) {
            return true;
        }
        // A table may come again and again, but not behind lines of others.
        self.commands.retain(|command| !command.answered);
        self.since_command = self.since_command.saturating_add(1);
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let commands = command::read_commands(line);
        if !commands.is_empty() {
            if self.block.as_mut().is_some_and(|block| !block.adopt(&commands)) {
                self.close(out);
            }
            out.keep(line);
            self.commands = commands;
            self.since_command = 0;
            return true;
        }
        self.start(line, true, out)
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
    }
}

impl HostReader {
    /// Starts the first block whose shape takes the line.
    fn start(&mut self, line: &Line<'_>, claimed: bool, out: &mut Readings) -> bool {
        let body = line.body.trim_start();
        let context = Context { commands: &self.commands, claimed };
        for shape in SHAPES {
            let wanted = !claimed || (shape.claim)(body) != Claim::None;
            if let Some(block) = wanted.then(|| (shape.open)(line, &context, out)).flatten() {
                self.close(out);
                self.block = Some(block);
                self.foreign = 0;
                self.since_command = 0;
                for command in &mut self.commands {
                    command.answered |= command.tool == shape.tool && shape.tool != "cat";
                }
                if out.host.len() >= draft::MAX_READINGS && !self.full {
                    self.full = true;
                    out.warn_line(line, WarningKind::LimitReached { what: "host".to_owned() });
                }
                return true;
            }
        }
        false
    }

    fn close(&mut self, out: &mut Readings) {
        if let Some(block) = self.block.take() {
            block.close(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::host::HostReading;
    use crate::source::Around;

    /// Reads a text as the only source.
    pub(super) fn read(text: &str) -> Readings {
        let mut reader = HostReader::default();
        let mut out = Readings::default();
        let around = Around::of(text);
        for (number, raw) in (1..).zip(text.lines()) {
            let line = Line { number, around: &around, ..Line::of(raw) };
            let _ = reader.resume(&line, &mut out) || (claim(&line) != Claim::None && reader.open(&line, &mut out));
        }
        reader.finish(&mut out);
        out
    }

    /// The first reading of a kind.
    pub(super) fn first(text: &str, kind: &str) -> HostReading {
        read(text).host.into_iter().find(|reading| reading.kind.name() == kind).unwrap_or_default()
    }

    #[test]
    fn prose_with_words_of_tools_gives_no_figures() {
        let prose = "Mem: 5\nSwap: none\nfree memory was 12 MB\nThe limit: 512\nmemory: 1Gi\nName: java\nThreads: 12\ntop 10 processes\n\
                     total used free\nusage 3 / 4\n512\nmax\nanon 12\ntotal 12K\nRss: 12 kB\n";
        assert_eq!(read(prose).host, []);
    }
}
