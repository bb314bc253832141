//! `yew`, in which all function components are one: what `yew` makes anew for every type of component (how it is mounted, changed,
//! and taken away) was a tenth of the page's code. Macros of `yew` write `::yew::…`, so this crate goes by that name: it offers all
//! that `yew` does, and its own in the place of what makes a node of a component, and of the hook for effects.

mod component;

pub use component::{provide, use_effect_with};
pub use yew::*;

/// As in `yew`, but for `VChild`.
pub mod virtual_dom {
    pub use yew::virtual_dom::*;

    pub use crate::component::Child as VChild;
}

/// As in `yew`, but for `use_effect_with` and `provide`.
pub mod prelude {
    pub use yew::prelude::*;

    pub use crate::component::{provide, use_effect_with};
}
