//! The head of a report: who asked for memory, on which kernel, through which functions.
//!
//! ```text
//! C2 CompilerThre invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
//! CPU: 1 PID: 48301 Comm: C2 CompilerThre Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1
//! Call Trace:
//!  mem_cgroup_out_of_memory+0xc0/0x110
//! ```
//!
//! Source: Linux, `mm/oom_kill.c` (`dump_header`), `lib/dump_stack.c`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::text::{after, digits, signed_digits};
use crate::formats::is_subject;
use crate::formats::quantity::is_digits;
use crate::order::Gather as _;

pub(super) const INVOKED: &str = " invoked oom-killer";

/// Longest name of a thread, in bytes.
const MAX_COMM: usize = 15;

/// The first line of a report. Values as printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invocation<'a> {
    pub(super) comm: &'a str,
    pub(super) gfp_mask: Option<&'a str>,
    pub(super) order: Option<&'a str>,
    pub(super) oom_score_adj: Option<&'a str>,
    /// The last value is there, by any of its names.
    pub(super) whole: bool,
    /// Nothing before or behind the words is a person's.
    pub(super) is_of_kernel: bool,
}

pub(super) fn invocation(body: &str) -> Option<Invocation<'_>> {
    let at = body.find(INVOKED)?;
    let before = body.get(..at)?.trim();
    let before = ["- ", "* ", "• "].iter().find_map(|bullet| before.strip_prefix(bullet)).unwrap_or(before);
    let rest = body.get(at + INVOKED.len()..)?;
    let is_of_kernel = !is_said_by_a_person(before) && goes_on_like_the_kernel(rest);
    let comm = comm(before.trim_start_matches('*'));
    // The mask ends before the next key; its flags hold no blanks, a cut one may lack its parenthesis.
    let gfp_mask = after(rest, "gfp_mask=").and_then(|mask| {
        let rest = mask;
        let mask = mask.split([',', ' ']).next()?;
        // A bare number at the end of the line may be cut.
        let ends = mask.ends_with(')') || mask.len() < rest.len();
        let whole = ends && mask.starts_with("0x") && mask.contains('(') == mask.ends_with(')');
        whole.then_some(mask)
    });
    let adj = |key: &str| after(rest, key).and_then(signed_digits).map(|(adj, _)| adj);
    let oom_score_adj = adj("oom_score_adj=");
    let whole = oom_score_adj.or_else(|| adj("oom_adj=")).or_else(|| adj("oomkilladj=")).is_some();
    let order = after(rest, " order=").or_else(|| after(rest, ",order=")).and_then(signed_digits);
    // A number at the very end may have been cut; 0 is whole.
    let order = order.filter(|(order, behind)| *order == "0" || behind.starts_with([',', ' '])).map(|(order, _)| order);
    Some(Invocation { comm, gfp_mask, order, oom_score_adj, whole, is_of_kernel })
}

/// True for a heading, the subject of a mail, bold words, and a list: what people write about a kill, or quote of one, before its log.
fn is_said_by_a_person(before: &str) -> bool {
    let marked = before.starts_with(['*', '_', '#', '"', '\'', '“', '‘', '«']) && !before.contains(['[', ':', '{']);
    marked || is_subject(before.trim_start_matches(['#', '*', ' ']))
}

/// True for what the kernel puts behind the words: a colon and its figures, as far as the line goes. A question mark, a full stop,
/// or more words are a sentence's.
fn goes_on_like_the_kernel(rest: &str) -> bool {
    const FIGURES: &str = "gfp_mask=";
    let Some(figures) = rest.strip_prefix(':') else { return rest.is_empty() };
    let figures = figures.trim_start();
    figures.starts_with(FIGURES) || FIGURES.starts_with(figures) || figures.starts_with("..")
}

/// A thread's name is what a transport left before the words. If more is left than a name can hold, some unknown
/// prefix is: then the name starts behind its last mark.
pub(super) fn comm(before: &str) -> &str {
    // `> kernel : java`, as people quote it.
    let bare = before.trim_start_matches(['>', ' ']);
    let tagged = bare.strip_prefix("kernel").and_then(|rest| rest.trim_start().strip_prefix(':'));
    let before = tagged.map_or(before, str::trim_start);
    // `"msg": "java`, a member of an object whose beginning is missing.
    let before = before.rsplit("\": \"").next().unwrap_or(before);
    if before.len() <= MAX_COMM {
        return before;
    }
    let start = [": ", "] ", "| ", "> ", "# ", "$ ", "\"", "="]
        .iter()
        .filter_map(|mark| before.rfind(mark).map(|at| at + mark.len()))
        .max();
    let comm = start.and_then(|start| before.get(start..)).unwrap_or(before);
    if comm.len() <= MAX_COMM { comm } else { comm.rsplit(' ').next().unwrap_or(comm) }
}

