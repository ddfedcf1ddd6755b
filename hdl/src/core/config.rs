//! The configurations of the core that have a name.

use spikevec_isa::Extension;
use spikevec_isa::Target;
use spikevec_isa::target::{BASE_EXTENSIONS, TargetError};

use rust_hdl::prelude::Block;

use super::{Core, CoreTop, INSTRUCTION_ADDRESS, SCALAR_ADDRESS};
use crate::dma::{DmaParameterError, DmaParameters};
use crate::emit::{self, EmitError};
use crate::leaf::Style;
use crate::vector::VectorParameters;
use spikevec_design::Design;

/// A core: lanes in hardware, memories and what they are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Its name.
    pub name: &'static str,
    /// Lanes, sizes of the memories, bursts. The external memory bounds what DMA accesses.
    pub target: Target,
    /// What vector memory is made of.
    pub vector_style: Style,
    /// What lane-local memory is made of.
    pub local_style: Style,
    /// What the vector registers are made of.
    pub register_style: Style,
}

/// A configuration that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An extension whose logic every core has.
    #[error(
        "the target {target} does not name the extension \"{}\", but every core of this version has it: name it", .extension.title()
    )]
    Extension {
        /// The extension.
        extension: Extension,
        /// Name of the target.
        target: String,
    },
    /// Memories that make no sense.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A memory that the core's wires cannot address.
    #[error(
        "{memory} of {bytes} bytes: this core can have up to {limit} bytes, and at least {least}; choose a size between"
    )]
    Memory {
        /// The memory.
        memory: spikevec_isa::Memory,
        /// The size asked for.
        bytes: u32,
        /// The most.
        limit: u32,
        /// The least.
        least: u32,
    },
    /// Lane-local memory whose size is not a power of two.
    #[error("lane-local memory of {bytes} bytes: the core's host port needs a power of two")]
    LocalPower {
        /// The size asked for.
        bytes: u32,
    },
    /// DMA that cannot be.
    #[error(transparent)]
    Dma(#[from] DmaParameterError),
    /// The blocks could not be written as Verilog: a mistake in the blocks.
    #[error(transparent)]
    Emit(#[from] EmitError),
}

/// Emits a block of the core's five parameters for the lanes of a configuration.
macro_rules! with_lanes {
    ($config:expr, $block:ident, $name:literal) => {{
        macro_rules! design {
            ($groups:literal, $each:literal, $lanes:literal) => {{
                let mut block = Box::new($block::<
                    $groups,
                    $each,
                    $lanes,
                    { 16 * $lanes },
                    { 17 * $lanes },
                >::new($config));
                block.connect_all();
                emit::emit($name, block.as_ref())?
            }};
        }
        match $config.target.lanes {
            4 => design!(1, 4, 4),
            8 => design!(1, 8, 8),
            16 => design!(4, 4, 16),
            _ => design!(8, 4, 32),
        }
    }};
}

impl Config {
    /// Names of the configurations that [`Config::named`] knows.
    pub const NAMES: [&'static str; Target::CORE_NAMES.len()] = Target::CORE_NAMES;

    /// The configuration called `name`: [`Target::core`] with memories in block RAM.
    pub fn named(name: &str) -> Option<Self> {
        let target = Target::core(name)?;
        Some(Self {
            name: Target::core_name(target.lanes)?,
            target,
            vector_style: Style::Block,
            local_style: Style::Block,
            register_style: Style::Distributed,
        })
    }

    /// Checks that the core can be built.
    ///
    /// # Errors
    /// What cannot be, and its limit.
    pub fn check(&self) -> Result<(), ConfigError> {
        use spikevec_isa::Memory;
        self.target.check()?;
        let mut built = BASE_EXTENSIONS.into_iter();
        if let Some(extension) = built.find(|e| !self.target.extensions.contains(e)) {
            return Err(ConfigError::Extension {
                extension,
                target: self.target.name.clone(),
            });
        }
        let limits = [
            (Memory::Instruction, 4, 4u32 << INSTRUCTION_ADDRESS),
            (Memory::Scalar, 4, 4u32 << SCALAR_ADDRESS),
            (
                Memory::Vector,
                64,
                64 * ((1u32 << 20) / self.target.beats()),
            ),
            (Memory::LaneLocal, 2, 32 << 10),
        ];
        for (memory, least, limit) in limits {
            let bytes = self.target.bytes(memory);
            if bytes < least || bytes > limit {
                return Err(ConfigError::Memory {
                    memory,
                    bytes,
                    limit,
                    least,
                });
            }
        }
        let bytes = self.target.lane_local_bytes;
        if !bytes.is_power_of_two() {
            return Err(ConfigError::LocalPower { bytes });
        }
        Ok(self.dma().check(self.target.lanes as usize)?)
    }

    /// The parameters of the vector unit.
    pub fn vector(&self) -> VectorParameters {
        let beats = self.target.beats() as usize;
        VectorParameters {
            vector_words: self.target.vector_bytes as usize / 64 * beats,
            vector_style: self.vector_style,
            local_halfwords: self.target.lane_local_bytes as usize / 2,
            local_style: self.local_style,
            register_style: self.register_style,
        }
    }

    /// The parameters of DMA.
    pub fn dma(&self) -> DmaParameters {
        DmaParameters {
            vector_bytes: self.target.vector_bytes,
            external_bytes: self.target.external_bytes,
            burst_vectors: self.target.burst_vectors,
        }
    }

    /// The core's Verilog and ports, the retirement port among them: what is simulated.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn design(&self) -> Result<Design, ConfigError> {
        self.check()?;
        Ok(with_lanes!(self, Core, "core"))
    }

    /// As [`Config::design`], without the retirement port: [`CoreTop`], what is built into devices.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn synthesis_design(&self) -> Result<Design, ConfigError> {
        self.check()?;
        Ok(with_lanes!(self, CoreTop, "core_top"))
    }
}
