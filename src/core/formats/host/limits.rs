//! Reads what a process may use: `ulimit -a`, `/proc/PID/limits`, and the files of `/proc/sys` that bound threads and mappings.
//!
//! ```text
//! max user processes                          (-u) 31202
//! Max processes             62898                62898                processes
//! ```
//!
//! Of `/proc/PID/limits` the soft limit is read, which is the one that is reached. Sizes of `ulimit` are in KiB, those of the file in
//! bytes. `unlimited` is kept as the word `none`. Numbers without a name are read only behind the command that prints them. Sources:
//! bash, `ulimit.def`; zsh, `rlimits.c`; kernel, `fs/proc/base.c` (`proc_pid_limits`).

use super::answers::setting_of_file;
use super::command::Command;
use super::draft::Draft;
use super::quantity::{KIB, amount, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;

pub(super) const SHAPE: Shape = Shape { tool: "ulimit", claim, open };

/// What is limited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Count(&'static str),
    /// In units of so many bytes.
    Size(&'static str, u64),
    /// Known and not kept.
    Other,
}

/// Options of `ulimit`, by their letter.
fn of_option(letter: &str) -> Option<What> {
    Some(match letter {
        "u" => What::Count("user_processes_max"),
        "n" => What::Count("open_files_max"),
        "v" => What::Size("address_space_max", KIB),
        "l" => What::Size("locked_memory_max", KIB),
        "R" | "P" | "T" | "b" | "c" | "d" | "e" | "f" | "i" | "k" | "m" | "p" | "q" | "r" | "s" | "t" | "w" | "x" => {
            What::Other
        }
        _ => return None,
    })
}

/// Rows of `/proc/PID/limits`.
const ROWS: [(&str, What); 16] = [
    ("Max address space", What::Size("address_space_max", 1)),
    ("Max core file size", What::Other),
    ("Max cpu time", What::Other),
    ("Max data size", What::Other),
    ("Max file locks", What::Other),
    ("Max file size", What::Other),
    ("Max locked memory", What::Size("locked_memory_max", 1)),
    ("Max msgqueue size", What::Other),
    ("Max nice priority", What::Other),
    ("Max open files", What::Count("open_files_max")),
    ("Max pending signals", What::Other),
    ("Max processes", What::Count("user_processes_max")),
    ("Max realtime priority", What::Other),
    ("Max realtime timeout", What::Other),
    ("Max resident set", What::Other),
    ("Max stack size", What::Other),
];

fn is_value(value: &str) -> bool {
    value == "unlimited" || whole(value).is_some()
}

/// `max user processes (-u) 31202`, `-u: processes 31202` of zsh: what is limited, and how far.
fn option(body: &str) -> Option<(What, &str)> {
    let (label, value) = body.rsplit_once([' ', '\t'])?;
    let label = label.trim_end();
    // zsh; its labels may end in a unit, as those of others do.
    if let Some((letter, name)) = label.strip_prefix('-').and_then(|label| label.split_once(": ")) {
        return (is_value(value) && !name.trim().is_empty()).then_some((of_option(letter)?, value));
    }
    if let Some(inner) = label.strip_suffix(')') {
        let (name, inner) = inner.rsplit_once('(')?;
        let letter = inner.rsplit([' ', ',']).next()?.strip_prefix('-')?;
        return (is_value(value) && name.ends_with([' ', '\t'])).then_some((of_option(letter)?, value));
    }
    None
}

/// `ulimit -u: 1024`, `max user processes = 1024`, as people write it down, and `app soft nproc 4096` of `limits.conf`, of which the soft
/// one counts.
fn written(body: &str) -> Option<(What, &str)> {
    let what = |name: &str| match name {
        "max user processes" | "nproc" | "ulimit -u" => Some(What::Count("user_processes_max")),
        "nofile" | "open files" | "ulimit -n" => Some(What::Count("open_files_max")),
        _ => None,
    };
    if let Some((name, value)) = body.split_once([':', '=']) {
        let value = value.trim();
        return is_value(value).then_some((what(name.trim_end())?, value));
    }
    let cells: Vec<&str> = body.split_ascii_whitespace().collect();
    let [_, kind, name @ ("nofile" | "nproc"), value] = cells.as_slice() else { return None };
    let found = if *kind == "hard" { What::Other } else { what(name)? };
    (matches!(*kind, "soft" | "hard" | "-") && is_value(value)).then_some((found, value))
}

/// `Max processes             62898                62898                processes `.
fn row(body: &str) -> Option<(What, &str)> {
    let (what, rest) =
        ROWS.iter().find_map(|(name, what)| Some((*what, body.strip_prefix(name)?.strip_prefix([' ', '\t'])?)))?;
    let mut cells = rest.split_ascii_whitespace();
    let (soft, hard) = (cells.next()?, cells.next()?);
    (is_value(soft) && is_value(hard) && cells.all(|unit| whole(unit).is_none())).then_some((what, soft))
}

fn is_heading(body: &str) -> bool {
    body.split_ascii_whitespace().eq(["Limit", "Soft", "Limit", "Hard", "Limit", "Units"])
}

fn claim(body: &str) -> Claim {
    let is_own = match body.as_bytes().first() {
        Some(b'L') => is_heading(body),
        Some(b'M') => row(body.trim_end()).is_some(),
        Some(b'-' | b'*' | b'@' | b'a'..=b'z' | b'P') => {
            let body = body.trim_end();
            option(body).is_some() || written(body).is_some()
        }
        _ => false,
    };
    if is_own { Claim::Strong } else { Claim::None }
}

/// What the lines are.
enum Print {
    /// A table, whose rows name themselves.
    Table,
    /// A number a line: of what, the last first.
    Numbers(Vec<What>),
}

struct Limits {
    draft: Draft,
    print: Print,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let (names, of_kernel) = numbers_of(context.commands);
    let (kind, print) = match context.claimed {
        true => (HostKind::Limits, Print::Table),
        false if names.is_empty() => return None,
        false if of_kernel => (HostKind::Sysctl, Print::Numbers(names)),
        false => (HostKind::Limits, Print::Numbers(names)),
    };
    let mut block = Limits { draft: Draft::new(kind, line), print };
    if !block.take(line, out) {
        return None;
    }
    let file = context.command("cat").filter(|_| kind == HostKind::Limits);
    block.draft.process(file.and_then(|command| command.pid));
    Some(Box::new(block))
}

/// What commands print that answer with a number a line, as far as every one of them is known, the last first; and whether the kernel's
/// files are among it.
fn numbers_of(commands: &[Command]) -> (Vec<What>, bool) {
    let mut names = Vec::new();
    let mut of_kernel = false;
    for command in commands.iter().filter(|command| !command.answered) {
        let known: Option<Vec<What>> = match (command.tool, command.arguments.as_slice()) {
            ("ulimit", [option]) => option.strip_prefix('-').and_then(of_option).map(|what| vec![what]),
            ("cat", files) => files.iter().map(|path| setting_of_file(path).map(What::Count)).collect(),
            _ => None,
        };
        let Some(known) = known.filter(|known| !known.is_empty()) else { break };
        of_kernel |= command.tool == "cat";
        names.extend(known);
    }
    names.reverse();
    (names, of_kernel)
}

impl Block for Limits {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let (what, value) = match &mut self.print {
            Print::Table if is_heading(body) => {
                let is_first = self.draft.is_empty();
                if is_first {
                    self.draft.extend(line);
                }
                return is_first;
            }
            Print::Table => match row(body).or_else(|| option(body)).or_else(|| written(body)) {
                Some(found) => found,
                None => return false,
            },
            Print::Numbers(names) => match names.pop().filter(|_| is_value(body)) {
                Some(what) => (what, body),
                None => return false,
            },
        };
        let draft = &mut self.draft;
        match what {
            What::Count(name) | What::Size(name, _) if draft.has(name) => return false,
            What::Count(name) | What::Size(name, _) if value == "unlimited" => draft.word(name, "none", line, value),
            What::Count(name) => draft.count(name, whole(value), line, value),
            What::Size(name, unit) => draft.size(name, amount(value, unit), line, value),
            What::Other => {
                draft.extend(line);
                return true;
            }
        }
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};

    #[test]
    fn the_limits_of_a_shell_and_of_a_process_are_read() {
        let shell = first(
            "$ ulimit -a\ncore file size              (blocks, -c) 0\nopen files                          (-n) 1024\n\
             max user processes                  (-u) 31202\nvirtual memory              (kbytes, -v) 8388608\n",
            "limits",
        );
        assert_eq!(
            (shell.counts.get("user_processes_max"), shell.counts.get("open_files_max")),
            (Some(&31_202), Some(&1024))
        );
        assert_eq!(shell.sizes.get("address_space_max").map(|size| size.0), Some(8 << 30));
        assert_eq!((shell.pid, shell.first_line, shell.last_line), (None, 2, 5));
        let process = first(
            "$ cat /proc/4711/limits\nLimit                     Soft Limit           Hard Limit           Units     \n\
             Max processes             4096                 62898                processes \n\
             Max address space         unlimited            unlimited            bytes     \n",
            "limits",
        );
        assert_eq!((process.pid, process.counts.get("user_processes_max")), (Some(4711), Some(&4096)));
        assert_eq!(process.words.get("address_space_max").map(String::as_str), Some("none"));
    }

    #[test]
    fn limits_that_people_write_down_are_read() {
        let processes = |text: &str| first(text, "limits").counts.get("user_processes_max").copied();
        for text in [
            "ulimit -u: 1024\n",
            "max user processes = 1024\n",
            "* soft nproc 1024\n* hard nproc 4096\n",
            "app - nproc 1024\n",
        ] {
            assert_eq!(processes(text), Some(1024), "{text}");
        }
        assert_eq!(read("the soft nproc 1024 limit\nulimit -u: how to raise it\n* hard nproc 4096\n").host, []);
    }

    #[test]
    fn numbers_alone_are_read_behind_their_command() {
        assert_eq!(first("$ ulimit -u\n4096\n", "limits").counts.get("user_processes_max"), Some(&4096));
        let kernel = first("$ cat /proc/sys/kernel/pid_max /proc/sys/kernel/threads-max\n32768\n62398\n", "sysctl");
        assert_eq!((kernel.counts.get("pid_max"), kernel.counts.get("threads_max")), (Some(&32_768), Some(&62_398)));
        let counts = |text: &str| read(text).host.into_iter().flat_map(|host| host.counts).collect::<Vec<_>>();
        let is = |name: &str, count: u64| (name.to_owned(), count);
        assert_eq!(
            counts("$ cat /proc/sys/kernel/pid_max; ulimit -u\n32768\n4096\n"),
            [is("pid_max", 32_768), is("user_processes_max", 4096)]
        );
        assert_eq!(
            counts("$ ulimit -u; grep -H . /sys/fs/cgroup/pids.max; sysctl kernel.pid_max\n4096\n"),
            [is("user_processes_max", 4096)]
        );
        assert_eq!(
            counts("$ ulimit -u; ulimit -n\n4096\n1024\n"),
            [is("open_files_max", 1024), is("user_processes_max", 4096)]
        );
        assert_eq!(counts("$ ulimit -u\n4096\n1024\n"), [is("user_processes_max", 4096)]);
        assert_eq!(
            counts("$ cat /proc/sys/vm/overcommit_memory /proc/sys/vm/max_map_count\n0\n65530\n"),
            [is("max_map_count", 65_530), is("overcommit_memory", 0)]
        );
        let space = first("$ ulimit -v; sysctl vm.overcommit_memory\n3000000\n", "limits");
        assert_eq!(space.sizes.get("address_space_max").map(|size| size.0), Some(3_000_000 << 10));
        assert_eq!(read("4096\nmax 12\nMax processes are 12\n(-u) 12\n").host, []);
    }
}
