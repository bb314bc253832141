//! Prints the first screen as HTML.

fn main() {
    match oomscope::app::first::html() {
        Some(html) => print!("{html}"),
        None => std::process::exit(1),
    }
}
