//! The project's own sources, with code, string literals and comments told apart, for the tests that read them.
#![allow(dead_code, reason = "each test that includes this file uses a part of it")]

use std::fs;
use std::path::Path;

/// One file of a crate: of `src`, or of `src/core` in it.
pub struct SourceFile {
    /// The folder of the crate: `src`, `src/core`.
    pub of: &'static str,
    /// The path below it, with forward slashes: `formats/jstat.rs`.
    pub path: String,
    /// The text with comments and the insides of literals blanked out byte by byte: offsets and lines are the file's.
    pub code: String,
    /// The string literals in reading order, as they are written (escapes are not resolved).
    pub literals: Vec<Literal>,
}

/// A string literal.
pub struct Literal {
    /// Offset of the opening quote in [`SourceFile::code`].
    pub at: usize,
    pub text: String,
}

impl SourceFile {
    /// `path` is that below `src`.
    pub fn parse(path: &str, text: &str) -> SourceFile {
        let (of, path) = path.strip_prefix("core/").map_or(("src", path), |path| ("src/core", path));
        let mut code = String::with_capacity(text.len());
        let mut literals = Vec::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let length = if rest.starts_with("//") {
                blank(&mut code, rest, rest.find('\n').unwrap_or(rest.len()))
            } else if rest.starts_with("/*") {
                blank(&mut code, rest, block_comment(rest))
            } else if next == '"' {
                let inside = plain_string(&rest[1..]);
                literals.push(Literal { at: code.len(), text: rest[1..1 + inside].to_owned() });
                quote(&mut code, &rest[1..1 + inside])
            } else if let Some(hashes) = raw_string(&code, rest) {
                let open = rest[..hashes + 2].replace('r', " ");
                let close = format!("\"{}", "#".repeat(hashes));
                let inside = rest[hashes + 2..].find(&close).unwrap_or(rest.len() - hashes - 2);
                code.push_str(&open[..hashes + 1]);
                literals.push(Literal { at: code.len(), text: rest[hashes + 2..hashes + 2 + inside].to_owned() });
                hashes + 1 + quote(&mut code, &rest[hashes + 2..hashes + 2 + inside])
            } else if let Some(length) = char_literal(rest) {
                blank(&mut code, rest, length)
            } else {
                code.push(next);
                next.len_utf8()
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        SourceFile { of, path: path.to_owned(), code, literals }
    }

    /// `src/core/formats/jstat.rs:12`, for messages.
    pub fn place(&self, at: usize) -> String {
        format!("{}/{}:{}", self.of, self.path, self.code[..at].matches('\n').count() + 1)
    }

    /// Where the word stands alone, not as a part of a longer name.
    pub fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let named = |c: char| c.is_alphanumeric() || c == '_';
        self.code
            .match_indices(word)
            .map(|(at, _)| at)
            .filter(move |at| !self.code[..*at].ends_with(named) && !self.code[at + word.len()..].starts_with(named))
    }
}

/// All files under `src/`, sorted by path.
pub fn source_files() -> Vec<SourceFile> {
    fn walk(folder: &Path, below: &str, files: &mut Vec<SourceFile>) {
        for entry in fs::read_dir(folder).expect("src/ can be listed") {
            let entry = entry.expect("src/ can be listed");
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{path}/"), files);
            } else if path.ends_with(".rs") {
                files.push(SourceFile::parse(&path, &fs::read_to_string(entry.path()).expect("a source is UTF-8")));
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.iter().any(|file| file.path == "lib.rs"), "src/lib.rs was not found");
    files
}

/// Puts `text[..length]` into the code as blanks; newlines stay.
fn blank(code: &mut String, text: &str, length: usize) -> usize {
    code.extend(text.as_bytes()[..length].iter().map(|byte| if *byte == b'\n' { '\n' } else { ' ' }));
    length
}

/// Puts a literal with blanks inside into the code; the length with both quotes.
fn quote(code: &mut String, inside: &str) -> usize {
    code.push('"');
    blank(code, inside, inside.len());
    code.push('"');
    inside.len() + 2
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The length of a string without its quotes, given what follows the opening one.
fn plain_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// The number of `#` if a raw string starts here.
fn raw_string(before: &str, text: &str) -> Option<usize> {
    let inside_a_name =
        before.strip_suffix(['b', 'c']).unwrap_or(before).ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let after = text.strip_prefix('r')?.trim_start_matches('#');
    (!inside_a_name && after.starts_with('"')).then(|| text.len() - after.len() - 1)
}

/// The length of a character literal; `None` for a lifetime and for everything else.
fn char_literal(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        return inside[2..].find('\'').map(|at| at + 4);
    }
    inside[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

#[test]
fn comments_and_literals_are_told_apart_from_code() {
    let text = "use a; // \"no\"\n/* /* 'x' */ */ f(\"a\\\"b\", r#\"c\"d\"#, '\"', 'a', &'a str); b\"e\"";
    let file = SourceFile::parse("a.rs", text);
    assert_eq!(file.literals.iter().map(|literal| literal.text.as_str()).collect::<Vec<_>>(), ["a\\\"b", "c\"d", "e"]);
    assert_eq!(file.code.len(), text.len());
    assert_eq!(
        file.code.split_whitespace().collect::<Vec<_>>(),
        ["use", "a;", "f(\"", "\",", "#\"", "\"#,", ",", ",", "&'a", "str);", "b\"", "\""]
    );
    assert_eq!(file.place(file.literals[0].at), "src/a.rs:2");
}
