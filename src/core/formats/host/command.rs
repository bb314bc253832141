//! The command that printed what follows: `$ free -m`, `root@web01:~# kubectl exec orders-0 -- cat /proc/1/status`.

use crate::formats::prompt::command_behind;
use crate::source::{Line, Span};

/// A command that a reader of this folder knows.
#[derive(Clone, Debug)]
pub(super) struct Command {
    /// `free`, `top`, …; `cat` for everything that prints files (`grep`, `head`, …).
    pub(super) tool: &'static str,
    /// What follows it, up to a pipe.
    pub(super) arguments: Vec<String>,
    /// The whole line behind the prompt, with what it is piped into.
    pub(super) text: String,
    /// The folder of a `cd` before it.
    pub(super) folder: Option<String>,
    /// The process id among its arguments, with its place.
    pub(super) pid: Option<(u32, Span)>,
    /// True if a table of it has begun.
    pub(super) answered: bool,
}

/// Arguments kept of one command.
const MAX_ARGUMENTS: usize = 64;
/// Bytes kept of the line of a command.
const MAX_TEXT: usize = 400;

impl Command {
    /// True if one of the arguments is a cluster of short options that holds `letter`: `-m`, `-wh`.
    pub(super) fn has_option(&self, letter: char) -> bool {
        self.arguments.iter().any(|argument| {
            argument.strip_prefix('-').is_some_and(|letters| !letters.starts_with('-') && letters.contains(letter))
        })
    }

    /// True if this word is among the arguments.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.arguments.iter().any(|argument| argument == word)
    }
}

/// The commands in a line that looks like a prompt or like a bare command. Empty for everything else, quickly.
pub(super) fn read_commands(line: &Line<'_>) -> Vec<Command> {
    let Some(text) = after_prompt(line.body) else { return Vec::new() };
    let mut commands = Vec::new();
    let mut folder = None;
    for piece in pieces(text) {
        let stage = piece.split(" |").next().unwrap_or(piece);
        let mut words = stage.split_ascii_whitespace().map(|word| word.trim_matches(['"', '\'', '`', '(', ')']));
        let Some(first) = skip_wrappers(&mut words) else { continue };
        if first == "cd" {
            folder = words.next().map(str::to_owned);
            continue;
        }
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(MAX_ARGUMENTS).collect();
        let Some(tool) = tool(first, &words) else { continue };
        commands.push(Command {
            tool,
            arguments: words.iter().map(|word| (*word).to_owned()).collect(),
            text: text.get(..MAX_TEXT).unwrap_or(text).to_owned(),
            folder: folder.clone(),
            pid: pid(tool, &words).map(|(pid, word)| (pid, line.span_of(word))),
            answered: false,
        });
    }
    commands
}

/// True if the line is a prompt with some command, ours or not.
pub(super) fn is_prompt(body: &str) -> bool {
    after_mark(body.trim_start()).is_some()
}

/// The command line of a prompt, or the line itself if it starts with one of the known words.
fn after_prompt(body: &str) -> Option<&str> {
    let text = body.trim();
    if let Some(command) = after_mark(text) {
        return Some(command);
    }
    let first = text.split([' ', '\t']).next()?;
    let known = matches!(
        first,
        "free"
            | "cat"
            | "grep"
            | "egrep"
            | "head"
            | "tail"
            | "top"
            | "ps"
            | "vmstat"
            | "pmap"
            | "jcmd"
            | "sysctl"
            | "ulimit"
            | "docker"
            | "podman"
            | "kubectl"
            | "oc"
            | "k"
            | "sudo"
            | "cd"
            | "watch"
            | "systemd-cgtop"
    );
    known.then_some(text)
}

/// What stands behind a prompt, also behind those that say nothing of their place: `# ` of root, `+ ` of `set -x`.
fn after_mark(text: &str) -> Option<&str> {
    let bare = text.strip_prefix("# ").or_else(|| text.strip_prefix("+ "));
    bare.map(str::trim_start).or_else(|| command_behind(text))
}

/// Commands joined by `;`, `&&`, and `||`.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '&']).flat_map(|piece| piece.split("||")).map(str::trim).filter(|piece| !piece.is_empty())
}

