//! The `.npy` form: a magic string, a header that is a Python dictionary, the elements.
//!
//! The form is that of NumPy's `numpy.lib.format`, versions 1.0 to 3.0.

use super::array::{Array, Values};

/// First bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// Why bytes are no array.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NpyError {
    Damaged(String),
    Truncated {
        shape: Vec<usize>,
        dtype: String,
        needed: u64,
        found: u64,
    },
    Dtype(String),
}

struct Header {
    dtype: String,
    fortran: bool,
    shape: Vec<usize>,
}

fn damaged(problem: impl Into<String>) -> NpyError {
    NpyError::Damaged(problem.into())
}

/// Reads an array; `bytes` is the whole file.
pub(super) fn read(bytes: &[u8]) -> Result<Array, NpyError> {
    let cut = || damaged("the file is cut short within its header");
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| damaged("it does not begin as a .npy file"))?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
    let (length, rest) = match version {
        [1, 0] => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
            (u16::from_le_bytes(*length) as usize, rest)
        }
        [2 | 3, 0] => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        [major, minor] => {
            let problem =
                format!("version {major}.{minor} of the .npy form is not known (1.0 to 3.0 are)");
            return Err(damaged(problem));
        }
    };
    let (text, data) = rest.split_at_checked(length).ok_or_else(cut)?;
    let text = std::str::from_utf8(text).map_err(|_| damaged("its header is no text"))?;
    let header = parse_header(text)?;
    let product = |n: usize, axis: &usize| n.checked_mul(*axis);
    let count = header.shape.iter().try_fold(1, product);
    let count = count.ok_or_else(|| damaged(format!("shape {:?} is too large", header.shape)))?;
    let values = elements(&header, count, data)?;
    let values = if header.fortran && header.shape.len() > 1 {
        values.permuted(&fortran_order(&header.shape, count))
    } else {
        values
    };
    Ok(Array {
        shape: header.shape,
        values,
    })
}

/// Where each element, in C order, is in Fortran order.
fn fortran_order(shape: &[usize], count: usize) -> Vec<usize> {
    (0..count)
        .map(|index| {
            let mut rest = index;
            let mut place = 0;
            let mut stride = count;
            for axis in shape.iter().rev() {
                stride /= axis;
                place += rest % axis * stride;
                rest /= axis;
            }
            place
        })
        .collect()
}

