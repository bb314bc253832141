//! Ids of incidents that were told, the last of them.

use std::collections::{HashSet, VecDeque};

/// How many are known.
const MOST: usize = 4096;

/// Ids of incidents that were told.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    order: VecDeque<String>,
    known: HashSet<String>,
}

impl Seen {
    /// Notes one. False if it was noted before.
    pub fn is_new(&mut self, id: &str) -> bool {
        if !self.known.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    /// All of them, the oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }
}
