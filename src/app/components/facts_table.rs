//! A table of names and values: one record, read downwards.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::Fact;
use crate::app::words::Words;
use crate::i18n::format;
use crate::source::{Places, Span};
use crate::units::Bytes;

/// One row.
#[derive(Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The value as the text has it, where that differs.
    pub printed: Option<String>,
    /// What must not be misunderstood about it.
    pub note: Option<String>,
    /// Where it was read.
    pub at: Option<Span>,
}

/// Gathers the rows of a record; absent values make no row.
pub struct Rows<'a> {
    words: Words,
    places: &'a Places,
    /// Where a value stands whose own place is not noted.
    otherwise: Option<Span>,
    rows: Vec<Row>,
}

impl<'a> Rows<'a> {
    /// For a record with these places.
    pub fn new(words: Words, places: &'a Places, otherwise: Option<Span>) -> Rows<'a> {
        Rows { words, places, otherwise, rows: Vec::new() }
    }

    /// A text under the catalogue key `key`, read as `field`.
    pub fn text(mut self, key: &str, field: &str, value: Option<String>) -> Rows<'a> {
        if let Some(value) = value {
            let at = self.places.get(field).or(self.otherwise);
            self.rows.push(Row { name: self.words.text(key), value, printed: None, note: None, at });
        }
        self
    }

    /// A size; its exact number stands beside it.
    pub fn size(mut self, key: &str, field: &str, value: Option<Bytes>) -> Rows<'a> {
        if let Some(value) = value {
            let name = self.words.text(key);
            self.push_size(name, field, value);
        }
        self
    }

    /// A size under a name that is said already: of a figure, or a counter of the kernel as it prints it.
    pub fn named_size(mut self, name: &str, field: &str, value: Bytes) -> Rows<'a> {
        self.push_size(name.to_owned(), field, value);
        self
    }

    /// A text under a name that is said already.
    pub fn named_text(mut self, name: &str, field: &str, value: String) -> Rows<'a> {
        let at = self.places.get(field).or(self.otherwise);
        self.rows.push(Row { name: name.to_owned(), value, printed: None, note: None, at });
        self
    }

    /// Says something about the row before.
    pub fn noted(mut self, key: &str, field_is_there: bool) -> Rows<'a> {
        let note = self.words.text(key);
        if let Some(row) = self.rows.last_mut().filter(|_| field_is_there) {
            row.note = Some(note);
        }
        self
    }

    /// The rows.
    pub fn rows(self) -> Vec<Row> {
        self.rows
    }

    fn push_size(&mut self, name: String, field: &str, value: Bytes) {
        let at = self.places.get(field).or(self.otherwise);
        let printed = (value.0 >= 1024).then(|| format::exact_size(value));
        self.rows.push(Row { name, value: format::size(value), printed, note: None, at });
    }
}

/// The table.
#[part]
pub fn FactsTable(
    /// Names the record.
    caption: &AttrValue,
    /// Its rows.
    rows: &Vec<Row>,
) -> Html {
    html! {
        <table class="facts">
            <caption>{ caption.clone() }</caption>
            <tbody>
                for row in rows.iter() {
                    <tr>
                        <th scope="row">{ &row.name }</th>
                        <td>
                            <Fact text={row.value.clone()} at={row.at} />
                            if let Some(printed) = &row.printed {
                                { " " }<small class="printed">{ printed }</small>
                            }
                            if let Some(note) = &row.note {
                                { " " }<small class="note">{ note }</small>
                            }
                        </td>
                    </tr>
                }
            </tbody>
        </table>
    }
}