/// The first word that is a command of its own, behind `sudo`, `watch -n 1`, `kubectl exec … --` and the like.
fn skip_wrappers<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut word = words.next()?;
    for _ in 0..16 {
        let assignment = word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        match word {
            "sudo" | "time" | "nohup" | "env" | "do" | "then" | "while" | "true" | "exec" | "nice" => {
                word = words.next()?
            }
            _ if assignment => word = words.next()?,
            "watch" => word = skip_options(words)?,
            "kubectl" | "oc" | "k" | "docker" | "podman" | "crictl" | "nerdctl" => {
                let container = word;
                word = skip_options(words)?;
                if word != "exec" {
                    // `docker stats`, `kubectl top`: the word that says which table it is.
                    return match (container, word) {
                        ("docker" | "podman" | "nerdctl", "stats") => Some("docker-stats"),
                        ("kubectl" | "oc" | "k", "top") => Some("kubectl-top"),
                        _ => None,
                    };
                }
                // The container, then its options, then `--`, then the command.
                skip_options(words)?;
                let mut next = words.next()?;
                while next.starts_with('-') {
                    let option = next;
                    next = words.next()?;
                    if matches!(option, "-c" | "-n" | "--container" | "--namespace") {
                        next = words.next()?;
                    }
                }
                word = next;
            }
            _ => return Some(word),
        }
    }
    None
}

/// The next word that is neither an option nor the number or name after one.
fn skip_options<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut word = words.next()?;
    while word.starts_with('-') {
        let takes_value = matches!(word, "-n" | "-c" | "-u" | "-e" | "--namespace" | "--container" | "--context");
        word = words.next()?;
        if takes_value {
            word = words.next()?;
        }
    }
    Some(word)
}

/// The tool's name if its arguments are such as it takes: `free memory` is prose, `top - 13:31` a line of `top` itself.
fn tool(first: &str, words: &[&str]) -> Option<&'static str> {
    let name = first.rsplit('/').next().unwrap_or(first);
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let is_option = |word: &str| word.len() > 1 && word.starts_with('-');
    let options = words.iter().all(|word| is_option(word) || is_number(word));
    Some(match name {
        "free" if options => "free",
        "vmstat" if options || words.contains(&"-S") => "vmstat",
        "top" if words.first().is_none_or(|word| is_option(word)) => "top",
        "ps" if words.first().is_none_or(|word| is_option(word) || is_bsd_style(word)) => "ps",
        "pmap" if words.iter().any(|word| is_number(word) || is_option(word) || word.starts_with('$')) => "pmap",
        // Those whose answers are read here; the others have readers of their own.
        "jcmd"
            if words.iter().any(|word| {
                matches!(
                    *word,
                    "Thread.print"
                        | "System.trim_native_heap"
                        | "System.native_heap_info"
                        | "VM.classloader_stats"
                        | "Dump.java"
                )
            }) =>
        {
            "jcmd"
        }
        "jstack" if words.iter().any(|word| is_number(word)) => "jstack",
        "sysctl"
            if words
                .iter()
                .any(|word| word.starts_with("vm.") || word.starts_with("kernel.") || *word == "hw.memsize") =>
        {
            "sysctl"
        }
        "uname" if options => "uname",
        // With a number it sets a limit, and prints nothing.
        "ulimit"
            if words.iter().all(|word| is_option(word) && word.bytes().skip(1).all(|c| c.is_ascii_alphabetic())) =>
        {
            "ulimit"
        }
        "docker-stats" => "docker-stats",
        "systemd-cgtop" if options => "systemd-cgtop",
        "kubectl-top" => "kubectl-top",
        "cat" | "grep" | "egrep" | "head" | "tail" | "more" | "less" | "zgrep"
            if words.iter().any(|word| is_file(word)) =>
        {
            "cat"
        }
        _ => return None,
    })
}

/// `aux`, `auxww`, `axo`.
fn is_bsd_style(word: &str) -> bool {
    word.len() <= 8 && word.contains('a') && word.bytes().all(|byte| b"aefgjlmopstuvwxZ".contains(&byte))
}

fn is_file(word: &str) -> bool {
    word.starts_with("/proc/")
        || word.starts_with("/sys/fs/cgroup")
        || word.starts_with("memory.")
        || word.starts_with("pids.")
        || word.contains("/memory.")
        || matches!(word, "meminfo" | "smaps_rollup")
}

