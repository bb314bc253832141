//! The JSON Schemas in `docs`: they are what the types are, and all that is written obeys them.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use oomscope::export::schema;
use oomscope::report::redact::redact;
use oomscope::stream::{Position, Settings, Stream};
use serde_json::Value;

#[test]
fn documents_are_the_schemas_of_the_types() {
    for (name, made) in [("report.schema.json", schema::report()), ("incident.schema.json", schema::incident())] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(&path, &made).expect("writes");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == made, "{name} is not what the types are: INSTA_UPDATE=always cargo test --test schema");
    }
}

/// What of a schema was met, and what a value has against it. Of JSON Schema it knows what ours use, and, what that does not ask, that an
/// object whose fields are named has no others.
struct Validator {
    schema: Value,
    met: BTreeSet<String>,
}

impl Validator {
    fn of(schema: &str) -> Validator {
        Validator { schema: serde_json::from_str(schema).expect("JSON"), met: BTreeSet::new() }
    }

    fn check(&mut self, value: &Value) -> Result<(), String> {
        let schema = self.schema.clone();
        self.value(&schema, value, "")
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let wrong =
            |what: &str| Err(format!("{at}: {what}: {}", value.to_string().chars().take(80).collect::<String>()));
        let Value::Object(rules) = schema else {
            return if *schema == Value::Bool(false) { wrong("nothing may stand here") } else { Ok(()) };
        };
        for (rule, of) in rules {
            match rule.as_str() {
                "$schema" | "title" | "description" | "$defs" | "items" | "prefixItems" => {}
                "$ref" => {
                    let name = of.as_str().and_then(|of| of.strip_prefix("#/$defs/")).expect("a definition");
                    let defined = self.schema["$defs"][name].clone();
                    assert!(defined.is_object(), "{name} is not defined");
                    self.met.insert(name.to_owned());
                    self.value(&defined, value, at)?;
                }
                "type" => {
                    let is = |kind: &str| match kind {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "boolean" => value.is_boolean(),
                        "null" => value.is_null(),
                        "number" => value.is_number(),
                        "integer" => value.is_i64() || value.is_u64(),
                        kind => panic!("no such type: {kind}"),
                    };
                    let kinds = of.as_array().cloned().unwrap_or_else(|| vec![of.clone()]);
                    if !kinds.iter().filter_map(Value::as_str).any(is) {
                        return wrong(&format!("no {of}"));
                    }
                }
                "minimum" if value.as_i64().is_some_and(|value| value < of.as_i64().expect("a number")) => {
                    return wrong("too small");
                }
                "minimum" => {}
                "enum" if of.as_array().is_none_or(|words| !words.contains(value)) => return wrong("no such word"),
                "const" if of != value => return wrong("another word"),
                "enum" | "const" => {}
                "anyOf" => {
                    let kinds = of.as_array().expect("kinds");
                    let tried: Vec<Result<(), String>> = kinds.iter().map(|kind| self.value(kind, value, at)).collect();
                    if !tried.iter().any(Result::is_ok) {
                        return wrong(&format!("none of its kinds: {tried:?}"));
                    }
                }
                "required" => {
                    for name in of.as_array().expect("names").iter().filter_map(Value::as_str) {
                        if value.get(name).is_none() {
                            return wrong(&format!("no {name}"));
                        }
                    }
                }
                "maxProperties"
                    if value.as_object().is_some_and(|object| object.len() as u64 > of.as_u64().expect("a number")) =>
                {
                    return wrong("too many");
                }
                "minItems"
                    if value.as_array().is_some_and(|items| (items.len() as u64) < of.as_u64().expect("a number")) =>
                {
                    return wrong("too few");
                }
                "maxProperties" | "minItems" => {}
                "properties" | "additionalProperties" => {
                    let none = serde_json::Map::new();
                    let named = rules.get("properties").and_then(Value::as_object).unwrap_or(&none);
                    for (name, inside) in value.as_object().into_iter().flatten() {
                        let at = format!("{at}.{name}");
                        match named.get(name).or(rules.get("additionalProperties")) {
                            Some(schema) => self.value(schema, inside, &at)?,
                            None => return Err(format!("{at}: not in the schema")),
                        }
                    }
                }
                rule => panic!("not known here: {rule}"),
            }
        }
        let first = rules.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (nth, inside) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(schema) = first.get(nth).or(rules.get("items")) {
                self.value(schema, inside, &format!("{at}[{nth}]"))?;
            }
        }
        Ok(())
    }
}

