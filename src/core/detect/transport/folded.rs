//! A command and its whole answer on one line, as pages leave it that turn line ends inside code into blanks:
//!
//! ```text
//! ` [root]$ ps -p 75 -o rss,vsz RSS VSZ 7152568 17485844`
//! ` #jcmd 75 VM.native_memory summary Native Memory Tracking: Total: reserved=5074027KB, committed=3798707KB - Java Heap (reserved=…`
//! ```
//!
//! Only answers whose lines begin with words of their own are unfolded: NMT, the last line of `pmap`, and columns of `ps`.

/// Bytes before the command: a mark of code and a prompt.
const MAX_PROMPT: usize = 40;
/// A longer line is no answer that somebody pasted.
const MAX_LINE: usize = 1 << 16;
/// What the lines of a category of NMT begin with.
const GROUPS: [&str; 9] = [
    "(mmap:",
    "(malloc=",
    "(classes #",
    "(thread #",
    "(threads #",
    "(stack:",
    "(arena=",
    "(tracking overhead=",
    "(instance classes #",
];

/// The lines that the text was made of. `None` for any other text.
pub(super) fn lines(text: &str) -> Option<Vec<&str>> {
    let head =
        text.get(..text.floor_char_boundary(MAX_PROMPT)).filter(|_| (MAX_PROMPT..MAX_LINE).contains(&text.len()))?;
    let start = ["jcmd ", "ps -", "pmap "].iter().filter_map(|command| head.find(command)).min()?;
    let text = text.get(start..)?.trim_end_matches(['`', ' ']);
    if text.contains(" Total: reserved=") && text.contains(" (reserved=") {
        return Some(broken(text, begins_line_of_nmt));
    }
    if text.starts_with("pmap ") && text.contains(" total kB ") {
        return Some(broken(text, |rest| rest.starts_with("total kB ") || is_address(rest)));
    }
    of_ps(text)
}

/// Breaks a text at the blanks behind which a line begins.
fn broken(text: &str, begins: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b' ', text.as_bytes()) {
        if text.get(at + 1..).is_some_and(&begins) {
            lines.extend(text.get(from..at));
            from = at + 1;
        }
    }
    lines.extend(text.get(from..));
    lines
}

fn begins_line_of_nmt(rest: &str) -> bool {
    let is_category = || {
        let (name, behind) = rest.strip_prefix("- ")?.split_once(" (")?;
        Some(!name.contains(['(', ')', '=']) && behind.starts_with("reserved="))
    };
    ["Native Memory Tracking: Total", "Total: reserved="].iter().any(|words| rest.starts_with(words))
        || GROUPS.iter().any(|group| rest.starts_with(group))
        || is_category() == Some(true)
}

/// `00007fa07c000000 65536 …`
fn is_address(rest: &str) -> bool {
    let word = rest.split(' ').next().unwrap_or_default();
    word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A command, its columns, and one row with as many numbers.
fn of_ps(text: &str) -> Option<Vec<&str>> {
    let is_column = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'%');
    let words: Vec<&str> = text.split(' ').collect();
    let first = words.iter().position(&is_column).filter(|_| text.starts_with("ps -"))?;
    let columns = words.iter().skip(first).take_while(|word| is_column(word)).count();
    let row = words.iter().skip(first + columns).take(columns);
    let is_row =
        row.clone().count() == columns && row.clone().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let length = |count: usize| words.iter().take(count).map(|word| word.len() + 1).sum::<usize>();
    let (head, body, end) = (length(first), length(first + columns), length(first + 2 * columns).min(text.len() + 1));
    let parts = [text.get(..head - 1)?, text.get(head..body - 1)?, text.get(body..end - 1)?];
    is_row.then(|| parts.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_on_one_line_is_unfolded() {
        let nmt = "` #jcmd 75 VM.native_memory summary Native Memory Tracking: Total: reserved=5074027KB, committed=3798707KB - Java Heap (reserved=3072000KB, committed=3072000KB) (mmap: reserved=3072000KB, committed=3072000KB) - Native Memory Tracking (reserved=1325KB, committed=1325KB) (malloc=208KB #3083) copy`";
        let found = lines(nmt).expect("an answer");
        assert_eq!(
            found,
            [
                "jcmd 75 VM.native_memory summary",
                "Native Memory Tracking:",
                "Total: reserved=5074027KB, committed=3798707KB",
                "- Java Heap (reserved=3072000KB, committed=3072000KB)",
                "(mmap: reserved=3072000KB, committed=3072000KB)",
                "- Native Memory Tracking (reserved=1325KB, committed=1325KB)",
                "(malloc=208KB #3083) copy",
            ]
        );
        let ps = lines("` [root]$ ps -p 75 -o rss,vsz RSS VSZ 7152568 17485844 copy`");
        assert_eq!(ps, Some(vec!["ps -p 75 -o rss,vsz", "RSS VSZ", "7152568 17485844"]));
        let pmap = lines(
            "` $ pmap -x 75 | sort -n -k3 00007fa07c000000 65536 55820 55820 rwx-- [ anon ] total kB 17629516 7384476 7377520`",
        );
        assert_eq!(pmap.map(|lines| lines.len()), Some(3));
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for text in [
            "`ps -ef` shows it",
            "` ps -p 7 -o rss RSS`",
            "- Java Heap (reserved=1KB, committed=1KB)",
            "`jcmd 7 VM.flags`",
            "ps -",
            "`",
        ] {
            assert_eq!(lines(text), None, "{text}");
        }
    }
}
