//! On which system an input was made, by a prompt of Windows and by the words around the logs: Linux's commands and limits are of no use
//! to who sits at another one. Whatever speaks of Linux, or of containers, which are Linux's, leaves it at that.

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

/// Notes the systems that a line names.
pub fn read(line: &Line<'_>, out: &mut Readings) {
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default().to_lowercase();
    if let Some((_, system)) = SIGNS.iter().find(|(sign, _)| text.contains(sign)) {
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
    for (name, system) in NAMES {
        if text.contains(name) {
            out.note_system(system, line.span());
        }
    }
}
