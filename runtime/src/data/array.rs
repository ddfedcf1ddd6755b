//! Arrays as they are in files.

/// The same expression for every type of elements.
macro_rules! each {
    ($values:expr, $v:ident => $body:expr) => {
        match $values {
            Values::Bool($v) => $body,
            Values::U8($v) => $body,
            Values::I8($v) => $body,
            Values::U16($v) => $body,
            Values::I16($v) => $body,
            Values::U32($v) => $body,
            Values::I32($v) => $body,
            Values::U64($v) => $body,
            Values::I64($v) => $body,
            Values::F32($v) => $body,
            Values::F64($v) => $body,
        }
    };
}

/// An array in C order.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Elements along each axis, slowest first.
    pub shape: Vec<usize>,
    /// The elements, as many as the product of the shape.
    pub values: Values,
}

impl Array {
    /// Bytes of the elements.
    pub(super) fn bytes(&self) -> u64 {
        let bytes: usize = each!(&self.values, v => std::mem::size_of_val(v.as_slice()));
        bytes as u64
    }
}

/// Elements of an array.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // the names are the types
pub enum Values {
    Bool(Vec<bool>),
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Values {
    /// Number of elements.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Element `index` where it is a whole number of 0 or more.
    pub fn whole(&self, index: usize) -> Option<u64> {
        match self {
            Values::Bool(v) => v.get(index).map(|b| u64::from(*b)),
            Values::U8(v) => v.get(index).map(|n| u64::from(*n)),
            Values::I8(v) => v.get(index).and_then(|n| u64::try_from(*n).ok()),
            Values::U16(v) => v.get(index).map(|n| u64::from(*n)),
            Values::I16(v) => v.get(index).and_then(|n| u64::try_from(*n).ok()),
            Values::U32(v) => v.get(index).map(|n| u64::from(*n)),
            Values::I32(v) => v.get(index).and_then(|n| u64::try_from(*n).ok()),
            Values::U64(v) => v.get(index).copied(),
            Values::I64(v) => v.get(index).and_then(|n| u64::try_from(*n).ok()),
            Values::F32(v) => v.get(index).and_then(|n| whole_float(f64::from(*n))),
            Values::F64(v) => v.get(index).and_then(|n| whole_float(*n)),
        }
    }

    /// All elements as floating-point numbers; integers beyond 2^53 are rounded.
    pub fn floats(&self) -> Vec<f64> {
        match self {
            Values::Bool(v) => v.iter().map(|b| f64::from(u8::from(*b))).collect(),
            Values::U8(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::I8(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::U16(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::I16(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::U32(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::I32(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::U64(v) => v.iter().map(|n| *n as f64).collect(),
            Values::I64(v) => v.iter().map(|n| *n as f64).collect(),
            Values::F32(v) => v.iter().map(|n| f64::from(*n)).collect(),
            Values::F64(v) => v.clone(),
        }
    }

    /// Element `index` as text, for messages.
    pub fn text(&self, index: usize) -> String {
        each!(self, v => v.get(index).map_or_else(|| "missing".to_owned(), |n| n.to_string()))
    }

    /// The elements at `order`, which the caller keeps within bounds.
    pub(super) fn permuted(&self, order: &[usize]) -> Values {
        fn pick<T: Copy>(v: &[T], order: &[usize]) -> Vec<T> {
            order.iter().filter_map(|k| v.get(*k).copied()).collect()
        }
        match self {
            Values::Bool(v) => Values::Bool(pick(v, order)),
            Values::U8(v) => Values::U8(pick(v, order)),
            Values::I8(v) => Values::I8(pick(v, order)),
            Values::U16(v) => Values::U16(pick(v, order)),
            Values::I16(v) => Values::I16(pick(v, order)),
            Values::U32(v) => Values::U32(pick(v, order)),
            Values::I32(v) => Values::I32(pick(v, order)),
            Values::U64(v) => Values::U64(pick(v, order)),
            Values::I64(v) => Values::I64(pick(v, order)),
            Values::F32(v) => Values::F32(pick(v, order)),
            Values::F64(v) => Values::F64(pick(v, order)),
        }
    }
}

/// Floats up to 2^53 are exact; larger ones are no counts.
fn whole_float(value: f64) -> Option<u64> {
    let whole = value >= 0.0 && value <= (1u64 << 53) as f64 && value.fract() == 0.0;
    whole.then_some(value as u64)
}
