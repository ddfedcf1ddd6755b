//! The bitstream.

use std::path::Path;

use super::error::FlowError;
use super::process::run;
use super::tools::{ECPPACK, Tools};

/// Packs `config` in `work`, compressed, into `output` there.
pub(super) fn pack(
    tools: &Tools,
    work: &Path,
    config: &str,
    output: &str,
) -> Result<(), FlowError> {
    let log = work.join("ecppack.log");
    let mut command = tools.command(ECPPACK);
    command
        .args(["--compress", config, output])
        .current_dir(work);
    let ran = run(&mut command, &log, |_| {}).map_err(|source| FlowError::Start {
        tool: ECPPACK.name,
        source,
    })?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(FlowError::Tool {
            tool: ECPPACK.name,
            complaints: ran.complaints,
            log,
        }),
    }
}
