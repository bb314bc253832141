//! Text flows one way: a folder of `src/` imports only what stands left of it. ARCHITECTURE.md has the picture.

#[path = "support/rust_source.rs"]
mod rust_source;

use std::collections::{BTreeMap, BTreeSet};

use rust_source::{SourceFile, source_files};

/// From left to right; what stands together may import one another.
const ORDER: &[&[&str]] = &[
    &["json"],
    &["units", "source", "civil", "visible", "warning", "look", "order", "i18n"],
    &["model"],
    &["formats"],
    &["detect"],
    &["timeline"],
    &["analysis"],
    &["report"],
    &["analyzer"],
    &["stream"],
    &["chart"],
    &["document"],
    &["export"],
    &["embed"],
    &["worker"],
    &["app"],
];

/// What `lib.rs` offers at the crate's root, and the module it stands for.
const ROOT_NAMES: &[(&str, &str)] = &[("Analysis", "analyzer"), ("Analyzer", "analyzer")];

/// Only these may name what exists in a browser.
const BROWSER_SIDE: &[&str] =
    &["app/", "bin/app.rs", "bin/embed.rs", "chart/canvas.rs", "embed.rs", "export/png.rs", "worker/client"];

const BROWSER_CRATES: &[&str] =
    &["gloo", "js_sys", "plotters_canvas", "wasm_bindgen", "wasm_bindgen_futures", "web_sys", "yew"];

fn rank(module: &str) -> Option<usize> {
    let module = ROOT_NAMES.iter().find(|(name, _)| *name == module).map_or(module, |(_, module)| *module);
    ORDER.iter().position(|together| together.contains(&module))
}

/// The top-level module that a file belongs to: `formats` for `formats/jstat.rs`.
fn module_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules named in `crate::…` paths, in `use` and inline, with where they stand.
fn imports(file: &SourceFile) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for at in file.words("crate") {
        let Some(path) = file.code[at + "crate".len()..].trim_start().strip_prefix("::") else { continue };
        match path.trim_start().strip_prefix('{') {
            Some(list) => found.extend(list_items(list).into_iter().map(|name| (at, name))),
            None => found.push((at, first_name(path))),
        }
    }
    found
}

