//! HDF5 bytes to a [`Tree`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use hdf5_pure::{Dataset, Datatype, File, Group, VlenStringReadOptions, is_hdf5_bytes};

use super::{Item, Tree, links};
use crate::{DType, Error, Tensor};

/// Groups nested deeper than this are refused: HDF5 groups may contain themselves.
pub(crate) const MAX_DEPTH: usize = 64;

/// Most values of all data sets: twice the weights that the vector memory of the largest target holds.
pub(crate) const MAX_VALUES: u64 = 1 << 24;

/// Most values of a small file. Deflate shrinks zeros by a factor of a thousand, and a value takes eight bytes of memory.
const SMALL_FILE_VALUES: u64 = 1 << 23;

/// Values that each byte of a file may bring besides: more than weights that mean something are compressed.
const VALUES_PER_BYTE: u64 = 16;

/// No group or data set, with its header and its name, takes fewer bytes than this.
const LEAST_OBJECT: usize = 32;

/// Reads the whole file. `name` is used in messages.
pub(crate) fn load(bytes: &[u8], name: &str) -> Result<Tree, Error> {
    if !is_hdf5_bytes(bytes) {
        return Err(Error::NotHdf5 {
            path: name.to_owned(),
        });
    }
    links::check(bytes, name)?;
    // The library promises errors, not panics, but it is young and the bytes may be anything. A
    // panic inside it must not bring down the caller, and nothing it touches outlives this call,
    // so nothing is seen half changed.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let file = File::from_bytes(bytes.to_vec()).map_err(|e| Error::Damaged {
            path: name.to_owned(),
            detail: e.to_string(),
        })?;
        let mut loader = Loader {
            name,
            size: bytes.len() as u64,
            budget: budget(bytes.len() as u64),
            objects: bytes.len() / LEAST_OBJECT,
        };
        loader.root(&file.root())
    }));
    outcome.unwrap_or_else(|_| {
        Err(Error::Damaged {
            path: name.to_owned(),
            detail: "the HDF5 reader failed on it".to_owned(),
        })
    })
}

/// Bytes that the data sets of a file of `size` bytes may take, eight a value.
fn budget(size: u64) -> u64 {
    let more = size.saturating_mul(VALUES_PER_BYTE);
    8 * SMALL_FILE_VALUES.saturating_add(more).min(MAX_VALUES)
}

struct Loader<'a> {
    name: &'a str,
    /// Bytes of the file.
    size: u64,
    /// Bytes that may still be taken by what is read.
    budget: u64,
    /// Groups and data sets that may still be visited. Links can form loops, and several of them
    /// multiply with each level.
    objects: usize,
}

