//! One of many: a list that offers those around the chosen one, and a button in each direction, which lead to all of them.

use oomscope_derive::part;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// How many the list offers at once.
const OFFERED: usize = 200;

/// So many are found in a list without help.
const FEW: usize = 12;

/// The list and its buttons.
#[part]
pub fn Chooser(
    /// What is chosen.
    label: &AttrValue,
    /// Names of the buttons: the one before, the next one.
    steps: &(AttrValue, AttrValue),
    /// True where a few need no buttons.
    #[prop_or_default]
    few: &bool,
    count: &usize,
    chosen: &Option<usize>,
    /// How one is called.
    name: &Callback<usize, String>,
    /// What one is in links, where it has a name there.
    #[prop_or_default]
    id: &Option<Callback<usize, String>>,
    /// The name of choosing none, where that can be chosen.
    #[prop_or_default]
    none: &Option<AttrValue>,
    on_choose: &Callback<Option<usize>>,
) -> Html {
    let has_steps = !few || *count > FEW;
    let first = chosen.unwrap_or_default().saturating_sub(OFFERED / 2);
    let above = usize::from(none.is_some());
    let onchange = on_choose.reform(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>()?;
        let option = usize::try_from(select.selected_index()).ok()?;
        Some(first + option.checked_sub(above)?)
    });
    let value = |at: usize| id.as_ref().map_or_else(|| at.to_string(), |id| id.emit(at));
    // By keys the list itself goes from one to the next.
    let step = |text: &AttrValue, sign: &str, to: Option<usize>| {
        let to = to.filter(|to| to < count);
        let onclick = on_choose.reform(move |_: MouseEvent| to);
        html! { <button type="button" class="button button--small button--icon" tabindex="-1" aria-label={text.clone()} title={text.clone()} disabled={to.is_none()} {onclick}>{ sign }</button> }
    };
    html! {
        <>
            if has_steps { { step(&steps.0, "‹", chosen.and_then(|chosen| chosen.checked_sub(1))) } }
            <select class="field" aria-label={label.clone()} {onchange}>
                if let Some(none) = none {
                    <option value="" selected={chosen.is_none()}>{ none.clone() }</option>
                }
                for at in first..first.saturating_add(OFFERED).min(*count) {
                    <option key={at} value={value(at)} selected={Some(at) == *chosen}>{ name.emit(at) }</option>
                }
            </select>
            if has_steps { { step(&steps.1, "›", Some(chosen.map_or(0, |chosen| chosen + 1))) } }
        </>
    }
}
