//! The web worker: analyses what the page hands over.

fn main() {
    oomscope::worker::client::serve();
}
