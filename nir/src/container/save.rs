//! A [`Tree`] to HDF5 bytes.

use hdf5_pure::{
    DatasetBuilder, Datatype, DatatypeByteOrder, FileBuilder, FloatingPointLayout, GroupBuilder,
};

use super::{Item, Tree};
use crate::{DType, Error, Tensor};

/// Tensors of at least this many elements are chunked and compressed, as Python's `nir` does with
/// all arrays; below it the chunk index outweighs what compression saves.
const COMPRESS_FROM: usize = 64;

/// Deflate level; the default of h5py, which Python's `nir` uses.
const LEVEL: u32 = 4;

/// The largest range of integers of which f64 holds every one.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// IEEE 754 binary16, little endian.
const BINARY16: Datatype = Datatype::FloatingPoint {
    size: 2,
    byte_order: DatatypeByteOrder::LittleEndian,
    layout: FloatingPointLayout {
        bit_offset: 0,
        bit_precision: 16,
        exponent_location: 10,
        exponent_size: 5,
        mantissa_location: 0,
        mantissa_size: 10,
        exponent_bias: 15,
    },
};

/// The bytes of an HDF5 file with `root` as its root group.
pub(crate) fn save(root: &Tree) -> Result<Vec<u8>, Error> {
    let mut file = FileBuilder::new();
    for (name, item) in root {
        match item {
            Item::Group(tree) => {
                let mut child = file.create_group(checked_name(name)?);
                fill(&mut child, tree)?;
                file.add_group(child.finish());
            }
            leaf => write_leaf(file.create_dataset(checked_name(name)?), name, leaf)?,
        }
    }
    file.finish().map_err(|e| Error::NotWritable {
        what: "the graph".to_owned(),
        reason: e.to_string(),
    })
}

fn fill(group: &mut GroupBuilder, tree: &Tree) -> Result<(), Error> {
    for (name, item) in tree {
        match item {
            Item::Group(tree) => {
                let mut child = group.create_group(checked_name(name)?);
                fill(&mut child, tree)?;
                group.add_group(child.finish());
            }
            leaf => write_leaf(group.create_dataset(checked_name(name)?), name, leaf)?,
        }
    }
    Ok(())
}

/// HDF5 separates path components with `/` and reads `.` as the group itself.
fn checked_name(name: &str) -> Result<&str, Error> {
    let reason = if name.is_empty() {
        "a name has to have at least one character"
    } else if name == "." || name.contains('/') || name.contains('\0') {
        "HDF5 does not allow '/', NUL or a single '.' as a name"
    } else {
        return Ok(name);
    };
    Err(Error::NotWritable {
        what: format!("'{name}'"),
        reason: reason.to_owned(),
    })
}

fn write_leaf(dataset: &mut DatasetBuilder, name: &str, item: &Item) -> Result<(), Error> {
    match item {
        Item::Int(value) => {
            dataset.with_i64_data(&[*value]).with_shape(&[]);
        }
        Item::Text(text) => {
            dataset.with_vlen_strings(&[text]).with_shape(&[]);
        }
        Item::Texts { shape, data } => {
            let data: Vec<&str> = data.iter().map(String::as_str).collect();
            dataset.with_vlen_strings(&data).with_shape(&extent(shape));
        }
        Item::Numbers(tensor) => write_tensor(dataset, name, tensor)?,
        Item::Group(_) | Item::Unsupported(_) => {
            return Err(Error::NotWritable {
                what: format!("'{name}'"),
                reason: "not a data set".to_owned(),
            });
        }
    }
    Ok(())
}

fn extent(shape: &[usize]) -> Vec<u64> {
    shape.iter().map(|&axis| axis as u64).collect()
}

/// Rounding to the tensor's type is expected; turning into another number is not.
fn check_range(name: &str, tensor: &Tensor) -> Result<(), Error> {
    let fits = |value: f64| match tensor.dtype {
        DType::F64 => true,
        DType::F32 => (value as f32).is_finite(),
        DType::F16 => half::f16::from_f64(value).is_finite(),
        // exact conversion in both directions
        DType::Int => value.fract() == 0.0 && value.abs() <= MAX_EXACT,
    };
    match tensor
        .data
        .iter()
        .find(|&&value| (value.is_finite() || tensor.dtype == DType::Int) && !fits(value))
    {
        None => Ok(()),
        Some(value) => Err(Error::NotWritable {
            what: format!("'{name}'"),
            reason: format!("the type {} does not hold {value}", tensor.dtype),
        }),
    }
}

fn write_tensor(dataset: &mut DatasetBuilder, name: &str, tensor: &Tensor) -> Result<(), Error> {
    let extent = extent(&tensor.shape);
    let wanted = tensor
        .shape
        .iter()
        .try_fold(1usize, |n, &axis| n.checked_mul(axis));
    if wanted != Some(tensor.data.len()) {
        return Err(Error::NotWritable {
            what: format!("'{name}'"),
            reason: format!(
                "{} elements do not fill the shape {}",
                tensor.data.len(),
                crate::display::Shape(&tensor.shape)
            ),
        });
    }
    check_range(name, tensor)?;
    match tensor.dtype {
        DType::F64 => dataset.with_f64_data(&tensor.data),
        DType::F32 => {
            let narrow: Vec<f32> = tensor.data.iter().map(|&v| v as f32).collect();
            dataset.with_f32_data(&narrow)
        }
        DType::F16 => {
            let raw = tensor
                .data
                .iter()
                .flat_map(|&v| half::f16::from_f64(v).to_le_bytes())
                .collect();
            dataset.with_raw_data(BINARY16, raw, tensor.data.len() as u64)
        }
        DType::Int => {
            let whole: Vec<i64> = tensor.data.iter().map(|&v| v as i64).collect();
            dataset.with_i64_data(&whole)
        }
    };
    dataset.with_shape(&extent);
    if tensor.data.len() >= COMPRESS_FROM {
        dataset.with_chunks(&extent).with_deflate(LEVEL);
    }
    Ok(())
}
