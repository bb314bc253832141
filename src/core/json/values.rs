//! What values of the standard library are in JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::{Json, Reader, Schema, Shape, Writer, schema};

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Json for $integer {
            fn blank() -> $integer {
                0
            }

            #[allow(unused_comparisons, clippy::unnecessary_cast, reason = "for all integers")]
            fn write(&self, to: &mut Writer) {
                to.integer(*self < 0, (*self as i128).unsigned_abs() as u64);
            }

            fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
                *self = <$integer>::try_from(from.integer()?).ok()?;
                Some(())
            }

            fn is_absent(&self) -> bool {
                *self == 0
            }

            fn shape(_: &mut Schema) -> Shape {
                schema::integer(<$integer>::MIN != 0)
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, usize, i16, i32, i64);

impl Json for bool {
    fn blank() -> bool {
        false
    }

    fn write(&self, to: &mut Writer) {
        to.raw(if *self { "true" } else { "false" });
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = from.takes_word("true");
        (*self || from.takes_word("false")).then_some(())
    }

    fn is_absent(&self) -> bool {
        !*self
    }

    fn shape(_: &mut Schema) -> Shape {
        schema::of_type("boolean")
    }
}

/// Of times in milliseconds: whole numbers are written.
impl Json for f64 {
    fn blank() -> f64 {
        0.0
    }

    fn write(&self, to: &mut Writer) {
        to.integer(*self < 0.0, self.abs() as u64);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = from.number()?.parse().ok()?;
        Some(())
    }

    fn shape(_: &mut Schema) -> Shape {
        schema::of_type("number")
    }
}

impl Json for String {
    fn blank() -> String {
        String::new()
    }

    fn write(&self, to: &mut Writer) {
        to.text(self);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = from.text()?.into_owned();
        Some(())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape(_: &mut Schema) -> Shape {
        schema::of_type("string")
    }
}

impl Json for Cow<'static, str> {
    fn blank() -> Cow<'static, str> {
        Cow::Borrowed("")
    }

    fn write(&self, to: &mut Writer) {
        to.text(self);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = Cow::Owned(from.text()?.into_owned());
        Some(())
    }

    fn shape(_: &mut Schema) -> Shape {
        schema::of_type("string")
    }
}

impl<T: Json> Json for Option<T> {
    fn blank() -> Option<T> {
        None
    }

    fn write(&self, to: &mut Writer) {
        match self {
            Some(value) => value.write(to),
            None => to.raw("null"),
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = None;
        if from.takes_word("null") {
            return Some(());
        }
        self.insert(T::blank()).read(from)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::or_null(T::shape(schema))
    }
}

impl<T: Json> Json for Box<T> {
    fn blank() -> Box<T> {
        Box::new(T::blank())
    }

    fn write(&self, to: &mut Writer) {
        T::write(self, to);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        T::read(self, from)
    }

    fn shape(schema: &mut Schema) -> Shape {
        T::shape(schema)
    }
}

impl<T: Json> Json for Vec<T> {
    fn blank() -> Vec<T> {
        Vec::new()
    }

    fn write(&self, to: &mut Writer) {
        to.list(&mut |to| self.iter().for_each(|item| to.item(item)));
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.list(&mut |from| {
            let mut item = T::blank();
            item.read(from)?;
            self.push(item);
            Some(())
        })
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::list(&T::shape(schema))
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn blank() -> BTreeMap<String, T> {
        BTreeMap::new()
    }

    fn write(&self, to: &mut Writer) {
        to.object(&mut |to| self.iter().for_each(|(name, value)| to.field(name, value)));
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.object(&mut |name, from| {
            let mut value = T::blank();
            value.read(from)?;
            self.insert(name.to_owned(), value);
            Some(())
        })
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema::by_name(&T::shape(schema))
    }
}

impl<A: Json, B: Json> Json for (A, B) {
    fn blank() -> (A, B) {
        (A::blank(), B::blank())
    }

    fn write(&self, to: &mut Writer) {
        to.fields(&[&self.0, &self.1]);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.fields(&mut [&mut self.0, &mut self.1])
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema.tuple(&[A::shape, B::shape])
    }
}

impl<A: Json, B: Json, C: Json> Json for (A, B, C) {
    fn blank() -> (A, B, C) {
        (A::blank(), B::blank(), C::blank())
    }

    fn write(&self, to: &mut Writer) {
        to.fields(&[&self.0, &self.1, &self.2]);
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        from.fields(&mut [&mut self.0, &mut self.1, &mut self.2])
    }

    fn shape(schema: &mut Schema) -> Shape {
        schema.tuple(&[A::shape, B::shape, C::shape])
    }
}

/// A tree of values.
impl Json for Value {
    fn blank() -> Value {
        Value::Null
    }

    fn write(&self, to: &mut Writer) {
        match self {
            Value::Null => to.raw("null"),
            Value::Bool(flag) => flag.write(to),
            Value::Number(number) => to.raw(&number.to_string()),
            Value::String(text) => to.text(text),
            Value::Array(items) => items.write(to),
            Value::Object(fields) => {
                to.object(&mut |to| fields.iter().for_each(|(name, value)| to.field(name, value)));
            }
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        *self = match from.peek()? {
            b'"' => Value::String(from.text()?.into_owned()),
            b'[' => {
                let mut items = Vec::new();
                items.read(from)?;
                Value::Array(items)
            }
            b'{' => {
                let mut fields = Map::new();
                from.object(&mut |name, from| {
                    let mut value = Value::Null;
                    value.read(from)?;
                    fields.insert(name.to_owned(), value);
                    Some(())
                })?;
                Value::Object(fields)
            }
            b'n' => from.takes_word("null").then_some(Value::Null)?,
            b't' | b'f' => {
                let mut flag = false;
                flag.read(from)?;
                Value::Bool(flag)
            }
            _ => {
                let number = from.number()?;
                let whole = number.parse().map(i64::into).or_else(|_| number.parse().map(u64::into));
                Value::Number(whole.ok().or_else(|| Number::from_f64(number.parse().ok()?))?)
            }
        };
        Some(())
    }

    fn shape(_: &mut Schema) -> Shape {
        Value::Bool(true)
    }
}
