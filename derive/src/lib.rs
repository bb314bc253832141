//! `#[derive(Json)]`: tables of names and of fields, for the one reader and the one writer of `oomscope::json`.
//!
//! A record is an object with its fields in order, a tuple of one field that field, a longer one a list. Variants have their names in
//! small letters with hyphens: as a text, or, with fields, as the one name of an object. Beside a field may stand
//! `#[json(omit)]`, if it is not written where it is absent, or `#[json(default)]`, if only reports of older versions lack it; fields
//! of type `Option` are omitted. `#[json(default)]` beside a record says that all its fields may be missing.

mod part;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Error, Expr, ExprLit, Field, Fields, Index, Lit, Member, Meta,
    MetaNameValue, Result, Type, parse_macro_input,
};

/// Implements `oomscope::json::Json`.
#[proc_macro_derive(Json, attributes(json))]
pub fn json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let made = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => record(&input, fields.named.iter().collect()),
            Fields::Unnamed(fields) => tuple(&input.ident, fields.unnamed.iter().map(|field| &field.ty).collect()),
            Fields::Unit => Err(Error::new_spanned(&input.ident, "a record without fields")),
        },
        Data::Enum(data) if data.variants.iter().all(|variant| variant.fields.is_empty()) => words(&input, data),
        Data::Enum(data) => choice(&input, data),
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "a union")),
    };
    made.unwrap_or_else(Error::into_compile_error).into()
}

/// A component of the page, whose properties are the parameters of its function: `fn Name(a: &A, #[prop_or_default] b: &B) -> Html`.
#[proc_macro_attribute]
pub fn part(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    part::made(parse_macro_input!(item as syn::ItemFn)).unwrap_or_else(Error::into_compile_error).into()
}

/// True if `#[json(…)]` says this word.
fn says(attributes: &[Attribute], word: &str) -> Result<bool> {
    let mut said = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("json")) {
        attribute.parse_nested_meta(|meta| {
            said |= meta.path.is_ident(word);
            Ok(())
        })?;
    }
    Ok(said)
}

/// What the documentation says, up to its first blank line.
fn about(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(MetaNameValue { value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), .. }) =
            &attribute.meta
        {
            let text = text.value().trim().to_owned();
            if text.is_empty() {
                break;
            }
            lines.push(text);
        }
    }
    lines.join(" ")
}

