//! From the bytes of logs to records: what has to be fast, as a crate of its own, so that it alone is built for speed and the rest of
//! the worker for size. Its modules lie among the others in `src`, and `oomscope` offers them as its own.

#[path = "../src/civil.rs"]
pub mod civil;
#[path = "../src/detect/mod.rs"]
pub mod detect;
#[path = "../src/formats/mod.rs"]
pub mod formats;
#[path = "../src/i18n/mod.rs"]
pub mod i18n;
#[path = "../src/json/mod.rs"]
pub mod json;
#[path = "../src/look.rs"]
pub mod look;
#[path = "../src/model/mod.rs"]
pub mod model;
#[path = "../src/order.rs"]
pub mod order;
#[path = "../src/source.rs"]
pub mod source;
#[path = "../src/timeline/mod.rs"]
pub mod timeline;
#[path = "../src/units.rs"]
pub mod units;
#[path = "../src/visible.rs"]
pub mod visible;
#[path = "../src/warning.rs"]
pub mod warning;
