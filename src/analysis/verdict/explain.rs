//! The explanations that remain.

use super::Case;
use crate::analysis::statement::Statement;

/// Those of the first finding about the process that has several; none if nothing is open.
pub(super) fn remaining(case: &Case<'_>) -> Vec<Statement> {
    let open = case.own_findings().find(|finding| finding.rivals.len() > 1);
    open.map(|finding| finding.rivals.clone()).unwrap_or_default()
}