impl Loader<'_> {
    fn damaged(&self, at: &str, error: impl std::fmt::Display) -> Error {
        Error::Damaged {
            path: self.name.to_owned(),
            detail: format!("{at}: {error}"),
        }
    }

    /// Only what belongs to NIR; a file may hold anything else beside it.
    fn root(&mut self, root: &Group) -> Result<Tree, Error> {
        let mut tree = Tree::new();
        for (name, dataset) in root.iter_datasets().map_err(|e| self.damaged("/", e))? {
            if name == "version" {
                tree.insert(name, self.dataset(&dataset, "/version")?);
            }
        }
        for (name, group) in root.iter_groups().map_err(|e| self.damaged("/", e))? {
            if name == "node" {
                tree.insert(name, Item::Group(self.group(&group, "/node", 0)?));
            }
        }
        Ok(tree)
    }

    fn group(&mut self, group: &Group, at: &str, depth: usize) -> Result<Tree, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep {
                node: at.to_owned(),
                limit: MAX_DEPTH,
            });
        }
        let mut tree = Tree::new();
        for (name, dataset) in group.iter_datasets().map_err(|e| self.damaged(at, e))? {
            self.visit(at)?;
            let item = self.dataset(&dataset, &format!("{at}/{name}"))?;
            tree.insert(name, item);
        }
        for (name, child) in group.iter_groups().map_err(|e| self.damaged(at, e))? {
            self.visit(at)?;
            let item = Item::Group(self.group(&child, &format!("{at}/{name}"), depth + 1)?);
            tree.insert(name, item);
        }
        Ok(tree)
    }

    fn visit(&mut self, at: &str) -> Result<(), Error> {
        let left = self.objects.checked_sub(1);
        self.objects =
            left.ok_or_else(|| self.damaged(at, "more members than a file of this size can hold"))?;
        Ok(())
    }

    fn dataset(&mut self, dataset: &Dataset, at: &str) -> Result<Item, Error> {
        let datatype = dataset.datatype().map_err(|e| self.damaged(at, e))?;
        let extent = dataset.shape().map_err(|e| self.damaged(at, e))?;
        let element = dataset.element_size().map_err(|e| self.damaged(at, e))?;
        // Whatever an element has in the file, its value takes eight bytes here.
        self.spend(&extent, element.max(8), at)?;
        self.chunks(dataset, element, at)?;
        let shape = extent
            .iter()
            .map(|&axis| usize::try_from(axis))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| self.damaged(at, e))?;
        match &datatype {
            Datatype::FixedPoint { .. } => self.integers(dataset, shape, at),
            Datatype::Enumeration { base_type, .. } => {
                self.enumeration(dataset, base_type, shape, at)
            }
            Datatype::FloatingPoint { size, .. } => {
                let (dtype, data) = match size {
                    2 => (DType::F16, self.halves(dataset, &datatype, at)?),
                    4 => (DType::F32, self.floats(dataset, at)?),
                    8 => (DType::F64, self.floats(dataset, at)?),
                    _ => return Ok(Item::Unsupported(format!("a float of {size} bytes"))),
                };
                self.numbers(shape, data, dtype, at)
            }
            Datatype::String { .. }
            | Datatype::VariableLength {
                is_string: true, ..
            } => self.strings(dataset, &datatype, shape, at),
            other => Ok(Item::Unsupported(format!("an element type {other}"))),
        }
    }

    /// Takes what the data set claims to hold off the budget.
    fn spend(&mut self, extent: &[u64], element: u64, at: &str) -> Result<(), Error> {
        let claimed = extent
            .iter()
            .fold(element, |bytes, &axis| bytes.saturating_mul(axis));
        if claimed > self.budget {
            return Err(Error::TooLarge {
                path: self.name.to_owned(),
                dataset: at.to_owned(),
                claimed,
                limit: self.budget,
            });
        }
        self.budget -= claimed;
        Ok(())
    }

    /// Checks how a data set is stored before the library makes room for it: it believes what the file says of chunks.
    fn chunks(&self, dataset: &Dataset, element: u64, at: &str) -> Result<(), Error> {
        let shape = dataset.chunk_shape().map_err(|e| self.damaged(at, e))?;
        let Some(shape) = shape else {
            return Ok(());
        };
        let bytes = shape
            .iter()
            .fold(element, |bytes, &axis| bytes.saturating_mul(axis));
        // A chunk is unpacked as a whole.
        let most = budget(self.size);
        if bytes > most {
            return Err(Error::TooLarge {
                path: self.name.to_owned(),
                dataset: format!("a chunk of {at}"),
                claimed: bytes,
                limit: most,
            });
        }
        // An index that cannot be listed is one that is not read either.
        let mut stored = 0u64;
        for chunk in dataset.chunks().map_err(|e| self.damaged(at, e))? {
            if chunk.address.saturating_add(chunk.storage_size) > self.size {
                return Err(self.damaged(at, "a chunk lies beyond the end of the file"));
            }
            stored = stored.saturating_add(chunk.storage_size);
        }
        if stored > self.size {
            return Err(self.damaged(at, "its chunks overlap"));
        }
        Ok(())
    }

    fn numbers(
        &self,
        shape: Vec<usize>,
        data: Vec<f64>,
        dtype: DType,
        at: &str,
    ) -> Result<Item, Error> {
        let count = data.len();
        match Tensor::new(shape, data) {
            Some(tensor) => Ok(Item::Numbers(Tensor { dtype, ..tensor })),
            None => Err(self.damaged(at, format!("{count} elements do not fill its shape"))),
        }
    }

    fn integers(&self, dataset: &Dataset, shape: Vec<usize>, at: &str) -> Result<Item, Error> {
        if shape.is_empty() {
            let values = dataset.read_i64().map_err(|e| self.damaged(at, e))?;
            return match values.as_slice() {
                &[value] => Ok(Item::Int(value)),
                _ => Err(self.damaged(at, "a scalar without a value")),
            };
        }
        let data = dataset.read_f64().map_err(|e| self.damaged(at, e))?;
        self.numbers(shape, data, DType::Int, at)
    }

    /// Python's booleans are an HDF5 enumeration over one byte.
    fn enumeration(
        &self,
        dataset: &Dataset,
        base: &Datatype,
        shape: Vec<usize>,
        at: &str,
    ) -> Result<Item, Error> {
        if base.type_size() != 1 {
            return Ok(Item::Unsupported("an enumeration".to_owned()));
        }
        let raw = dataset.read_raw().map_err(|e| self.damaged(at, e))?;
        match (shape.is_empty(), raw.as_slice()) {
            (true, &[value]) => Ok(Item::Int(i64::from(value as i8))),
            _ => {
                let data = raw.iter().map(|&v| f64::from(v as i8)).collect();
                self.numbers(shape, data, DType::Int, at)
            }
        }
    }

    fn floats(&self, dataset: &Dataset, at: &str) -> Result<Vec<f64>, Error> {
        dataset.read_f64().map_err(|e| self.damaged(at, e))
    }

    fn halves(&self, dataset: &Dataset, datatype: &Datatype, at: &str) -> Result<Vec<f64>, Error> {
        let raw = dataset.read_raw().map_err(|e| self.damaged(at, e))?;
        let big_endian = matches!(
            datatype,
            Datatype::FloatingPoint {
                byte_order: hdf5_pure::DatatypeByteOrder::BigEndian,
                ..
            }
        );
        let (pairs, _) = raw.as_chunks::<2>();
        Ok(pairs
            .iter()
            .map(|&pair| {
                let value = if big_endian {
                    half::f16::from_be_bytes(pair)
                } else {
                    half::f16::from_le_bytes(pair)
                };
                value.to_f64()
            })
            .collect())
    }

    fn strings(
        &mut self,
        dataset: &Dataset,
        datatype: &Datatype,
        shape: Vec<usize>,
        at: &str,
    ) -> Result<Item, Error> {
        let data = if matches!(datatype, Datatype::VariableLength { .. }) {
            // many elements may refer to the same bytes, so the payload has a budget of its own
            let limit = usize::try_from(self.budget).unwrap_or(usize::MAX);
            let options = VlenStringReadOptions::new().with_max_payload_bytes(limit);
            dataset.read_vlen_strings(options)
        } else {
            dataset.read_string()
        };
        let mut data = data.map_err(|e| self.damaged(at, e))?;
        let payload: usize = data.iter().map(String::len).sum();
        self.spend(&[payload as u64], 1, at)?;
        if shape.is_empty() && data.len() == 1 {
            return Ok(Item::Text(data.swap_remove(0)));
        }
        if shape.iter().product::<usize>() != data.len() {
            return Err(self.damaged(at, "the strings do not fill its shape"));
        }
        Ok(Item::Texts { shape, data })
    }
}
