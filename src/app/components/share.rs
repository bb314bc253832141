//! The dialog that hands a report on: what goes in, a link with its length, files, and snippets for other pages.

use gloo::utils::{document, window};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlDialogElement,
    HtmlImageElement, HtmlInputElement, Url,
};
use yew::prelude::*;

use crate::app::hooks::address::{address, replace_address};
use crate::app::hooks::link::{EMBED, LINK};
use crate::app::page::use_controls;
use crate::app::session::{Action, Sharing};
use crate::app::words::{Words, use_words};
use crate::export::html::escape;
use crate::export::png;
use crate::i18n::number;
use crate::worker::client::read_range;
use crate::worker::share::{Include, Shared};

/// What a link may have to fit, from the strictest on.
const THRESHOLDS: [(usize, &str); 4] = [
    (1900, "page.share.fits.chat"),
    (3900, "page.share.fits.slack"),
    (8000, "page.share.fits.mail"),
    (60_000, "page.share.fits.browser"),
];

/// Replacements that are listed.
const LISTED: usize = 60;

#[derive(Properties, PartialEq)]
pub struct ShareDialogProps {
    /// What is handed on.
    pub sharing: Sharing,
    /// True if the pasted texts are there.
    pub has_texts: bool,
}

/// The dialog. The browser keeps the focus in it and closes it at Escape.
#[component]
pub fn ShareDialog(ShareDialogProps { sharing, has_texts }: &ShareDialogProps) -> Html {
    let words = use_words();
    let controls = use_controls();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let send = {
        let controls = controls.clone();
        Callback::from(move |action: Choice| {
            if let Some(controls) = &controls {
                controls.send(match action {
                    Choice::Include(include) => Action::Share(include),
                    Choice::End => Action::EndSharing,
                });
            }
        })
    };
    let choices = [
        (Include::Numbers, "page.share.numbers", "page.share.numbers.about"),
        (Include::Lines, "page.share.lines", "page.share.lines.about"),
        (Include::Whole, "page.share.whole", "page.share.whole.about"),
    ];
    let choice = |(include, name, about): (Include, &str, &str)| {
        let onchange = send.reform(move |_: Event| Choice::Include(include));
        html! {
            <label class="share__choice">
                <input type="radio" name="include" checked={sharing.include == include} {onchange} />
                <span><strong>{ words.text(name) }</strong>{ " " }<small class="note">{ words.text(about) }</small></span>
            </label>
        }
    };
    html! {
        <dialog class="share" ref={dialog} aria-labelledby="share-title" onclose={send.reform(|_: Event| Choice::End)}>
            <div class="share__head">
                <h2 id="share-title">{ words.text("page.share.title") }</h2>
                <button type="button" class="button button--small" onclick={send.reform(|_: MouseEvent| Choice::End)}>{ words.text("page.share.close") }</button>
            </div>
            <fieldset class="share__what">
                <legend>{ words.text("page.share.what") }</legend>
                for one in choices.into_iter().filter(|(include, ..)| *has_texts || *include != Include::Whole) { { choice(one) } }
            </fieldset>
            <p class="notice">{ words.text("page.share.for-ever") }</p>
            <div aria-live="polite">
                if let Some(shared) = &sharing.shared { { forms(words, shared) } } else { <p>{ words.text("page.share.writing") }</p> }
            </div>
        </dialog>
    }
}

enum Choice {
    Include(Include),
    End,
}

fn forms(words: Words, shared: &Shared) -> Html {
    let url = link_address(words, &shared.link, false);
    let length = url.chars().count();
    let fits = THRESHOLDS.iter().find(|(most, _)| length <= *most).map_or("page.share.fits.nothing", |(_, key)| *key);
    let embedded = link_address(words, &shared.link, true);
    let title = escape(&shared.title);
    let frame = format!(
        "<iframe src=\"{}\" title=\"{title}\" loading=\"lazy\" width=\"100%\" height=\"640\"></iframe>",
        escape(&embedded)
    );
    let picture =
        format!("<a href=\"{}\"><img src=\"oomscope.svg\" alt=\"{title}\" loading=\"lazy\"></a>", escape(&url));
    let alt: String =
        shared.title.chars().map(|c| if matches!(c, '[' | ']' | '\\' | '<' | '>' | '`') { ' ' } else { c }).collect();
    let markdown = format!("[![{alt}](oomscope.svg)]({url})");
    let link = shared.link.clone();
    // The address bar then leads to the same report.
    let on_copied = Callback::from(move |()| replace_address(|address| address.set_other(LINK, Some(&link))));
    html! {
        <>
            <h3>{ words.text("page.share.link") }</h3>
            <div class="share__link">
                <Copyable label={words.text("page.share.link")} text={url.clone()} {on_copied} />
            </div>
            <p class="note">{ words.fill("page.share.length", &[("n", &number(length as u64))]) }{ " " }{ words.text(fits) }</p>
            if let Some((kept, of)) = shared.reduced {
                <p class="notice">{ words.fill("warning.reduced", &[("kept", &number(kept as u64)), ("of", &number(of as u64))]) }</p>
            }
            <h3>{ words.text("page.share.files") }</h3>
            <p class="share__files">{ files(words, shared) }</p>
            <h3>{ words.text("page.share.removed") }</h3>
            { removed(words, shared) }
            <details class="details">
                <summary>{ words.text("page.share.preview") }</summary>
                <pre class="share__preview" tabindex="0">{ &shared.json }</pre>
            </details>
            <details class="details">
                <summary>{ words.text("page.share.embed") }</summary>
                <p class="note">{ words.text("page.share.embed.about") }</p>
                <Copyable label="iframe" text={frame} />
                <Copyable label="HTML" text={picture} />
                <Copyable label="Markdown" text={markdown} />
            </details>
        </>
    }
}

