//! The page.

fn main() {
    oomscope::app::start();
}
