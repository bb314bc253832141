//! The command line that started a table: `sudo jstat -gc -t 17692 1000 12`.

use crate::units::Micros;

/// What the command says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The option without its dash.
    pub option: &'a str,
    /// The process id with the text it was read from.
    pub pid: Option<(u32, &'a str)>,
    /// The interval with the text it was read from.
    pub interval: Option<(Micros, &'a str)>,
    /// Number of samples.
    pub count: Option<u64>,
}

/// All options.
pub(super) const OPTIONS: &[&str] = &[
    "class",
    "compiler",
    "gc",
    "gccapacity",
    "gccause",
    "gcmetacapacity",
    "gcnew",
    "gcnewcapacity",
    "gcold",
    "gcoldcapacity",
    "gcpermcapacity",
    "gcutil",
    "printcompilation",
];

/// Finds a `jstat` command in a line, whatever stands before it. `None` without an option of `jstat`.
pub fn read_prompt(line: &str) -> Option<Prompt<'_>> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| {
        let name = word.trim_start_matches(['`', '(', '"', '\'']);
        let name = name.rsplit(['/', '\\', '>']).next().unwrap_or(name);
        name != "jstat" && name != "jstat.exe"
    });
    words.next()?;
    let mut prompt = Prompt::default();
    let mut vmid_seen = false;
    let mut in_substitution = false;
    for word in words {
        if in_substitution {
            in_substitution = !word.contains([')', '`']);
            continue;
        }
        // `jstat -gc 4711; sleep 1`.
        let last = word.ends_with(';');
        let word = word.trim_end_matches(['`', '"', '\'', ',', ';']);
        if let Some(option) = word.strip_prefix('-') {
            if OPTIONS.contains(&option) {
                prompt.option = option;
            }
        } else if matches!(word, "|" | ">" | ">>" | "&" | "&&" | ";" | "2>&1") {
            break;
        } else if !vmid_seen {
            vmid_seen = true;
            in_substitution = word.starts_with("$(") && !word.ends_with(')');
            let digits = word.trim_start_matches("//").split('@').next().unwrap_or_default();
            prompt.pid = digits.parse().ok().map(|pid| (pid, digits));
        } else if prompt.interval.is_none() {
            match read_interval(word) {
                Some(interval) => prompt.interval = Some((interval, word)),
                None => break,
            }
        } else {
            prompt.count = word.parse().ok();
            break;
        }
        if last {
            break;
        }
    }
    (!prompt.option.is_empty()).then_some(prompt)
}

/// `1000` and `500ms` are milliseconds, `10s` seconds. `None` if it is neither or zero.
fn read_interval(word: &str) -> Option<Micros> {
    let (digits, micros) = match word.strip_suffix("ms") {
        Some(digits) => (digits, 1000),
        None => match word.strip_suffix('s') {
            Some(digits) => (digits, 1_000_000),
            None => (word, 1000),
        },
    };
    let count: i64 = digits.parse().ok()?;
    count.checked_mul(micros).filter(|interval| *interval > 0).map(Micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_gives_option_pid_and_interval() {
        let prompt = read_prompt("ubuntu@ip-192-168-1-212:~$ sudo jstat -gc 17692 1000").expect("a prompt");
        assert_eq!(prompt.option, "gc");
        assert_eq!(prompt.pid, Some((17692, "17692")));
        assert_eq!(prompt.interval, Some((Micros(1_000_000), "1000")));
        assert_eq!(prompt.count, None);
    }

    #[test]
    fn prompts_of_every_shell_are_read() {
        let pid = |line| read_prompt(line).and_then(|prompt| prompt.pid).map(|(pid, _)| pid);
        assert_eq!(pid(r"C:\jdk\bin>jstat -gcutil -t -h3 42 1s 5"), Some(42));
        assert_eq!(pid("[root@h d]# /opt/jdk/bin/jstat -J-Duser.language=de -gccause 7@host:1099 250ms"), Some(7));
        assert_eq!(pid("kubectl exec pod -- jstat -gc 1 1000 | tee gc.txt"), Some(1));
        assert_eq!(pid("while true; do date; jstat -gc 4711; sleep 5; done"), Some(4711));
        assert_eq!(pid("jstat -gc $(pgrep -f app) 1000"), None);
        assert_eq!(
            read_prompt("jstat -gc $(pgrep -f app) 2s 9").and_then(|p| p.interval).map(|(i, _)| i),
            Some(Micros(2_000_000))
        );
        assert_eq!(read_prompt("jstat is a nice tool"), None);
        assert_eq!(read_prompt("jstat -gc {PID} 1000").and_then(|prompt| prompt.pid), None);
    }
}
