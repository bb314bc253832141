//! Components: small, pure, told what they need. Texts from logs are text nodes, never markup.

pub mod chart_frame;
pub mod copy_button;
pub mod evidence_map;
pub mod fact;
pub mod facts_table;
pub mod failure;
pub mod findings;
pub mod gaps;
pub mod gc_logs;
pub mod header;
pub mod host;
pub mod java_errors;
pub mod jstat;
pub mod kills;
pub mod memory;
pub mod more;
pub mod nmt;
pub mod reading;
pub mod report;
pub mod sizing;
pub mod source_view;
pub mod start_screen;
pub mod story;
pub mod timeline;
pub mod warnings;
