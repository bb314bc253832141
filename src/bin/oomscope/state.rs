//! What a following program keeps between two runs: how far each file was read, and the ids of what was told.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;

use serde_json::{Value, json};

use crate::output::{self, named};

/// The version of the file.
const VERSION: u64 = 1;

/// How far a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub device: u64,
    pub inode: u64,
    pub offset: u64,
    /// Lines before.
    pub lines: u64,
    /// Its first bytes.
    pub head: Vec<u8>,
}

/// All that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    files: BTreeMap<String, Place>,
    /// The oldest first.
    pub seen: Vec<String>,
}

impl State {
    /// Reads it. What is not there is empty; what cannot be read is told rather than overwritten.
    pub fn read(path: &OsStr) -> Result<State, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(format!("{}: {error}", named(path))),
        };
        State::of(&text).ok_or_else(|| format!("{}: {}", named(path), ErrorKind::InvalidData))
    }

    fn of(text: &str) -> Option<State> {
        let value: Value = serde_json::from_str(text).ok()?;
        if value.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let number = |place: &Value, name: &str| place.get(name).and_then(Value::as_u64);
        let place = |place: &Value| {
            let head = place.get("head")?.as_array()?.iter();
            Some(Place {
                device: number(place, "device")?,
                inode: number(place, "inode")?,
                offset: number(place, "offset")?,
                lines: number(place, "lines")?,
                head: head.filter_map(Value::as_u64).filter_map(|byte| u8::try_from(byte).ok()).collect(),
            })
        };
        let files = value.get("files")?.as_object()?.iter();
        let seen = value.get("seen")?.as_array()?.iter();
        Some(State {
            files: files.filter_map(|(name, known)| Some((name.clone(), place(known)?))).collect(),
            seen: seen.filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }

    /// Where a file was left.
    pub fn place(&self, name: &OsStr) -> Option<&Place> {
        self.files.get(&*name.to_string_lossy())
    }

    /// Notes how far a file was read.
    pub fn set(&mut self, name: &OsStr, place: Place) {
        self.files.insert(name.to_string_lossy().into_owned(), place);
    }

    /// Writes it: as a whole, or not at all.
    pub fn write(&self, path: &OsStr) -> Result<(), String> {
        output::write(path, &self.text()).map_err(|error| format!("{}: {error}", named(path)))
    }

    fn text(&self) -> String {
        let place = |place: &Place| {
            let Place { device, inode, offset, lines, head } = place;
            json!({ "device": device, "inode": inode, "offset": offset, "lines": lines, "head": head })
        };
        let files: BTreeMap<&String, Value> = self.files.iter().map(|(name, known)| (name, place(known))).collect();
        json!({ "version": VERSION, "files": files, "seen": self.seen }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_as_it_was_and_nothing_else_is_taken_for_it() {
        let mut state = State { seen: vec!["a".to_owned(), "b".to_owned()], ..State::default() };
        let place = Place { device: 1, inode: u64::MAX, offset: 7, lines: 2, head: vec![0, 255] };
        state.set(OsStr::new("x.log"), place);
        assert_eq!(State::of(&state.text()), Some(state));
        for text in ["", "{}", "{\"version\":2,\"files\":{},\"seen\":[]}"] {
            assert_eq!(State::of(text), None);
        }
    }
}
