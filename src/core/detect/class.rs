//! What a line turned out to be: a format's, the transport's, or what stands around logs.

use crate::detect::surroundings::Surrounding;
use crate::formats::FORMAT_IDS;

/// What a line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineClass {
    /// Taken by the format at this index of [`crate::formats::FORMATS`].
    Format(u8),
    /// Belongs to the transport, for example the header of a journal entry.
    Transport,
    /// Around the logs.
    Around(Surrounding),
}

impl LineClass {
    /// The class of lines that the reader at this index took.
    pub(super) fn of_reader(at: usize) -> LineClass {
        LineClass::Format(u8::try_from(at).unwrap_or(u8::MAX))
    }

    /// True if somebody made sense of the line as part of an incident.
    pub fn is_understood(self) -> bool {
        match self {
            LineClass::Format(_) | LineClass::Transport => true,
            LineClass::Around(around) => matches!(around, Surrounding::Fence | Surrounding::Prompt),
        }
    }

    /// Name for reports and catalogue keys: a format's id, `transport`, `blank`, `fence`, `prompt`, `prose`, `other`.
    pub fn name(self) -> &'static str {
        match self {
            LineClass::Format(at) => FORMAT_IDS.get(usize::from(at)).unwrap_or(&"other"),
            LineClass::Transport => "transport",
            LineClass::Around(Surrounding::Blank) => "blank",
            LineClass::Around(Surrounding::Fence) => "fence",
            LineClass::Around(Surrounding::Prompt) => "prompt",
            LineClass::Around(Surrounding::Prose) => "prose",
            LineClass::Around(Surrounding::Other) => "other",
        }
    }
}
