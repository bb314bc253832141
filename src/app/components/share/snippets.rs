//! Snippets that put a report into a post: five, from the liveliest to the plainest.

use oomscope_derive::part;
use yew::prelude::*;

use super::{Copyable, card_address, link_address};
use crate::app::session::ByPtr;
use crate::app::words::use_words;
use crate::export::markup::escape;
use crate::export::svg::Look;
use crate::worker::share::Shared;

/// The snippets.
#[part]
pub fn Snippets(shared: &ByPtr<Shared>, look: &Look) -> Html {
    let words = use_words();
    let url = link_address(words, &shared.link);
    let title = escape(&shared.title);
    let frame = format!(
        "<iframe src=\"{}\" title=\"{title}\" loading=\"lazy\" style=\"width:100%;max-width:720px;height:clamp(400px,720px - 50vw,480px);border:0\"></iframe>",
        escape(&card_address(words, &shared.link))
    );
    // A picture in both colours follows the reader's system by itself; of two, the page around it chooses.
    let (file, dark_file) = (format!("{}-card.svg", shared.stem), format!("{}-card-dark.svg", shared.stem));
    let dark = match look {
        Look::Both => String::new(),
        Look::Light | Look::Dark => {
            format!("<source media=\"(prefers-color-scheme: dark)\" srcset=\"{dark_file}\">")
        }
    };
    let picture = format!(
        "<a href=\"{}\"><picture>{dark}<img src=\"{file}\" alt=\"{title}\" loading=\"lazy\"></picture></a>",
        escape(&url)
    );
    let alt: String =
        shared.title.chars().map(|c| if matches!(c, '[' | ']' | '\\' | '<' | '>' | '`') { ' ' } else { c }).collect();
    let image = format!("[![{alt}]({file})]({url})");
    let table = format!("{}\n<{url}>\n", shared.table);
    let plain = format!("{}\n{url}\n", shared.plain);
    let kind = |of: &str, key: &str| format!("{of}: {}", words.text(key));
    let snippets = [
        ("iframe".to_owned(), frame),
        (kind("HTML", "page.share.embed.picture"), picture),
        (kind("Markdown", "page.share.embed.picture"), image),
        (kind("Markdown", "page.share.embed.table"), table),
        (words.text("page.share.embed.plain"), plain),
    ];
    html! {
        <details class="details">
            <summary>{ words.text("page.share.embed") }</summary>
            <p class="note">{ words.fill("page.share.embed.about", &[("file", &file), ("dark", &dark_file)]) }</p>
            for (label, text) in snippets {
                <p class="note">{ &label }</p>
                <Copyable {label} {text} />
            }
        </details>
    }
}
