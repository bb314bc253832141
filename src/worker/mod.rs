//! Analysing off the page: [`run`] feeds an analyzer piece by piece, [`protocol`] carries requests and reports between
//! page and worker, and `client` (feature `web`) is all that knows a browser's worker.
//!
//! The worker, the page without a worker, and the tests run the same [`run::Run`].

#[cfg(feature = "web")]
pub mod client;
pub mod last;
pub mod protocol;
pub mod run;
pub mod share;
