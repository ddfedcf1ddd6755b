//! The bitstream.

use std::path::Path;

use super::error::FlowError;
use super::process::run;
use super::tools::Tools;
use crate::board::Device;

/// Packs `routed` in `work`, compressed, into `output` there.
pub(super) fn pack(
    tools: &Tools,
    work: &Path,
    device: &Device,
    routed: &str,
    output: &str,
) -> Result<(), FlowError> {
    let packer = device.family().packer;
    let log = work.join(format!("{}.log", packer.name));
    let start = |source| FlowError::Start {
        tool: packer.name,
        source,
    };
    let mut command = tools.command(packer).map_err(start)?;
    command.args(device.pack(routed, output)).current_dir(work);
    let ran = run(&mut command, &log, |_| {}).map_err(start)?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(FlowError::Tool {
            tool: packer.name,
            complaints: ran.complaints,
            log,
        }),
    }
}
