//! What people hand over: pasted text, dropped or picked files. Text goes into a `Blob` without passing through our
//! memory, so that a paste of megabytes costs nothing here.

use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DataTransfer, File, FileList};

use super::address::LINK;
use super::session::Text;
use crate::report::open::{HEAD_BYTES, may_be_shared};
use crate::source::MAX_SOURCES;
use crate::worker::client::{read_range, unpacked};
use crate::worker::protocol::Problem;

/// A text as the browser keeps it.
pub type PageText = Text<Blob>;

/// Name of a paste among the sources. A name and no text: the same in every language.
pub const PASTE_NAME: &str = "paste";

#[wasm_bindgen]
extern "C" {
    /// `DataTransfer` whose text stays a JavaScript string.
    #[wasm_bindgen(extends = DataTransfer, js_name = DataTransfer)]
    type TextTransfer;

    #[wasm_bindgen(method, js_name = getData)]
    fn text(this: &TextTransfer, format: &str) -> JsString;
}

/// What a clipboard or a drop holds: its files, else its text. Empty if it has neither.
pub fn of_transfer(transfer: &DataTransfer, paste_name: &str) -> Vec<PageText> {
    let files = transfer.files().map(|files| of_files(&files)).unwrap_or_default();
    if !files.is_empty() {
        return files;
    }
    of_js_string(&transfer.unchecked_ref::<TextTransfer>().text("text/plain"), paste_name)
}

/// Picked or dropped files, in the order given.
pub fn of_files(files: &FileList) -> Vec<PageText> {
    (0..files.length()).filter_map(|at| files.get(at)).map(of_file).collect()
}

/// Text that is in our memory anyway: the sample, or something typed.
pub fn of_text(text: &str, name: &str) -> Vec<PageText> {
    of_js_string(&JsString::from(text), name)
}

/// What was handed over before the page could take it, which `static/boot.js` kept. From now on it keeps nothing more. `None` if
/// nothing was handed over; an empty list if there was no text in it.
pub fn early() -> Option<Vec<PageText>> {
    let give = Reflect::get(&js_sys::global(), &"oomscopeEarly".into()).ok()?.dyn_into::<Function>().ok()?;
    let given = give.call0(&JsValue::NULL).ok()?.dyn_into::<Array>().ok()?;
    let text_of = |one: JsValue| match one.dyn_into::<File>() {
        Ok(file) => vec![of_file(file)],
        Err(text) => text.dyn_into::<JsString>().map_or_else(|_| Vec::new(), |text| of_js_string(&text, PASTE_NAME)),
    };
    Some(given.iter().flat_map(text_of).collect())
}

/// A report that came by a link.
pub fn of_link(link: &str) -> Vec<PageText> {
    of_text(&format!("#{LINK}={link}"), "link")
}

/// Unpacks what is packed and re-encodes UTF-16. The first text that cannot be had ends it, and so do too many.
pub async fn prepared(texts: Vec<PageText>) -> Result<Vec<PageText>, Problem> {
    if texts.len() > MAX_SOURCES {
        return Err(Problem::TooManySources);
    }
    let mut prepared = Vec::with_capacity(texts.len());
    for text in texts {
        let Some(blob) = unpacked(text.blob).await else { return Err(Problem::Unpackable { name: text.name }) };
        prepared.push(PageText { bytes: blob.size() as u64, name: text.name, blob });
    }
    Ok(prepared)
}

/// True if it is one text that looks like something that oomscope wrote.
pub async fn is_report(texts: &[PageText]) -> bool {
    let [text] = texts else { return false };
    read_range(&text.blob, 0, HEAD_BYTES as u64).await.is_some_and(|head| may_be_shared(&head))
}

fn of_file(file: File) -> PageText {
    PageText { name: file.name(), bytes: file.size() as u64, blob: file.unchecked_into::<Blob>() }
}

fn of_js_string(text: &JsString, name: &str) -> Vec<PageText> {
    if text.trim().length() == 0 {
        return Vec::new();
    }
    let blob = Blob::new_with_str_sequence(&Array::of1(text));
    blob.map(|blob| PageText { name: name.to_owned(), bytes: blob.size() as u64, blob }).into_iter().collect()
}