/// The first name of every item of a `use` list, given what follows its opening brace.
fn list_items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(first_name(&list[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|name| !name.is_empty());
    items
}

fn first_name(path: &str) -> &str {
    path.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Where a chain of `super::` leaves the file's top-level module. An inline module adds one level.
fn escapes(file: &SourceFile) -> Vec<usize> {
    let folders = file.path.matches('/').count();
    let depth = folders + usize::from(!file.path.ends_with("/mod.rs"));
    let first_inline = file.code.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let inline_from = first_inline
        .filter(|(_, line)| line.trim_start_matches("pub ").starts_with("mod ") && line.trim_end().ends_with('{'))
        .map(|(start, _)| start)
        .next()
        .unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for at in file.words("super") {
        if file.code[..at].ends_with("super::") {
            continue;
        }
        let mut steps = 1;
        let mut rest = &file.code[at + "super".len()..];
        while let Some(next) = rest.strip_prefix("::super") {
            steps += 1;
            rest = next;
        }
        if steps >= depth + usize::from(at > inline_from) {
            found.push(at);
        }
    }
    found
}

/// Arrows to the right, in words.
fn violations(file: &SourceFile) -> Vec<String> {
    let module = module_of(&file.path);
    if matches!(module, "lib" | "bin") {
        return Vec::new();
    }
    let Some(own) = rank(module) else {
        return vec![format!("{}: `{module}` has no place in ORDER", file.place(0))];
    };
    let mut found = Vec::new();
    for (at, name) in imports(file) {
        match rank(name) {
            Some(other) if other <= own || name == module => {}
            Some(_) => found.push(format!("{}: `{module}` imports `{name}`, which stands right of it", file.place(at))),
            None => found.push(format!("{}: `crate::{name}` has no place in ORDER", file.place(at))),
        }
    }
    for at in escapes(file) {
        found.push(format!("{}: leaves `{module}` with `super`; write `crate::…`", file.place(at)));
    }
    found
}

/// Names of browser crates in files that must build without a browser.
fn browser_names(file: &SourceFile) -> Vec<String> {
    if BROWSER_SIDE.iter().any(|allowed| file.path.starts_with(allowed)) {
        return Vec::new();
    }
    BROWSER_CRATES
        .iter()
        .flat_map(|name| file.words(name).map(move |at| (name, at)))
        .filter(|(name, at)| {
            let before = file.code[..*at].trim_end();
            file.code[at + name.len()..].trim_start().starts_with("::") || before.ends_with("use")
        })
        .map(|(name, at)| format!("{}: names `{name}`, which only exists in a browser", file.place(at)))
        .collect()
}

#[test]
fn no_folder_imports_what_stands_right_of_it() {
    let found: Vec<String> = source_files().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Files and folders beside each other in `src/app` and below it that import one another, directly or round about. What the
/// folders are in a circle of is a matter of the table; here it is what a change reaches.
#[test]
fn nothing_on_the_page_imports_itself_round_about() {
    let files = source_files();
    let mut arrows: BTreeMap<String, BTreeSet<(&str, String)>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with("app/") && !file.path.ends_with("/mod.rs")) {
        let own: Vec<&str> = file.path.trim_end_matches(".rs").split('/').collect();
        for target in paths(file, &own) {
            let same = own.iter().zip(&target).take_while(|(a, b)| a == b).count();
            if let (true, Some(from), Some(to)) = (same > 0, own.get(same), target.get(same)) {
                arrows.entry(own[..same].join("/")).or_default().insert((from, (*to).to_owned()));
            }
        }
    }
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 40, "the imports are found");
    for (folder, arrows) in arrows {
        // What imports nothing that is left is no part of a circle.
        let mut left = arrows;
        loop {
            let from: BTreeSet<&str> = left.iter().map(|(from, _)| *from).collect();
            let rest: BTreeSet<_> = left.iter().filter(|(_, to)| from.contains(to.as_str())).cloned().collect();
            if rest.len() == left.len() {
                break;
            }
            left = rest;
        }
        assert!(left.is_empty(), "a circle in src/{folder}: {left:?}");
    }
}

/// The modules that a file names after `crate::` and `super::`, each as the way to it from `src`.
fn paths<'a>(file: &'a SourceFile, own: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    for (root, depth) in [("crate", None), ("super", own.len().checked_sub(1))] {
        for at in file.words(root) {
            let mut way: Vec<&str> = depth.map_or_else(Vec::new, |depth| own[..depth].to_vec());
            let mut rest = &file.code[at + root.len()..];
            while let Some(next) = rest.strip_prefix("::") {
                let name = first_name(next);
                match name {
                    "super" => {
                        way.pop();
                    }
                    "" => break,
                    name => way.push(name),
                }
                rest = &next[name.len()..];
            }
            found.push(way);
        }
    }
    found
}

#[test]
fn only_the_page_names_what_exists_in_a_browser() {
    let found: Vec<String> = source_files().iter().flat_map(browser_names).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_arrow_to_the_right_is_found_in_every_way_of_writing_it() {
    let found = |path: &str, text: &str| violations(&SourceFile::parse(path, text)).len();
    assert_eq!(found("model/run.rs", "use crate::report::Report;"), 1);
    assert_eq!(found("model/run.rs", "use crate::{\n    units::{Bytes, Micros},\n    app::session,\n};"), 1);
    assert_eq!(found("model/run.rs", "fn f() { crate::detect::split() }"), 1);
    assert_eq!(found("model/run.rs", "use crate::Analyzer;"), 1);
    assert_eq!(found("model/run.rs", "use crate::nowhere::Thing;"), 1);
    assert_eq!(found("units.rs", "use super::report::Report;"), 1);
    assert_eq!(found("model/run.rs", "use super::super::report::Report;"), 1);
    assert_eq!(found("model/mod.rs", "use super::report::Report;"), 1);
    assert_eq!(found("elsewhere.rs", ""), 1);
    assert_eq!(browser_names(&SourceFile::parse("chart/timeline.rs", "use web_sys::Element;")).len(), 1);
}

#[test]
fn an_arrow_to_the_left_is_no_violation() {
    let found = |path: &str, text: &str| violations(&SourceFile::parse(path, text));
    let none: [String; 0] = [];
    assert_eq!(found("report/mod.rs", "use crate::{model::run::Run, units::Bytes};\npub(crate) fn f() {}"), none);
    assert_eq!(
        found("units.rs", "// crate::report\nuse crate::source::Line;\nmod tests {\n    use super::*;\n}"),
        none
    );
    assert_eq!(found("model/run.rs", "use super::jstat::JstatTable; const S: &str = \"crate::app\";"), none);
    assert_eq!(found("bin/oomscope.rs", "use oomscope::Analyzer;"), none);
    assert_eq!(browser_names(&SourceFile::parse("app/mod.rs", "use yew::prelude::*;")), none);
}