fn is_option(field: &Field) -> bool {
    matches!(&field.ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

fn record(input: &DeriveInput, fields: Vec<&Field>) -> Result<TokenStream> {
    let name = &input.ident;
    let names: Vec<&Ident> = fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let all_default = says(&input.attrs, "default")?;
    let (mut entries, mut shapes) = (Vec::new(), Vec::new());
    for (field, name) in fields.iter().zip(&names) {
        let name = name.to_string();
        let omit = is_option(field) && !all_default || says(&field.attrs, "omit")?;
        let must = match omit {
            true => quote!(Omitted),
            false if all_default || says(&field.attrs, "default")? => quote!(Optional),
            false => quote!(Required),
        };
        entries.push(quote!((#name, crate::json::Presence::#must)));
        let (said, kind) = (about(&field.attrs), &field.ty);
        shapes.push(quote!((#name, #said, crate::json::Presence::#must, <#kind as crate::json::Json>::shape)));
    }
    let said = about(&input.attrs);
    let at = 0..names.len();
    let behind = at.clone();
    let blank = match all_default {
        true => quote!(<#name as Default>::default()),
        false => quote!(#name { #(#names: crate::json::Json::blank(),)* }),
    };
    Ok(quote! {
        impl crate::json::Record for #name {
            fn fields(&self) -> &'static [(&'static str, crate::json::Presence)] {
                const { assert!([#(#entries),*].len() <= 64) };
                &[#(#entries),*]
            }

            fn field(&self, at: usize) -> Option<&dyn crate::json::Json> {
                Some(match at {
                    #(#at => &self.#names,)*
                    _ => return None,
                })
            }

            fn field_mut(&mut self, at: usize) -> Option<&mut dyn crate::json::Json> {
                Some(match at {
                    #(#behind => &mut self.#names,)*
                    _ => return None,
                })
            }
        }

        impl crate::json::Json for #name {
            fn blank() -> #name {
                #blank
            }

            fn write(&self, to: &mut crate::json::Writer) {
                to.record(self);
            }

            fn read(&mut self, from: &mut crate::json::Reader<'_>) -> Option<()> {
                from.record(self)
            }

            fn is_absent(&self) -> bool {
                crate::json::is_absent(self)
            }

            fn shape(schema: &mut crate::json::Schema) -> crate::json::Shape {
                schema.record(concat!(module_path!(), "::", stringify!(#name)), #said, &[#(#shapes),*])
            }
        }
    })
}

fn tuple(name: &Ident, types: Vec<&Type>) -> Result<TokenStream> {
    let at: Vec<Member> = (0..types.len()).map(|at| Member::Unnamed(Index::from(at))).collect();
    Ok(quote! {
        impl crate::json::Json for #name {
            fn blank() -> #name {
                #name { #(#at: crate::json::Json::blank(),)* }
            }

            fn write(&self, to: &mut crate::json::Writer) {
                to.fields(&[#(&self.#at),*]);
            }

            fn read(&mut self, from: &mut crate::json::Reader<'_>) -> Option<()> {
                from.fields(&mut [#(&mut self.#at),*])
            }

            fn is_absent(&self) -> bool {
                [#(&self.#at as &dyn crate::json::Json),*].iter().all(|field| field.is_absent())
            }

            fn shape(schema: &mut crate::json::Schema) -> crate::json::Shape {
                schema.tuple(&[#(<#types as crate::json::Json>::shape),*])
            }
        }
    })
}

/// `OutOfMemory` is `out-of-memory`.
fn hyphened(name: &Ident) -> String {
    let mut out = String::new();
    for c in name.to_string().chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A set of words.
fn words(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let (name, said) = (&input.ident, about(&input.attrs));
    let variants: Vec<&Ident> = data.variants.iter().map(|variant| &variant.ident).collect();
    let texts = variants.iter().map(|variant| hyphened(variant));
    let is_default = |attribute: &Attribute| attribute.path().is_ident("default");
    let default = data.variants.iter().find(|variant| variant.attrs.iter().any(is_default));
    let blank = default.or(data.variants.first()).map(|variant| &variant.ident);
    Ok(quote! {
        impl #name {
            /// All of them, and what they are called in JSON.
            pub const WORDS: &'static [(&'static str, #name)] = &[#((#texts, #name::#variants)),*];
        }

        impl crate::json::Json for #name {
            fn blank() -> #name {
                #name::#blank
            }

            fn write(&self, to: &mut crate::json::Writer) {
                to.text(#name::WORDS.iter().find(|(_, word)| word == self).map_or("", |(text, _)| text));
            }

            fn read(&mut self, from: &mut crate::json::Reader<'_>) -> Option<()> {
                let text = from.text()?;
                *self = #name::WORDS.iter().find(|(word, _)| *word == text)?.1;
                Some(())
            }

            fn is_absent(&self) -> bool {
                *self == <#name as crate::json::Json>::blank()
            }

            fn shape(schema: &mut crate::json::Schema) -> crate::json::Shape {
                let words: Vec<&str> = #name::WORDS.iter().map(|(word, _)| *word).collect();
                schema.words(concat!(module_path!(), "::", stringify!(#name)), #said, &words)
            }
        }
    })
}

/// One of several, some with fields.
fn choice(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let (name, said) = (&input.ident, about(&input.attrs));
    let (mut writes, mut reads, mut shapes, mut blank) = (Vec::new(), Vec::new(), Vec::new(), None);
    for variant in &data.variants {
        let (ident, text) = (&variant.ident, hyphened(&variant.ident));
        let count = variant.fields.len();
        let own: Vec<Ident> = (0..count).map(|at| format_ident!("field_{at}")).collect();
        let members: Vec<Member> = variant.fields.members().collect();
        if count == 0 {
            writes.push(quote!(#name::#ident => to.text(#text)));
            reads.push(quote!(#text => *self = #name::#ident));
        } else {
            writes.push(quote!(#name::#ident { #(#members: #own),* } => to.choice(#text, &[#(#own),*])));
            reads.push(quote!(#text => {
                #(let mut #own = crate::json::Json::blank();)*
                from.fields(&mut [#(&mut #own),*])?;
                *self = #name::#ident { #(#members: #own),* };
            }));
        }
        let (of_variant, types) = (about(&variant.attrs), variant.fields.iter().map(|field| &field.ty));
        shapes.push(quote!((#text, #of_variant, &[#(<#types as crate::json::Json>::shape),*])));
        blank.get_or_insert_with(|| quote!(#name::#ident { #(#members: crate::json::Json::blank()),* }));
    }
    Ok(quote! {
        impl crate::json::Choice for #name {
            fn read_as(&mut self, variant: &str, from: &mut crate::json::Reader<'_>) -> Option<()> {
                match variant {
                    #(#reads,)*
                    _ => return None,
                }
                Some(())
            }
        }

        impl crate::json::Json for #name {
            fn blank() -> #name {
                #blank
            }

            fn write(&self, to: &mut crate::json::Writer) {
                match self {
                    #(#writes,)*
                }
            }

            fn read(&mut self, from: &mut crate::json::Reader<'_>) -> Option<()> {
                from.choice(self)
            }

            fn shape(schema: &mut crate::json::Schema) -> crate::json::Shape {
                schema.choice(concat!(module_path!(), "::", stringify!(#name)), #said, &[#(#shapes),*])
            }
        }
    })
}
