//! JSON Schemas of what programs read: of the report, and of an incident's line. `docs/report.schema.json` and `docs/incident.schema.json`
//! are these texts.

use crate::json::{Json as _, Schema};
use crate::report::{REPORT_VERSION, Report};
use crate::stream::{INCIDENT_VERSION, Incident};

/// Of the report.
pub fn report() -> String {
    Schema::whole(&format!("oomscope report, format {REPORT_VERSION}"), Report::shape)
}

/// Of a line of `--format ndjson`.
pub fn incident() -> String {
    Schema::whole(&format!("oomscope incident, version {INCIDENT_VERSION}"), Incident::shape)
}
