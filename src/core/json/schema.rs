//! What JSON a type is written as, in JSON Schema (2020-12), made of the same tables as the JSON itself. Nothing of it is linked where
//! nobody asks for it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Presence;

/// A part of a schema.
pub type Shape = Value;
/// Makes the shape of a type.
pub type ShapeOf = fn(&mut Schema) -> Shape;

/// Types that were met, each described once.
#[derive(Debug, Default)]
pub struct Schema {
    shapes: BTreeMap<String, Shape>,
    /// What each type is called, by its whole path.
    names: BTreeMap<&'static str, String>,
}

impl Schema {
    /// Describes a type by its path once, and says where.
    fn named(&mut self, path: &'static str, make: &mut dyn FnMut(&mut Schema) -> Shape) -> Shape {
        if let Some(name) = self.names.get(path) {
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        let mut parts = path.rsplit("::");
        let last = parts.next().unwrap_or(path);
        // Two types of one name stand in two modules.
        let taken = |name: &str| self.shapes.contains_key(name);
        let name = match parts.next().filter(|_| taken(last)) {
            Some(module) => format!("{module}.{last}"),
            None => last.to_owned(),
        };
        self.names.insert(path, name.clone());
        // It may hold itself.
        self.shapes.insert(name.clone(), Value::Null);
        let shape = make(self);
        self.shapes.insert(name.clone(), shape);
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// An object with named fields: name, what it is, whether it is there, and its type.
    pub fn record(
        &mut self,
        path: &'static str,
        about: &str,
        fields: &[(&'static str, &'static str, Presence, ShapeOf)],
    ) -> Shape {
        self.named(path, &mut |schema| {
            let mut properties = serde_json::Map::new();
            let mut required = Vec::new();
            for (name, about, presence, shape) in fields {
                let shape = shape(schema);
                // What is absent is not written, and not `null`.
                let shape = if *presence == Presence::Omitted { present(shape) } else { shape };
                properties.insert((*name).to_owned(), told(shape, about));
                if *presence == Presence::Required {
                    required.push(*name);
                }
            }
            told(json!({ "type": "object", "properties": properties, "required": required }), about)
        })
    }

    /// One of a set of words.
    pub fn words(&mut self, path: &'static str, about: &str, words: &[&str]) -> Shape {
        self.named(path, &mut |_| told(json!({ "enum": words }), about))
    }

    /// One of several kinds, each a word, or an object of one name with what it holds.
    pub fn choice(
        &mut self,
        path: &'static str,
        about: &str,
        kinds: &[(&'static str, &'static str, &[ShapeOf])],
    ) -> Shape {
        self.named(path, &mut |schema| {
            let kinds = kinds.iter().map(|(name, about, fields)| match fields {
                [] => told(json!({ "const": name }), about),
                fields => {
                    let held = told(schema.tuple(fields), about);
                    json!({ "type": "object", "properties": { *name: held }, "required": [name], "maxProperties": 1 })
                }
            });
            let kinds: Vec<Shape> = kinds.collect();
            told(json!({ "anyOf": kinds }), about)
        })
    }

    /// A field that stands for itself, or a list of several.
    pub fn tuple(&mut self, fields: &[ShapeOf]) -> Shape {
        match fields {
            [only] => only(self),
            fields => {
                let items: Vec<Shape> = fields.iter().map(|shape| shape(self)).collect();
                let count = items.len();
                json!({ "type": "array", "prefixItems": items, "items": false, "minItems": count })
            }
        }
    }

    /// The properties of the kinds of a choice that was described.
    pub fn kinds_of(&self, shape: &Shape) -> serde_json::Map<String, Shape> {
        let name = shape.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next()).unwrap_or_default();
        let kinds = self.shapes.get(name).and_then(|shape| shape.get("anyOf")).and_then(Value::as_array);
        let properties = kinds.into_iter().flatten().filter_map(|kind| kind.get("properties")?.as_object());
        properties.flat_map(|properties| properties.clone()).collect()
    }

    /// The schema of a type with all that it consists of.
    pub fn whole(title: &str, shape: ShapeOf) -> String {
        let mut schema = Schema::default();
        let top = shape(&mut schema);
        let mut whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": title,
            "$defs": schema.shapes,
        });
        if let (Some(whole), Some(top)) = (whole.as_object_mut(), top.as_object()) {
            whole.extend(top.clone());
        }
        super::pretty(&whole) + "\n"
    }
}

/// The same with what it is, in words without the marks of Rust's documentation.
fn told(mut shape: Shape, about: &str) -> Shape {
    let mut words = String::new();
    let mut rest = about.trim();
    // `[`name`](path)` is its name.
    while let Some((before, behind)) = rest.split_once("](") {
        words.push_str(before);
        rest = behind.split_once(')').map_or("", |(_, rest)| rest);
    }
    words.push_str(rest);
    let words = words.replace("[`", "`").replace("`]", "`");
    if let Some(shape) = shape.as_object_mut().filter(|_| !words.is_empty()) {
        shape.insert("description".to_owned(), words.into());
    }
    shape
}

/// What is there of what may be `null`.
fn present(shape: Shape) -> Shape {
    match shape.get("anyOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([shape, null]) if *null == absent() => shape.clone(),
        _ => shape,
    }
}

fn absent() -> Shape {
    json!({ "type": "null" })
}

/// A whole number; `negative` if it may be below zero.
pub(super) fn integer(negative: bool) -> Shape {
    if negative { json!({ "type": "integer" }) } else { json!({ "type": "integer", "minimum": 0 }) }
}

/// `string`, `boolean`, `number`.
pub(super) fn of_type(name: &str) -> Shape {
    json!({ "type": name })
}

/// Something or `null`.
pub fn or_null(shape: Shape) -> Shape {
    json!({ "anyOf": [shape, absent()] })
}

/// A value of one of these types.
pub fn any_of(types: &[&str]) -> Shape {
    json!({ "type": types })
}

/// An object of such properties, none of which has to be there.
pub fn object(properties: serde_json::Map<String, Shape>) -> Shape {
    json!({ "type": "object", "properties": properties })
}

/// Any number of something.
pub fn list(shape: &Shape) -> Shape {
    json!({ "type": "array", "items": shape })
}

/// Something by names that are not known.
pub fn by_name(shape: &Shape) -> Shape {
    json!({ "type": "object", "additionalProperties": shape })
}
