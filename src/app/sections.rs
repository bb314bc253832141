//! The way to a section of the report.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Scrolls to a section and puts the focus on its heading, so that reading goes on there.
pub fn go_to(section: &str) {
    let Some(heading) = document().get_element_by_id(section) else { return };
    // What is folded opens.
    if let Some(fold) =
        heading.dyn_ref::<HtmlElement>().filter(|fold| fold.get_attribute("aria-expanded").as_deref() == Some("false"))
    {
        fold.click();
    }
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Start);
    Element::scroll_into_view_with_scroll_into_view_options(&heading, &options);
    if let Some(heading) = heading.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails only for an element that cannot be focused; then the focus stays.
        let _ = heading.focus_with_options(&options);
    }
}
