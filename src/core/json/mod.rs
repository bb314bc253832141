//! Values as JSON, and back: reports, what page and worker say to each other, and what the browser keeps.
//!
//! There is one reader and one writer for all types: a type says by tables ([`Record`], `#[derive(Json)]`) what it consists of. Code that
//! is made anew for every type, as `serde` does it, weighs many times as much (ARCHITECTURE.md).

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice))]

mod read;
pub mod schema;
mod values;
mod write;

pub use oomscope_derive::Json;
pub use read::Reader;
pub use schema::{Schema, Shape};
pub use write::Writer;

use serde_json::Value;

/// What is written as JSON and read from it.
pub trait Json {
    /// Any value, to be read into; of what may be missing, the value that it has then.
    fn blank() -> Self
    where
        Self: Sized;

    /// Writes it.
    fn write(&self, to: &mut Writer);

    /// Reads it. `None` for what is no such value.
    fn read(&mut self, from: &mut Reader<'_>) -> Option<()>;

    /// True for what need not be written.
    fn is_absent(&self) -> bool {
        false
    }

    /// What JSON it is.
    fn shape(schema: &mut Schema) -> Shape
    where
        Self: Sized;
}

/// An object with named fields.
pub trait Record {
    /// Their names in order.
    fn fields(&self) -> &'static [(&'static str, Presence)];

    /// The field of that number.
    fn field(&self, at: usize) -> Option<&dyn Json>;

    /// The same, to be read into.
    fn field_mut(&mut self, at: usize) -> Option<&mut dyn Json>;
}

/// One of several kinds, some of which have fields.
pub trait Choice {
    /// Becomes the kind of that name and reads its fields. `None` if there is no such kind.
    fn read_as(&mut self, kind: &str, from: &mut Reader<'_>) -> Option<()>;
}

/// Whether a field has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// It is written, and may be missing in what is read.
    Optional,
    /// It is not written where it is absent.
    Omitted,
}

/// True for a record without any value.
pub fn is_absent(record: &dyn Record) -> bool {
    (0..record.fields().len()).all(|at| record.field(at).is_none_or(|field| field.is_absent()))
}

/// As JSON.
pub fn bytes(value: &dyn Json) -> Vec<u8> {
    let mut to = Writer::default();
    value.write(&mut to);
    to.bytes()
}

/// The same as text.
pub fn text(value: &dyn Json) -> String {
    String::from_utf8(bytes(value)).unwrap_or_default()
}

/// The same with a line for every value.
pub fn pretty(value: &dyn Json) -> String {
    let mut to = Writer::in_lines();
    value.write(&mut to);
    String::from_utf8(to.bytes()).unwrap_or_default()
}

/// As a tree of values.
pub fn tree(value: &dyn Json) -> Value {
    read(&bytes(value)).unwrap_or_default()
}

/// From JSON. `None` if it is none of the wanted value.
pub fn read<T: Json>(json: &[u8]) -> Option<T> {
    let mut value = T::blank();
    Reader::of(json).whole(&mut value)?;
    Some(value)
}

/// From a tree of values.
pub fn of_tree<T: Json>(tree: &Value) -> Option<T> {
    read(&bytes(tree))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Json)]
    struct All {
        name: String,
        count: Option<u64>,
        #[json(omit)]
        list: Vec<(u16, i64)>,
        #[json(default)]
        by_name: BTreeMap<String, Kind>,
        flag: bool,
    }

    #[derive(Clone, Debug, PartialEq, Json)]
    enum Kind {
        Plain,
        OneValue(u32),
        Two(String, Option<bool>),
    }

    #[derive(Clone, Copy, Debug, PartialEq, Json)]
    enum Word {
        First,
        SecondOfTwo,
    }

    fn all() -> All {
        let kinds = [Kind::Plain, Kind::OneValue(7), Kind::Two("ü\u{1}\"\\\n𝄞".to_owned(), None)];
        All {
            name: "a name".to_owned(),
            count: Some(u64::MAX),
            list: vec![(1, i64::MIN), (65535, 0)],
            by_name: kinds.into_iter().enumerate().map(|(at, kind)| (at.to_string(), kind)).collect(),
            flag: true,
        }
    }

    #[test]
    fn what_is_written_comes_back_and_is_json_as_others_have_it() {
        let all = all();
        let json = text(&all);
        assert_eq!(read::<All>(json.as_bytes()), Some(all.clone()));
        assert_eq!(read::<All>(pretty(&all).as_bytes()), Some(all.clone()));
        let tree: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(of_tree::<All>(&tree), Some(all.clone()));
        assert_eq!(
            json,
            "{\"name\":\"a name\",\"count\":18446744073709551615,\"list\":[[1,-9223372036854775808],[65535,0]],\
             \"by_name\":{\"0\":\"plain\",\"1\":{\"one-value\":7},\"2\":{\"two\":[\"ü\\u0001\\\"\\\\\\n𝄞\",null]}},\"flag\":true}"
        );
        let plain = All { count: None, list: Vec::new(), by_name: BTreeMap::new(), ..all };
        assert_eq!(text(&plain), r#"{"name":"a name","by_name":{},"flag":true}"#);
        let lines = "{\n  \"name\": \"a name\",\n  \"by_name\": {},\n  \"flag\": true\n}";
        assert_eq!(pretty(&plain), lines);
        assert_eq!(text(&vec![Word::First, Word::SecondOfTwo]), r#"["first","second-of-two"]"#);
        assert_eq!(pretty(&vec![1_u32, 2]), serde_json::to_string_pretty(&[1, 2]).expect("JSON"));
    }

    #[test]
    fn fields_have_any_order_and_what_is_not_known_is_passed_over() {
        let json = r#" { "flag" : false , "new" : {"a":[1,"]}\"",{}],"b":null}, "name":"\ud834\udd1e\/" } "#;
        let read = read::<All>(json.as_bytes()).expect("reads");
        assert_eq!(
            read,
            All { name: "𝄞/".to_owned(), count: None, list: vec![], by_name: BTreeMap::new(), flag: false }
        );
    }

    #[test]
    fn what_is_no_such_value_is_refused() {
        for json in [
            "",
            "{",
            "[]",
            "null",
            r#"{"name":"a"}"#,
            r#"{"name":"a","flag":1}"#,
            r#"{"name":"a","flag":true}x"#,
            r#"{"name":"a","flag":true,}"#,
            r#"{"name":"a","name":"b","flag":true}"#,
            r#"{"name":"a","flag":true,"count":-1}"#,
            r#"{"name":"a","flag":true,"count":1.5}"#,
            r#"{"name":"a","flag":true,"count":18446744073709551616}"#,
            r#"{"name":"a","flag":true,"list":[[1]]}"#,
            r#"{"name":"a","flag":true,"list":[[1,2,3]]}"#,
            r#"{"name":"a","flag":true,"by_name":{"a":"one-value"}}"#,
            r#"{"name":"a","flag":true,"by_name":{"a":{"none":1}}}"#,
            r#"{"name":"a","flag":true,"by_name":{"a":{"one-value":1,"plain":2}}}"#,
            r#"{"name":"\ud834","flag":true}"#,
            r#"{"name":"\u12","flag":true}"#,
            r#"{"name":"a\"#,
            r#"{"name":"a","flag":true,"new":[}"#,
        ] {
            assert_eq!(read::<All>(json.as_bytes()), None, "{json}");
        }
        assert_eq!(read::<Word>(br#""third""#), None);
        let json = text(&all());
        for end in 0..json.len() {
            assert_eq!(read::<All>(&json.as_bytes()[..end]), None, "{end}");
        }
    }
}
