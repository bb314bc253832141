//! The report as files.

use gloo::utils::document;
use js_sys::{Array, Uint8Array};
use oomscope_derive::part;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url,
};
use yew::prelude::*;

use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::export::png;
use crate::export::svg::Look;
use crate::worker::client::read_range;
use crate::worker::share::Shared;

/// A button for each file.
#[part]
pub fn Files(shared: &ByPtr<Shared>, look: &Look) -> Html {
    let words = use_words();
    let file = |name: String, label: String, kind: &'static str, text: String| {
        let onclick = Callback::from(move |_: MouseEvent| {
            let options = BlobPropertyBag::new();
            options.set_type(kind);
            let parts = Array::of1(&JsValue::from_str(&text));
            if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
                download(&blob, &name);
            }
        });
        html! { <button type="button" class="button button--small" {onclick}>{ label }</button> }
    };
    // The snippet for both colours names two files.
    let colour = if *look == Look::Dark { "-dark" } else { "" };
    let stem = &shared.stem;
    let pictures = [
        ("-card", "page.share.card", Some(&shared.card)),
        ("", "page.share.picture", Some(&shared.picture)),
        ("-memory", "page.section.memory", shared.memory.as_ref()),
        ("-timeline", "page.section.timeline", shared.timeline.as_ref()),
    ];
    let pictures =
        pictures.into_iter().filter_map(|(part, key, svg)| Some((format!("{stem}{part}{colour}"), key, svg?)));
    let label = |kind: &str, key: &str| format!("{kind}: {}", words.text(key));
    let png = |name: String, label: String, svg: String| {
        let link = shared.link.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let (name, svg, link) = (name.clone(), svg.clone(), link.clone());
            spawn_local(async move {
                if let Some(blob) = painted(&svg, &link).await {
                    download(&blob, &name);
                }
            });
        });
        html! { <button type="button" class="button button--small" {onclick}>{ label }</button> }
    };
    html! {
        <p class="share__files">
            { file(format!("{stem}.html"), "HTML".into(), "text/html", shared.html.clone()) }
            { file(format!("{stem}.json"), "JSON".into(), "application/json", shared.json.clone()) }
            { file(format!("{stem}.md"), "Markdown".into(), "text/markdown", shared.markdown.clone()) }
            { file(format!("{stem}.csv"), "CSV".into(), "text/csv", shared.csv.clone()) }
            for (name, key, svg) in pictures {
                { file(format!("{name}.svg"), label("SVG", key), "image/svg+xml", svg.clone()) }
                { png(format!("{name}.png"), label("PNG", key), svg.clone()) }
            }
        </p>
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
