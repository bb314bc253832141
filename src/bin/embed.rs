//! The card in another page's frame.

fn main() {
    oomscope::embed::start();
}
