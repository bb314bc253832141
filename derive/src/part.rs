//! `#[part]`: a component of the page, whose properties are the parameters of its function.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Error, FnArg, Ident, ItemFn, Pat, Result, Type};

/// A parameter: its attributes, its name, and the type that it borrows.
type Parameter<'a> = (&'a [Attribute], &'a Ident, &'a Type);

/// The structure of its properties, and the component as `yew` has it.
pub fn made(function: ItemFn) -> Result<TokenStream> {
    let ItemFn { attrs, vis, sig, block } = function;
    let name = &sig.ident;
    let output = &sig.output;
    let parameters: Vec<Parameter<'_>> = sig.inputs.iter().map(parameter).collect::<Result<_>>()?;
    if parameters.is_empty() {
        return Ok(quote!(#(#attrs)* #[::yew::functional::component] #vis fn #name() #output #block));
    }
    let props = format_ident!("{name}Props");
    let about = format!("Properties of [`{name}`].");
    let fields = parameters.iter().map(|(attributes, name, of)| quote!(#(#attributes)* #vis #name: #of));
    let names = parameters.iter().map(|(_, name, _)| name);
    Ok(quote! {
        #[doc = #about]
        #[allow(missing_docs)]
        #[derive(::yew::Properties, PartialEq)]
        #vis struct #props { #(#fields),* }
        #(#attrs)*
        #[::yew::functional::component]
        #vis fn #name(#props { #(#names),* }: &#props) #output #block
    })
}

fn parameter(argument: &FnArg) -> Result<Parameter<'_>> {
    let FnArg::Typed(typed) = argument else { return Err(Error::new_spanned(argument, "a part has no self")) };
    match (&*typed.pat, &*typed.ty) {
        (Pat::Ident(pattern), Type::Reference(reference)) => Ok((&typed.attrs, &pattern.ident, &reference.elem)),
        _ => Err(Error::new_spanned(argument, "a parameter is `name: &Type`")),
    }
}