/// `CPU: 1 UID: 0 PID: 24399 Comm: java Not tainted 6.18.44 #1` or, before 3.9, `Pid: 2841, comm: java Not tainted …`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cpu<'a> {
    pub(super) tid: &'a str,
    pub(super) kernel: Option<&'a str>,
}

pub(super) fn cpu(body: &str) -> Option<Cpu<'_>> {
    let (tid, rest) = match body.strip_prefix("Pid: ") {
        Some(rest) => digits(rest)?,
        None => {
            // Not the per-cpu page lists: `CPU    0: hi:    0, btch:   1 usd:   0`.
            let rest = body.strip_prefix("CPU: ")?;
            digits(after(rest, "PID: ")?)?
        }
    };
    if !rest.contains("omm: ") {
        return None;
    }
    let kernel = rest.find(" #").and_then(|at| rest.get(..at)).and_then(|before| before.rsplit(' ').next());
    Some(Cpu { tid, kernel: kernel.filter(|kernel| kernel.starts_with(|c: char| c.is_ascii_digit())) })
}

/// A frame's function: `func+0x1a/0x30`, `? func+0x1a/0x30`, `[<ffffffff81>] ? func+0x..`, `(func) from [<c0>]`.
pub(super) fn frame(body: &str) -> Option<&str> {
    let mut rest = body;
    if let Some(inside) = rest.strip_prefix("[<") {
        let (_, tail) = inside.split_once(">]")?;
        rest = tail.trim_start();
    }
    rest = rest.strip_prefix("? ").unwrap_or(rest);
    if let Some(inside) = rest.strip_prefix('(') {
        let (name, tail) = inside.split_once(')')?;
        return tail.trim_start().starts_with("from").then_some(name);
    }
    let (name, offset) = rest.split_once('+')?;
    (offset.starts_with("0x") && !name.contains(' ')).then_some(name)
}

/// Functions that tell why memory was asked for, or who stopped it.
static TELLING: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "mem_cgroup_out_of_memory mem_cgroup_oom_synchronize try_charge try_charge_memcg moom_callback \
     pagefault_out_of_memory filemap_fault do_anonymous_page do_swap_page do_wp_page do_cow_fault \
     do_huge_pmd_anonymous_page shmem_fault vma_alloc_folio alloc_pages_vma copy_process dup_task_struct \
     alloc_thread_stack_node hugetlb_fault page_cache_ra_unbounded read_swap_cache_async pte_alloc_one __pte_alloc \
     sock_alloc_send_pskb __get_user_pages"
        .split(' ')
        .gathered()
});

/// True for a function that tells why memory was asked for, or who stopped it, whatever the compiler made of its name.
pub(super) fn is_telling(function: &str) -> bool {
    let name = function.split('.').next().unwrap_or(function);
    TELLING.contains(name)
}

/// `JIT Compilation cpuset=19ff0ec7… mems_allowed=0`: who asked, and the cpuset if it has the name of a container: its id, or the slice of a pod.
pub(super) fn cpuset(body: &str) -> Option<(&str, Option<&str>)> {
    let (comm, rest) = body.split_once(" cpuset=")?;
    let (name, _) = rest.split_once(" mems_allowed=")?;
    let is_id = |word: &str| word.len() >= 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let in_container = name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_id) || name.starts_with("kubepods");
    (comm.len() <= 15).then_some((comm, Some(name).filter(|_| in_container)))
}

/// A line between the head and the memory figures: registers, code bytes, hardware.
pub(super) fn is_head_line(body: &str) -> bool {
    const STARTS: [&str; 20] = [
        "---[ end Kernel panic",
        "Hardware name:",
        "Workqueue:",
        "Tainted:",
        "Call Trace:",
        "Call trace:",
        "Backtrace:",
        "<TASK>",
        "</TASK>",
        "<IRQ>",
        "</IRQ>",
        "RIP: ",
        "Code:",
        "RSP: ",
        "CR2: ",
        "FS: ",
        "CS: ",
        "EFLAGS",
        "COMPACTION is disabled",
        "Stack:",
    ];
    STARTS.iter().any(|start| body.starts_with(start)) || is_register(body) || is_stack_dump(body)
}

/// `0000000000000286 a1d2e3f40b1c2d3e ffff8800e9a3fc88`.
fn is_stack_dump(body: &str) -> bool {
    body.split(' ').all(|word| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit()))
}

const REGISTERS: &str = "pc lr sp ORIG_RAX RAX RDX RBP RBX RCX RSI RDI EAX EDX EIP ESI EBP EDI ESP DS GPR00";

