//! What only a page in a browser can show. `make test-wasm` runs it in headless Chromium.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use oomscope::analyzer::Analysis;
use oomscope::i18n::Language;
use oomscope::worker::client::{Client, read_range, serve_on, unpacked};
use oomscope::worker::protocol::{Problem, Reply, Request, Share, SourceToRead};
use oomscope::worker::share::Wish;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, MessageChannel, Url};

wasm_bindgen_test_configure!(run_in_browser);

const TABLE: &str = "$ jstat -gcutil 7 1s\n  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT\n  \
    0.00  12.50  40.00  80.00  97.00  95.00      3    0.120     1    0.050    0.170\n";

fn blob_of(bytes: &[u8]) -> Blob {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).expect("a blob")
}

async fn text_of(blob: &Blob) -> String {
    let bytes = read_range(blob, 0, blob.size() as u64).await.expect("readable");
    String::from_utf8(bytes).expect("UTF-8")
}

/// What `boot.js` leaves for the client where `worker` is the worker's source.
fn parts(worker: &str) -> JsValue {
    let source = Blob::new_with_str_sequence(&Array::of1(&worker.into())).expect("a blob");
    let url = Url::create_object_url_with_blob(&source).expect("an address");
    let on_page = Closure::<dyn FnMut() -> JsValue>::new(|| {
        let channel = MessageChannel::new().expect("a channel");
        serve_on(channel.port2());
        Promise::resolve(&channel.port1()).into()
    });
    let parts = Object::new();
    Reflect::set(&parts, &"url".into(), &url.into()).expect("settable");
    Reflect::set(&parts, &"module".into(), &JsValue::NULL).expect("settable");
    Reflect::set(&parts, &"onPage".into(), &on_page.into_js_value()).expect("settable");
    parts.into()
}

/// Runs one job on a client that starts its worker from what `boot.js` would have left there.
async fn analysed(parts: Promise, text: &str) -> Result<Analysis, Problem> {
    Reflect::set(&js_sys::global(), &"oomscopeWorker".into(), &parts).expect("settable");
    let answer = Rc::new(std::cell::RefCell::new(None));
    let promise = Promise::new(&mut |resolve, _| {
        let answer = Rc::clone(&answer);
        let client = Client::new(move |reply| {
            *answer.borrow_mut() = match reply {
                Reply::Done(7, analysis) => Some(Ok(*analysis)),
                Reply::Failed(7, problem) => Some(Err(problem)),
                _ => return,
            };
            resolve.call0(&JsValue::NULL).expect("callable");
        });
        let sources = vec![SourceToRead { name: "paste".into(), bytes: text.len() as u64 }];
        client.start(
            Request { job: 7, language: Language::En, sources, share: None, keep: false, settings: None },
            vec![blob_of(text.as_bytes())],
        );
    });
    JsFuture::from(promise).await.expect("answered");
    answer.borrow_mut().take().expect("an answer")
}

#[wasm_bindgen_test]
async fn a_worker_that_breaks_at_its_start_leaves_its_work_to_the_page() {
    let parts = parts("throw new Error('no worker here')");
    let analysis = analysed(Promise::resolve(&parts), TABLE).await.expect("a report");
    assert_eq!(analysis.report.jstat[0].pid, Some(7));
    assert_eq!(analysis.report.sources[0].lines, 3);
}

/// Hands requests to a client whose code runs on this page, and gives the answers of their jobs.
async fn answers(requests: Vec<(Request, Vec<Blob>)>) -> Vec<Reply> {
    let parts = Promise::resolve(&parts("throw new Error('no worker here')"));
    Reflect::set(&js_sys::global(), &"oomscopeWorker".into(), &parts).expect("settable");
    let answered = Rc::new(std::cell::RefCell::new((None::<js_sys::Function>, Vec::new())));
    let client = Client::new({
        let answered = Rc::clone(&answered);
        move |reply| {
            let mut answered = answered.borrow_mut();
            let resolve = answered.0.take().expect("one answer a job");
            answered.1.push(reply);
            resolve.call0(&JsValue::NULL).expect("callable");
        }
    });
    for (request, blobs) in requests {
        let promise = Promise::new(&mut |resolve, _| answered.borrow_mut().0 = Some(resolve));
        client.start(request, blobs);
        JsFuture::from(promise).await.expect("answered");
    }
    let mut answered = answered.borrow_mut();
    std::mem::take(&mut answered.1)
}

#[wasm_bindgen_test]
async fn what_is_handed_on_of_the_last_report_needs_no_second_reading() {
    let sources = || vec![SourceToRead { name: "paste".into(), bytes: TABLE.len() as u64 }];
    let asks = |job, of: Option<u32>| {
        let share = of.map(|of| Share { wish: Wish::default(), of });
        Request { job, language: Language::En, sources: sources(), share, keep: false, settings: None }
    };
    // Nothing could be read for the second and the third.
    let text = || vec![blob_of(TABLE.as_bytes())];
    let replies = answers(vec![
        (asks(7, None), text()),
        (asks(8, Some(7)), Vec::new()),
        (asks(9, Some(6)), Vec::new()),
        (asks(10, Some(6)), text()),
        (asks(11, Some(6)), Vec::new()),
    ])
    .await;
    let links: Vec<Option<&str>> = replies
        .iter()
        .map(|reply| match reply {
            Reply::Shared(_, shared) => Some(shared.link.as_str()),
            _ => None,
        })
        .collect();
    assert!(matches!(replies.as_slice(), [Reply::Done(7, _), _, Reply::Failed(9, _), ..]));
    let link = links[1].expect("a link");
    assert_eq!((links[3], links[4]), (Some(link), Some(link)));
}

#[wasm_bindgen_test]
async fn files_that_could_not_be_loaded_fail_the_job_with_the_reason() {
    let why = js_sys::Error::new("404 worker.js");
    let problem = analysed(Promise::reject(&why), TABLE).await.err();
    assert_eq!(problem, Some(Problem::Fault { message: "404 worker.js".into() }));
}

#[wasm_bindgen_test]
async fn utf16_and_gzip_arrive_as_plain_text() {
    let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 42, 46, 73, 44, 225, 2, 0, 176, 212, 17, 160, 6, 0, 0, 0];
    assert_eq!(text_of(&unpacked(blob_of(&gzip)).await.expect("unpacked")).await, "jstat\n");

    let text = "가나 jstat 😀\r\n";
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(text_of(&unpacked(blob_of(&little)).await.expect("decoded")).await, text);
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(text_of(&unpacked(blob_of(&big)).await.expect("decoded")).await, text);

    assert!(unpacked(blob_of(&gzip[..20])).await.is_none(), "a cut file is no text");
}

#[wasm_bindgen_test]
async fn plain_text_is_handed_back_untouched() {
    let damaged = blob_of(b"\xff\xfa not UTF-8, and not ours to repair\n");
    let kept = unpacked(damaged.clone()).await.expect("kept");
    assert!(kept == damaged, "the same blob");
}
