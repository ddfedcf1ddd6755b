//! A core on a bus, for each number of lanes.

use rust_hdl::prelude::Block;

use super::AxiSystem;
use crate::core::{Config, ConfigError};
use crate::emit;
use spikevec_design::Design;

impl Config {
    /// The core between AXI4-Lite and AXI4: [`AxiSystem`], as `spikevec_axi`.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn axi_design(&self) -> Result<Design, ConfigError> {
        self.check()?;
        macro_rules! design {
            ($groups:literal, $each:literal, $lanes:literal) => {{
                let mut system = Box::new(AxiSystem::<
                    $groups,
                    $each,
                    $lanes,
                    { 16 * $lanes },
                    { 17 * $lanes },
                    { 2 * $lanes },
                >::new(self));
                system.connect_all();
                emit::emit("spikevec_axi", system.as_ref())?
            }};
        }
        Ok(match self.target.lanes {
            4 => design!(1, 4, 4),
            8 => design!(1, 8, 8),
            16 => design!(4, 4, 16),
            _ => design!(8, 4, 32),
        })
    }
}