/// `pmap -x 7255`, `ps -p 7255`, `cat /proc/7255/status`.
fn pid<'a>(tool: &str, words: &[&'a str]) -> Option<(u32, &'a str)> {
    let number = |word: &'a str| word.parse().ok().map(|pid| (pid, word));
    match tool {
        "jcmd" | "jstack" | "pmap" => words.iter().filter(|word| !word.starts_with('-')).find_map(|word| number(word)),
        "ps" | "top" => {
            let of_option = |option: &str| matches!(option, "-p" | "--pid" | "p" | "-q" | "q" | "--quick-pid");
            let behind = words.iter().zip(words.iter().skip(1));
            let behind = behind.filter(|(option, _)| of_option(option)).find_map(|(_, word)| number(word));
            // `-p27477`, and `ps -orss,cmd 27477`.
            let glued =
                || words.iter().find_map(|word| number(word.strip_prefix("-p").or(word.strip_prefix("--pid="))?));
            let alone = || words.iter().filter(|_| tool == "ps").find_map(|word| number(word));
            behind.or_else(glued).or_else(alone)
        }
        "cat" => words.iter().find_map(|word| {
            let rest = word.strip_prefix("/proc/")?;
            number(rest.split('/').next()?)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools(line: &str) -> Vec<&'static str> {
        read_commands(&Line::of(line)).iter().map(|command| command.tool).collect()
    }

    #[test]
    fn commands_are_found_behind_prompts_and_wrappers() {
        assert_eq!(tools("$ free -m"), ["free"]);
        assert_eq!(tools("[root@db1 ~]# sudo free -m; vmstat 1 5"), ["free", "vmstat"]);
        assert_eq!(tools("ubuntu@ip-10-0-0-1:~$ ps aux | grep java"), ["ps"]);
        assert_eq!(tools("/ # cat /sys/fs/cgroup/memory.max"), ["cat"]);
        assert_eq!(tools("kubectl -n shop exec -it orders-0 -c app -- cat /proc/1/status"), ["cat"]);
        assert_eq!(tools("docker exec app free -h"), ["free"]);
        assert_eq!(tools("docker stats --no-stream"), ["docker-stats"]);
        assert_eq!(tools("while true; do free -m; sleep 1; done"), Vec::<&str>::new());
        assert_eq!(tools("$ while true; do free -m; sleep 1; done"), ["free"]);
        assert_eq!(tools("watch -n 1 free -m"), ["free"]);
    }

    #[test]
    fn prose_and_output_are_no_commands() {
        assert_eq!(tools("free memory was low, so we looked at top"), Vec::<&str>::new());
        assert_eq!(tools("top - 13:31:22 up 47 min,  0 user,  load average: 6.20, 5.91, 4.06"), Vec::<&str>::new());
        assert_eq!(tools("ps. the service is back"), Vec::<&str>::new());
        assert_eq!(tools("cat is an animal"), Vec::<&str>::new());
        assert_eq!(tools("# What happened"), Vec::<&str>::new());
        assert_eq!(tools("12.3 # of things"), Vec::<&str>::new());
    }

    #[test]
    fn a_process_id_in_a_command_is_known_with_its_place() {
        let pid = |line: &str| read_commands(&Line::of(line)).first().and_then(|command| command.pid);
        assert_eq!(pid("$ pmap -x 7255").map(|(pid, span)| (pid, span.start)), Some((7255, 10)));
        assert_eq!(pid("$ cat /proc/7255/status").map(|(pid, _)| pid), Some(7255));
        assert_eq!(pid("$ top -b -H -n 1 -p 3").map(|(pid, _)| pid), Some(3));
        assert_eq!(pid("$ cat /proc/meminfo"), None);
    }

    #[test]
    fn the_folder_of_a_cd_is_kept() {
        let commands = read_commands(&Line::of("$ cd /sys/fs/cgroup/memory/service && grep . memory.limit_in_bytes"));
        let folder = commands.first().and_then(|command| command.folder.clone());
        assert_eq!(folder.as_deref(), Some("/sys/fs/cgroup/memory/service"));
    }
}
