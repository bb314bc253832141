//! The moment of the memory map. It lives in the address bar, so that a link and a reload lead to it.

use yew::prelude::*;

use super::address::use_address_changes;
use crate::app::address::Address;
use crate::app::history::{address, replace_address};

/// The moment's id and the way to another one; `None` is the overview.
#[hook]
pub fn use_moment() -> (Option<String>, Callback<Option<String>>) {
    let moment = use_state_eq(|| address().moment);
    let setter = moment.setter();
    let on_moment = use_callback((), move |moment: Option<String>, ()| {
        setter.set(moment.clone());
        replace_address(|address| address.moment = moment);
    });
    let setter = moment.setter();
    let on_change = use_callback((), move |address: Address, ()| setter.set(address.moment));
    use_address_changes(on_change);
    ((*moment).clone(), on_moment)
}
