//! One component for all, and one effect.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::rc::Rc;

use yew::functional::{FunctionComponent, FunctionProvider, HookContext, TearDown};
use yew::html::IntoPropValue;
use yew::prelude::{BaseComponent, Context, ContextProvider, Html, HtmlResult, Properties, hook, html};
use yew::virtual_dom::{Key, VComp, VNode};

/// A function component with its properties.
trait Shown: Any {
    fn id(&self) -> TypeId;
    fn run(&self, context: &mut HookContext) -> HtmlResult;
    fn is_same(&self, other: &dyn Any) -> bool;
}

struct Of<C: FunctionProvider>(C::Properties);

impl<C: FunctionProvider + 'static> Shown for Of<C> {
    fn id(&self) -> TypeId {
        TypeId::of::<C>()
    }

    fn run(&self, context: &mut HookContext) -> HtmlResult {
        C::run(context, &self.0)
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<Of<C>>().is_some_and(|other| self.0 == other.0)
    }
}

/// Whatever component it is.
#[derive(Properties, Clone)]
struct AnyProps {
    shown: Rc<dyn Shown>,
}

impl PartialEq for AnyProps {
    fn eq(&self, other: &AnyProps) -> bool {
        self.shown.is_same(&*other.shown)
    }
}

/// The component that all are.
struct AnyComponent {
    hooks: FunctionComponent<AnyComponent>,
}

impl FunctionProvider for AnyComponent {
    type Properties = AnyProps;

    fn run(context: &mut HookContext, props: &AnyProps) -> HtmlResult {
        props.shown.run(context)
    }
}

impl BaseComponent for AnyComponent {
    type Message = ();
    type Properties = AnyProps;

    fn create(context: &Context<AnyComponent>) -> AnyComponent {
        AnyComponent { hooks: FunctionComponent::new(context) }
    }

    fn update(&mut self, _: &Context<AnyComponent>, (): ()) -> bool {
        true
    }

    fn changed(&mut self, context: &Context<AnyComponent>, before: &AnyProps) -> bool {
        // Another one in the same place: nothing that it keeps is of the one before.
        if context.props().shown.id() != before.shown.id() {
            self.hooks.destroy();
            self.hooks = FunctionComponent::new(context);
        }
        true
    }

    fn view(&self, context: &Context<AnyComponent>) -> HtmlResult {
        self.hooks.render(context.props())
    }

    fn rendered(&mut self, _: &Context<AnyComponent>, _: bool) {
        self.hooks.rendered();
    }

    fn destroy(&mut self, _: &Context<AnyComponent>) {
        self.hooks.destroy();
    }

    fn prepare_state(&self) -> Option<String> {
        None
    }
}

/// A component on its way to a node, as `html!` makes it.
pub struct Child<C> {
    shown: Rc<dyn Shown>,
    key: Option<Key>,
    of: PhantomData<C>,
}

impl<C: FunctionProvider + 'static> Child<C> {
    /// With properties, and a key among its neighbours.
    pub fn new(props: C::Properties, key: Option<Key>) -> Child<C> {
        Child { shown: Rc::new(Of::<C>(props)), key, of: PhantomData }
    }
}

impl<C> From<Child<C>> for VNode {
    fn from(Child { shown, key, .. }: Child<C>) -> VNode {
        node(shown, key)
    }
}

impl<C> IntoPropValue<VNode> for Child<C> {
    fn into_prop_value(self) -> VNode {
        self.into()
    }
}

fn node(shown: Rc<dyn Shown>, key: Option<Key>) -> VNode {
    VNode::VComp(Rc::new(VComp::new::<AnyComponent>(Rc::new(AnyProps { shown }), key)))
}

/// What stands within, with a context for all of it.
pub fn provide<T: Clone + PartialEq + 'static>(context: T, children: Html) -> Html {
    html! { <ContextProvider<T> {context}>{ children }</ContextProvider<T>> }
}

/// What an effect follows.
trait Followed: Any {
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + 'static> Followed for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

struct AnyFollowed(Box<dyn Followed>);

impl PartialEq for AnyFollowed {
    fn eq(&self, other: &AnyFollowed) -> bool {
        self.0.is_same(&*other.0)
    }
}

/// The hook of `yew`, made once for all effects.
#[hook]
pub fn use_effect_with<T, F, D>(deps: T, effect: F)
where
    T: PartialEq + 'static,
    F: FnOnce(&T) -> D + 'static,
    D: TearDown,
{
    type End = Box<dyn FnOnce()>;
    let runner: Box<dyn FnOnce(&AnyFollowed) -> End> = Box::new(move |deps| {
        let deps: &dyn Any = &*deps.0;
        match deps.downcast_ref::<T>() {
            Some(deps) => {
                let end = effect(deps);
                Box::new(move || end.tear_down())
            }
            None => Box::new(|| {}),
        }
    });
    yew::use_effect_with(AnyFollowed(Box::new(deps)), runner);
}
