//! Reads a thread dump (`jstack`, `jcmd Thread.print`, `kill -3`): how many threads there are, and of which name most.
//!
//! ```text
//! Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing):
//!
//! "main" #1 prio=5 os_prio=0 cpu=529.54ms elapsed=36.64s tid=0x00007fa3d801aa90 nid=0x4d46 waiting on condition  [0x00007fa3e031e000]
//!    java.lang.Thread.State: TIMED_WAITING (sleeping)
//!     at java.lang.Thread.sleep(java.base@17.0.15/Native Method)
//!
//! JNI global refs: 25, weak refs: 3
//! ```
//!
//! Counted is what has a name, threads of the JVM among them, as `grep -c '^"'` does, and only where the dump is whole: people cut
//! most of it out. The heap that `kill -3` prints below is [`heap_info`](crate::formats::heap_info)'s. Sources: OpenJDK,
//! `vmOperations.cpp` (`VM_PrintThreads`), `threads.cpp`, `javaThread.cpp`.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::formats::jdk_command::{answering_above, jdk_version};
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;

pub(super) const SHAPE: Shape = Shape { tool: "jstack", claim, open };

const HEADING: &str = "Full thread dump ";
const FOOTER: &str = "JNI global ref";
/// Names that are told apart at most.
const MAX_NAMES: usize = 10_000;

/// The name in `"main" #1 prio=5 os_prio=0 tid=0x00007fa3d801aa90 nid=0x4d46 runnable`.
fn thread(body: &str) -> Option<&str> {
    let (name, rest) = body.strip_prefix('"')?.rsplit_once("\" ")?;
    (rest.contains("tid=0x") && rest.contains(" nid=")).then_some(name)
}

/// The version in the heading.
fn version(body: &str) -> Option<&str> {
    let (_, build) = body.strip_prefix(HEADING)?.split_once(" (")?;
    build.contains(" mode").then(|| build.split(' ').next().unwrap_or(build))
}

fn claim(body: &str) -> Claim {
    let is_own = match body.as_bytes().first() {
        Some(b'F') => version(body).is_some(),
        Some(b'"') => thread(body).is_some(),
        _ => false,
    };
    if is_own { Claim::Strong } else { Claim::None }
}

/// True for a line between the threads of a dump.
fn is_inside(body: &str) -> bool {
    const STARTS: [&str; 22] = [
        "at ",
        "- <0x",
        "- None",
        "- eliminated ",
        "- locked ",
        "- parking ",
        "- waiting ",
        "java.lang.Thread.State: ",
        "Locked ownable synchronizers:",
        "Threads class SMR info:",
        "_java_thread_list=",
        "_to_delete_list=",
        "0x",
        "}",
        "No compile task",
        "Compiling: ",
        "Carrying virtual thread #",
        "Mounted virtual thread #",
        "os_prio=",
        "JavaThread state: ",
        "Thread: 0x",
        "...",
    ];
    STARTS.iter().any(|start| body.starts_with(start))
}

/// True for a line of what stands below the threads where some of them wait for each other.
fn is_of_deadlock(body: &str) -> bool {
    const STARTS: [&str; 7] = [
        "Found one Java-level deadlock:",
        "=====",
        "waiting to lock monitor ",
        "waiting for ownable synchronizer ",
        "in JNI, which is held by ",
        "which is held by ",
        "Java stack information for the threads listed above:",
    ];
    STARTS.iter().any(|start| body.starts_with(start))
        || body.starts_with("Found ") && body.contains(" deadlock")
        || body.starts_with('"') && body.ends_with("\":")
}

struct Dump {
    draft: Draft,
    /// Its heading was read.
    begun: bool,
    ended: bool,
    threads: u64,
    names: BTreeMap<String, u64>,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    let draft = Draft::new(HostKind::Threads, line);
    let mut dump = Dump { draft, begun: false, ended: false, threads: 0, names: BTreeMap::new() };
    if !dump.take(line, out) {
        return None;
    }
    let command = context.command("jcmd").or_else(|| context.command("jstack"));
    dump.draft.process(answering_above(line).or(command.and_then(|command| command.pid)));
    Some(Box::new(dump))
}

impl Block for Dump {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        if let Some(version) = version(body) {
            if self.begun || self.threads > 0 {
                return false;
            }
            self.begun = true;
            self.draft.word("jdk", &jdk_version(version), line, version);
            out.keep(line);
            return true;
        }
        if let Some(name) = thread(body).filter(|_| !self.ended) {
            self.draft.extend(line);
            self.threads += 1;
            let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
            if self.names.len() < MAX_NAMES || self.names.contains_key(name) {
                *self.names.entry(name.to_owned()).or_default() += 1;
            }
            return true;
        }
        if body.starts_with(FOOTER) && !self.ended {
            self.ended = true;
            self.draft.extend(line);
            return true;
        }
        is_of_deadlock(body) || is_inside(body)
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let Dump { mut draft, begun, ended, threads, names } = *self;
        if begun && ended && threads > 0 {
            let at = draft.reading.at.get("jdk");
            let mut put = |name: &'static str, count: u64| {
                draft.reading.counts.insert(name.to_owned(), count);
                if let Some(at) = at {
                    draft.reading.at.put(name, at);
                }
            };
            put("threads", threads);
            if let Some((name, count)) =
                names.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 1)
            {
                put("pool_threads", count);
                draft.reading.words.insert("pool".to_owned(), name);
                if let Some(at) = at {
                    draft.reading.at.put("pool", at);
                }
            }
        }
        draft.push(out);
    }

    fn patience(&self) -> u32 {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    const DUMP: &str = "19779:\n2026-11-30 18:59:36\nFull thread dump OpenJDK 64-Bit Server VM (25.181-b13 mixed mode):\n\n\
        \"http-nio-2\" #9 daemon prio=5 os_prio=0 tid=0x00007f1 nid=0x2 waiting on condition [0x00007f2]\n\
        \x20  java.lang.Thread.State: WAITING (parking)\n\tat sun.misc.Unsafe.park(Native Method)\n\
        \t- parking to wait for  <0x00000000f3888368> (a java.util.concurrent.locks.X)\n\n\
        \"http-nio-1\" #8 daemon prio=5 os_prio=0 tid=0x00007f3 nid=0x3 runnable [0x00007f4]\n\n\
        \"VM Thread\" os_prio=0 tid=0x00007f5 nid=0x4 runnable\n\nJNI global references: 283\n";

    #[test]
    fn a_whole_dump_is_counted() {
        let dump = first(DUMP, "threads");
        assert_eq!((dump.counts.get("threads"), dump.counts.get("pool_threads")), (Some(&3), Some(&2)));
        assert_eq!(dump.words.get("pool").map(String::as_str), Some("http-nio-"));
        assert_eq!(dump.words.get("jdk").map(String::as_str), Some("1.8.0_181"));
    }

    #[test]
    fn of_a_part_of_a_dump_nothing_is_counted() {
        let without_end = DUMP.replace("JNI global references: 283\n", "");
        assert!(first(&without_end, "threads").counts.is_empty());
        let (_, without_heading) = DUMP.split_once("mixed mode):\n").expect("a heading");
        assert_eq!(read(without_heading).host, []);
        assert_eq!(claim("\"tid=0x1 nid=\" is what a dump has"), Claim::None);
    }
}
