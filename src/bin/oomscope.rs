//! The command line: reads files or standard input and prints the report.

use std::io::Read;

fn main() -> std::process::ExitCode {
    let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
    for name in std::env::args().skip(1).filter(|name| !name.starts_with("--") && name != "json") {
        analyzer.open(&name);
        let mut bytes = Vec::new();
        let read = if name == "-" {
            std::io::stdin().read_to_end(&mut bytes)
        } else {
            std::fs::File::open(&name).and_then(|mut file| file.read_to_end(&mut bytes))
        };
        if let Err(error) = read {
            eprintln!("{name}: {error}");
            return std::process::ExitCode::from(2);
        }
        analyzer.feed(&bytes);
    }
    match serde_json::to_string_pretty(&analyzer.finish().report) {
        Ok(json) => println!("{json}"),
        Err(error) => eprintln!("{error}"),
    }
    std::process::ExitCode::SUCCESS
}