fn elements(header: &Header, count: usize, data: &[u8]) -> Result<Values, NpyError> {
    let (order, kind) = header.dtype.split_at_checked(1).unwrap_or_default();
    let big = match order {
        "<" | "|" | "=" => false,
        ">" => true,
        _ => return Err(NpyError::Dtype(header.dtype.clone())),
    };
    /// The first `count` elements of `N` bytes.
    fn take<const N: usize, T>(
        header: &Header,
        count: usize,
        data: &[u8],
        big: bool,
        make: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, NpyError> {
        let needed = (count as u64).saturating_mul(N as u64);
        if (data.len() as u64) < needed {
            return Err(NpyError::Truncated {
                shape: header.shape.clone(),
                dtype: header.dtype.clone(),
                needed,
                found: data.len() as u64,
            });
        }
        let (all, _) = data.as_chunks::<N>();
        let value = |bytes: &[u8; N]| {
            let mut bytes = *bytes;
            if big {
                bytes.reverse();
            }
            make(bytes)
        };
        Ok(all.iter().take(count).map(value).collect())
    }
    Ok(match kind {
        "b1" => Values::Bool(take(header, count, data, big, |[b]: [u8; 1]| b != 0)?),
        "u1" => Values::U8(take(header, count, data, big, u8::from_le_bytes)?),
        "i1" => Values::I8(take(header, count, data, big, i8::from_le_bytes)?),
        "u2" => Values::U16(take(header, count, data, big, u16::from_le_bytes)?),
        "i2" => Values::I16(take(header, count, data, big, i16::from_le_bytes)?),
        "u4" => Values::U32(take(header, count, data, big, u32::from_le_bytes)?),
        "i4" => Values::I32(take(header, count, data, big, i32::from_le_bytes)?),
        "u8" => Values::U64(take(header, count, data, big, u64::from_le_bytes)?),
        "i8" => Values::I64(take(header, count, data, big, i64::from_le_bytes)?),
        "f4" => Values::F32(take(header, count, data, big, f32::from_le_bytes)?),
        "f8" => Values::F64(take(header, count, data, big, f64::from_le_bytes)?),
        _ => return Err(NpyError::Dtype(header.dtype.clone())),
    })
}

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
fn parse_header(text: &str) -> Result<Header, NpyError> {
    let after = |key: &str| {
        ["'", "\""]
            .iter()
            .find_map(|quote| {
                let (_, rest) = text.split_once(&format!("{quote}{key}{quote}"))?;
                rest.trim_start().strip_prefix(':').map(str::trim_start)
            })
            .ok_or_else(|| damaged(format!("its header has no {key:?}")))
    };
    let descr = after("descr")?;
    let dtype = match descr.chars().next() {
        Some(quote @ ('\'' | '"')) => {
            let rest = descr.get(1..).unwrap_or_default();
            let (dtype, _) = rest
                .split_once(quote)
                .ok_or_else(|| damaged("the dtype in its header does not end"))?;
            dtype.to_owned()
        }
        // A record type: a list of fields.
        _ => {
            let end = descr.find(", 'fortran_order'").unwrap_or(descr.len());
            return Err(NpyError::Dtype(descr.chars().take(end.min(80)).collect()));
        }
    };
    let order = after("fortran_order")?;
    let fortran = match (order.starts_with("False"), order.starts_with("True")) {
        (true, _) => false,
        (_, true) => true,
        _ => {
            return Err(damaged(
                "fortran_order in its header is neither True nor False",
            ));
        }
    };
    let no_shape = || damaged("the shape in its header is no tuple of whole numbers");
    let shape = after("shape")?.strip_prefix('(').ok_or_else(no_shape)?;
    let (shape, _) = shape.split_once(')').ok_or_else(no_shape)?;
    let axes = shape
        .split(',')
        .map(str::trim)
        .filter(|axis| !axis.is_empty());
    let shape = axes
        .map(|axis| axis.trim_end_matches('L').parse().map_err(|_| no_shape()))
        .collect::<Result<_, _>>()?;
    Ok(Header {
        dtype,
        fortran,
        shape,
    })
}

/// The bytes of a `.npy` file with `array`.
pub(super) fn write(array: &Array) -> Vec<u8> {
    fn le<T: Copy, const N: usize>(v: &[T], bytes: fn(T) -> [u8; N]) -> Vec<u8> {
        v.iter().flat_map(|value| bytes(*value)).collect()
    }
    let (dtype, data) = match &array.values {
        Values::Bool(v) => ("|b1", v.iter().map(|b| u8::from(*b)).collect()),
        Values::U8(v) => ("|u1", v.clone()),
        Values::I8(v) => ("|i1", le(v, i8::to_le_bytes)),
        Values::U16(v) => ("<u2", le(v, u16::to_le_bytes)),
        Values::I16(v) => ("<i2", le(v, i16::to_le_bytes)),
        Values::U32(v) => ("<u4", le(v, u32::to_le_bytes)),
        Values::I32(v) => ("<i4", le(v, i32::to_le_bytes)),
        Values::U64(v) => ("<u8", le(v, u64::to_le_bytes)),
        Values::I64(v) => ("<i8", le(v, i64::to_le_bytes)),
        Values::F32(v) => ("<f4", le(v, f32::to_le_bytes)),
        Values::F64(v) => ("<f8", le(v, f64::to_le_bytes)),
    };
    let axes: String = array.shape.iter().map(|axis| format!("{axis}, ")).collect();
    let mut header = format!(
        "{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({}), }}",
        axes.trim_end()
    );
    // Magic, version and length are 10 bytes; the elements begin at a multiple of 64.
    let padding = 63 - (10 + header.len()) % 64;
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    // 32 axes of 20 digits stay far below the 65535 bytes of version 1.0.
    let length = u16::try_from(header.len()).unwrap_or(u16::MAX);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&[1, 0]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(&data);
    bytes
}
