//! On which system an input was made, by prompts and paths of Windows and macOS and by the words around the logs: Linux's commands and
//! limits are of no use to who sits at another one. Whatever speaks of Linux, or of containers, which are Linux's, leaves it at that.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::formats::prompt::is_of_windows;
use crate::model::readings::{LINUX, Readings};
use crate::source::Line;

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 1000;

/// Names of systems in words, in lower case, and what each says.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("windows server", "windows"), ("windows 7", "windows"), ("windows 8", "windows"), ("windows 10", "windows"),
    ("windows 11", "windows"), ("on windows", "windows"), ("윈도우", "windows"),
    ("コマンドプロンプト", "windows"), ("cドライブ", "windows"), ("명령 프롬프트", "windows"), ("c드라이브", "windows"), ("命令提示符", "windows"), ("macos", "macos"), ("mac os", "macos"), ("macbook", "macos"), ("os x ", "macos"),
    ("linux", LINUX), ("ubuntu", LINUX), ("debian", LINUX), ("centos", LINUX), ("red hat", LINUX), ("rhel", LINUX), ("alpine", LINUX),
    ("docker", LINUX), ("container", LINUX), ("kubernetes", LINUX), ("wsl", LINUX), (" pod", LINUX), ("리눅스", LINUX), ("컨테이너", LINUX),
];

/// What only one system has, whatever else is named.
const SIGNS: [(&str, &str); 7] = [
    ("errno=1455", "windows"),
    ("paging file is too small", "windows"),
    (".mdmp", "windows"),
    ("jetsam", "macos"),
    ("vm.swapusage", "macos"),
    ("/library/logs/", "macos"),
    ("/library/java/javavirtualmachines/", "macos"),
];

/// Signs of a system that stand in lines of logs, too: what the JVM of one was made of, folders of people, and what starts programs.
const IN_LOGS: [(&str, &str); 10] = [
    ("os_windows.cpp", "windows"),
    ("os_windows_x86.cpp", "windows"),
    ("CreateProcess error=", "windows"),
    ("cmd.exe /", "windows"),
    ("windows-amd64", "windows"),
    ("os_bsd.cpp", "macos"),
    ("/Users/", "macos"),
    ("MacBook", "macos"),
    ("os_linux.cpp", LINUX),
    ("/home/", LINUX),
];

/// What is looked for, and the system that it says.
type Finders = Vec<(Finder<'static>, &'static str)>;

fn finders(signs: &'static [(&str, &str)]) -> Finders {
    signs.iter().map(|(sign, system)| (Finder::new(sign), *system)).collect()
}

/// Notes the system that a path or another sign in a line shows, whoever reads the line.
pub fn look(line: &Line<'_>, out: &mut Readings) {
    static FINDERS: LazyLock<Finders> = LazyLock::new(|| finders(&IN_LOGS));
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    let known = |name: &str| out.systems.iter().any(|(known, _)| *known == name);
    let windows = has_windows_path(text);
    let signs = FINDERS.iter().filter(|(_, system)| !known(system));
    let found: Vec<&str> =
        signs.filter(|(sign, _)| sign.find(text.as_bytes()).is_some()).map(|(_, name)| *name).collect();
    // `C:/Users/me` is of no Mac.
    for system in found.into_iter().filter(|system| !(windows && *system == "macos")) {
        out.note_system(system, line.span());
    }
    if windows {
        out.note_system("windows", line.span());
    }
}

/// `C:\Program Files\Java`, `d:\app`, `C:/Users/me`: a letter that no other stands before, and a folder.
fn has_windows_path(text: &str) -> bool {
    memchr::memchr_iter(b':', text.as_bytes()).any(|at| {
        let mut letters = text.get(..at).unwrap_or_default().chars().rev();
        let folder = text.get(at + 1..).unwrap_or_default();
        let is_folder = ["/Users/", "/Program"].iter().any(|start| folder.starts_with(start))
            || folder
                .strip_prefix('\\')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '\\'));
        is_folder
            && letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && !letters.next().is_some_and(char::is_alphanumeric)
    })
}

/// Notes the systems that a line names.
pub fn read(line: &Line<'_>, out: &mut Readings) {
    static CERTAIN: LazyLock<Finders> = LazyLock::new(|| finders(&SIGNS));
    static NAMED: LazyLock<Finders> = LazyLock::new(|| finders(NAMES));
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default().to_lowercase();
    if let Some((_, system)) = CERTAIN.iter().find(|(sign, _)| sign.find(text.as_bytes()).is_some()) {
        out.note_certain_system(system, line.span());
    }
    if is_of_windows(line.body) {
        out.note_system("windows", line.span());
        return;
    }
    // Whatever else is named, it stays at that.
    if out.systems.iter().any(|(known, _)| *known == LINUX) {
        return;
    }
    for (name, system) in NAMED.iter() {
        if name.find(text.as_bytes()).is_some() {
            out.note_system(system, line.span());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_what_starts_programs_show_a_system() {
        let shown = |text: &str| {
            let mut out = Readings::default();
            look(&Line::of(text), &mut out);
            out.systems.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        assert_eq!(shown(r"config read from D:\app\conf\server.xml"), ["windows"]);
        assert_eq!(shown("\"C:/Users/me/AppData/java.exe\" -Xmx4G"), ["windows"]);
        assert_eq!(shown("#  Out of Memory Error (os_windows.cpp:3521), pid=7, tid=9"), ["windows"]);
        assert_eq!(shown("java.io.IOException: CreateProcess error=1455"), ["windows"]);
        assert_eq!(shown("me@MacBook-Pro app % java -jar /Users/me/app.jar"), ["macos"]);
        assert_eq!(shown("loaded /home/me/app.jar"), [LINUX]);
        assert_eq!(shown(r"a path of http:\\ and of jar:\x"), [""; 0]);
    }
}