fn removed(words: Words, shared: &Shared) -> Html {
    if shared.removed.is_empty() {
        return html! { <p>{ words.text("page.share.removed.nothing") }</p> };
    }
    html! {
        <>
            <ul class="share__kinds">
                for (kind, count) in shared.removed.iter() {
                    <li>{ words.count(&format!("share.kind.{kind}"), u64::from(*count)) }</li>
                }
            </ul>
            <details class="details">
                <summary>{ words.text("page.share.removed.show") }</summary>
                <ul class="share__replaced">
                    for (_, original, now) in shared.replaced.iter().take(LISTED) {
                        <li><del>{ original }</del>{ " " }<ins>{ now }</ins></li>
                    }
                </ul>
            </details>
        </>
    }
}

fn files(words: Words, shared: &Shared) -> Html {
    let file = |name: &'static str, label: &str, kind: &'static str, text: String| {
        let onclick = Callback::from(move |_: MouseEvent| {
            let options = BlobPropertyBag::new();
            options.set_type(kind);
            let parts = Array::of1(&JsValue::from_str(&text));
            if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
                download(&blob, name);
            }
        });
        html! { <button type="button" class="button button--small" {onclick}>{ label.to_owned() }</button> }
    };
    let charts = [
        ("oomscope-timeline.svg", "page.section.timeline", &shared.timeline),
        ("oomscope-memory.svg", "page.section.memory", &shared.memory),
    ];
    let on_png = {
        let (card, link) = (shared.card.clone(), shared.link.clone());
        Callback::from(move |_: MouseEvent| {
            let (card, link) = (card.clone(), link.clone());
            spawn_local(async move {
                if let Some(blob) = painted(&card, &link).await {
                    download(&blob, "oomscope.png");
                }
            });
        })
    };
    html! {
        <>
            { file("oomscope.html", "HTML", "text/html", shared.html.clone()) }
            { file("oomscope.json", "JSON", "application/json", shared.json.clone()) }
            { file("oomscope.md", "Markdown", "text/markdown", shared.markdown.clone()) }
            { file("oomscope.csv", "CSV", "text/csv", shared.csv.clone()) }
            { file("oomscope.svg", "SVG", "image/svg+xml", shared.card.clone()) }
            for (name, key, svg) in charts {
                if let Some(svg) = svg {
                    { file(name, &format!("SVG: {}", words.text(key)), "image/svg+xml", svg.clone()) }
                }
            }
            <button type="button" class="button button--small" onclick={on_png}>{ "PNG" }</button>
        </>
    }
}

fn download(blob: &Blob, name: &str) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
    let anchor = document().create_element("a").ok().and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    // The browser has taken the bytes by then.
    gloo::timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
}

/// An SVG as a PNG with twice its pixels, which carries the link. `None` where the browser does not paint it.
async fn painted(svg: &str, link: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(svg)), &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    let _ = Url::revoke_object_url(&url);
    decoded.ok()?;
    let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    let scale = (2.0_f64).min(16_000.0 / width.max(height).max(1.0));
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width * scale, height * scale).ok()?;
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let painted = JsFuture::from(promise).await.ok()?.dyn_into::<Blob>().ok()?;
    let bytes = read_range(&painted, 0, painted.size() as u64).await?;
    let bytes = png::with_link(&bytes, link);
    let options = BlobPropertyBag::new();
    options.set_type("image/png");
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes.as_slice())), &options).ok()
}

/// The page's address with the report, the view, and the language that the reader sees.
fn link_address(words: Words, link: &str, embedded: bool) -> String {
    let mut address = address();
    address.language = Some(words.0);
    address.set_other(EMBED, embedded.then_some("1"));
    address.set_other(LINK, Some(link));
    let page = window().location().href().unwrap_or_default();
    format!("{}#{address}", page.split('#').next().unwrap_or_default())
}

#[derive(Properties, PartialEq)]
struct CopyableProps {
    label: AttrValue,
    text: AttrValue,
    #[prop_or_default]
    on_copied: Callback<()>,
}

/// A text to select, and a button that copies it.
#[component]
fn Copyable(CopyableProps { label, text, on_copied }: &CopyableProps) -> Html {
    let words = use_words();
    let copied = use_state_eq(|| None::<bool>);
    {
        let copied = copied.setter();
        use_effect_with(text.clone(), move |_| copied.set(None));
    }
    let onclick = {
        let (text, copied, on_copied) = (text.clone(), copied.setter(), on_copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (promise, copied) = (window().navigator().clipboard().write_text(&text), copied.clone());
            let on_copied = on_copied.clone();
            spawn_local(async move {
                let done = JsFuture::from(promise).await.is_ok();
                if done {
                    on_copied.emit(());
                }
                copied.set(Some(done));
            });
        })
    };
    let onfocus = Callback::from(|event: FocusEvent| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            input.select();
        }
    });
    let key = match *copied {
        None => "page.copy",
        Some(true) => "page.copy.done",
        Some(false) => "page.copy.refused",
    };
    html! {
        <div class="copyable">
            <input class="copyable__text" readonly=true aria-label={label.clone()} value={text.clone()} {onfocus} />
            <button type="button" class="button button--main" aria-label={format!("{}: {label}", words.text(key))} {onclick}>{ words.text(key) }</button>
        </div>
    }
}
