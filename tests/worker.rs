//! What only a worker in a browser can show. `make test-wasm` runs it in headless Chromium.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn a_report_is_made_where_there_is_no_document() {
    assert!(web_sys::window().is_none());
    let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
    analyzer.open("prose.txt");
    analyzer.feed("nothing to see here\n".as_bytes());
    assert_eq!(analyzer.finish().report.sources.len(), 1);
}