#[test]
fn every_report_obeys_its_schema_and_meets_nearly_all_of_it() {
    let mut validator = Validator::of(&schema::report());
    let mut wrong = Vec::new();
    for case in corpus::cases().into_iter().filter(|case| case.input.len() < 400_000) {
        let report = corpus::read(&case.input);
        let written = oomscope::export::json::write(&report);
        let value: Value = serde_json::from_str(&written).expect("JSON");
        wrong.extend(validator.check(&value).err().map(|error| format!("{}: {error}", case.name)));
        if case.name.starts_with("incident") || case.name.starts_with("mixed") {
            let shared = oomscope::json::tree(&redact(&report, true).report);
            wrong.extend(validator.check(&shared).err().map(|error| format!("{}, shared: {error}", case.name)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} reports:\n{}",
        wrong.len(),
        wrong.iter().take(30).cloned().collect::<Vec<_>>().join("\n")
    );
    let defined: BTreeSet<String> =
        validator.schema["$defs"].as_object().expect("definitions").keys().cloned().collect();
    let missed: Vec<_> = defined.difference(&validator.met).collect();
    assert!(missed.len() <= 3, "of no report: {missed:?}");
}

#[test]
fn every_incident_obeys_its_schema() {
    let mut validator = Validator::of(&schema::incident());
    let mut count = 0;
    for case in corpus::cases().into_iter().filter(|case| case.input.len() < 100_000).step_by(4) {
        let settings = Settings { source: case.name.clone(), ..Settings::default() };
        let mut stream = Stream::new(settings, Position::default());
        let mut incidents = Vec::new();
        stream.feed(&case.input, Duration::ZERO, &mut |incident| incidents.push(incident));
        stream.finish(Duration::ZERO, &mut |incident| incidents.push(incident));
        for incident in incidents {
            count += 1;
            let value: Value = serde_json::from_str(&incident.line()).expect("JSON");
            validator.check(&value).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        }
    }
    assert!(count >= 40, "{count}");
}

#[test]
fn what_does_not_obey_is_found() {
    let mut validator = Validator::of(&schema::report());
    let report = corpus::read(
        b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n",
    );
    let value = oomscope::json::tree(&report);
    validator.check(&value).expect("obeys");
    for (pointer, other) in [
        ("/report_version", Value::from("1")),
        ("/oom_kills/0/scope", Value::from("galaxy")),
        ("/oom_kills/0/victims/0/anon_rss", Value::from(-1)),
        ("/oom_kills/0/victims/0/at", Value::from(vec![0])),
        ("/findings/0/evidence/0", serde_json::json!({ "line": 1 })),
        ("/sources/0", serde_json::json!({ "name": "a", "bytes": 1, "lines": 1, "understood_lines": 1, "more": 1 })),
    ] {
        let mut value = value.clone();
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = other;
        assert!(validator.check(&value).is_err(), "{pointer}");
    }
}

/// What the document of the report lists of the top is what the schema has.
#[test]
fn the_document_names_every_field_of_the_top_and_of_an_incident() {
    let document = include_str!("../docs/report-format.md");
    for (text, name) in [(schema::report(), "Report"), (schema::incident(), "Incident")] {
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        for field in schema["$defs"][name]["properties"].as_object().expect("fields").keys() {
            assert!(document.contains(&format!("`{field}`")), "{name}: `{field}` is not in docs/report-format.md");
        }
    }
}