/// `RAX: 0000000000000000 RBX: …`, `R13: …`, `ORIG_RAX: …`, `x29: … x28: …`, `pc : … lr : …`.
fn is_register(body: &str) -> bool {
    let Some((name, value)) = body.split_once(':') else { return false };
    let name = name.trim_end();
    let numbered = name.len() <= 3 && name.starts_with(['R', 'x', 'r']) && name.get(1..).is_some_and(is_digits);
    (numbered || REGISTERS.split(' ').any(|known| known == name))
        && value.trim_start().starts_with(|c: char| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_era_names_mask_and_order() {
        for (text, mask, order, adj) in [
            ("gfp_mask=0x280da, order=0, oomkilladj=0", Some("0x280da"), Some("0"), None),
            ("gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0", Some("0x280da"), Some("0"), Some("0")),
            ("gfp_mask=0xd0, order=1, oom_score_adj=984", Some("0xd0"), Some("1"), Some("984")),
            (
                "gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, oom_score_adj=979",
                Some("0x14000c0(GFP_KERNEL)"),
                Some("0"),
                Some("979"),
            ),
            (
                "gfp_mask=0x14000c0(GFP_KERNEL), nodemask=0-1,3, order=2, oom_score_adj=0",
                Some("0x14000c0(GFP_KERNEL)"),
                Some("2"),
                Some("0"),
            ),
            ("gfp_mask=0x0(), order=-1, oom_score_adj=-999", Some("0x0()"), Some("-1"), Some("-999")),
            ("gfp_mask=0x140dca(GFP_HIGHUS", None, None, None),
        ] {
            let line = format!("GC Thread#3 invoked oom-killer: {text}");
            let whole = text.contains("adj=");
            let expected = Invocation {
                comm: "GC Thread#3",
                gfp_mask: mask,
                order,
                oom_score_adj: adj,
                whole,
                is_of_kernel: true,
            };
            assert_eq!(invocation(&line), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_name_may_hold_blanks_and_marks() {
        for comm in ["kworker/0:2", "(sd-pam)", "C2 CompilerThre", "node worker (1)"] {
            let line = format!("{comm} invoked oom-killer: gfp_mask=0xcc0");
            assert_eq!(invocation(&line).map(|found| found.comm), Some(comm));
        }
        let listed = "- java invoked oom-killer: gfp_mask=0xcc0";
        assert_eq!(invocation(listed).map(|found| (found.comm, found.is_of_kernel)), Some(("java", true)));
        let prefixed = "2025/08/05 unknown prefix: java invoked oom-killer: gfp_mask=0xcc0";
        assert_eq!(invocation(prefixed).map(|found| found.comm), Some("java"));
    }

    #[test]
    fn headings_questions_and_sentences_are_no_lines_of_the_kernel() {
        for line in [
            "# Why has mysqld invoked oom-killer?",
            "Re: java invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0",
            "**java invoked oom-killer**",
            "java invoked oom-killer 로그가 남아 있습니다.",
            "자바가 invoked oom-killer: 왜 그럴까요",
            "In our case java invoked oom-killer, and then the box was unreachable",
            "\"java invoked oom-killer\" is what the log says",
            "Title: java invoked oom-killer: gfp_mask=0xcc0",
        ] {
            assert_eq!(invocation(line).map(|found| found.is_of_kernel), Some(false), "{line}");
        }
        for line in ["java invoked oom-killer", "java invoked oom-killer:", "java invoked oom-killer: gfp_m"] {
            assert_eq!(invocation(line).map(|found| found.is_of_kernel), Some(true), "{line}");
        }
    }

    #[test]
    fn the_release_stands_before_the_build() {
        for (line, tid, kernel) in [
            ("Pid: 2841, comm: java Not tainted 2.6.32-999.el6.x86_64 #1", "2841", Some("2.6.32-999.el6.x86_64")),
            (
                "CPU: 2 PID: 5150 Comm: sh Tainted: P        W  OE     4.14.999-generic #1",
                "5150",
                Some("4.14.999-generic"),
            ),
            (
                "CPU: 5 UID: 1000 PID: 48301 Comm: GC Thread#2 Kdump: loaded Tainted: G           O       6.12.0-99.el10.x86_64 #1 PREEMPT(voluntary)",
                "48301",
                Some("6.12.0-99.el10.x86_64"),
            ),
            ("CPU: 0 PID: 7 Comm: java Not tainted 5.4.0-", "7", None),
        ] {
            assert_eq!(cpu(line), Some(Cpu { tid, kernel }), "{line}");
        }
        assert_eq!(cpu("CPU    0: hi:    0, btch:   1 usd:   0"), None);
    }

    #[test]
    fn frames_of_all_forms_name_their_function() {
        for line in [
            "do_wp_page+0x1a/0x30",
            "? do_wp_page+0x1a/0x30 [ext4]",
            "[<ffffffff811>] ? do_wp_page+0x1/0x2",
            "[<c01>] (do_wp_page) from [<c02>] (x)",
        ] {
            assert_eq!(frame(line), Some("do_wp_page"), "{line}");
        }
        assert_eq!(frame("a sentence + 0x12"), None);
    }
}
