//! The manifest as JSON, of this version and of those before.

use serde::Deserialize;
use serde_json::Value;
use spikevec_isa::Target;
use spikevec_isa::target::BASE_EXTENSIONS;

use super::ElfError;
use crate::image::{MANIFEST_VERSION, Manifest};

/// Only the version: a manifest of another one may have any other fields.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// The target of version 1: memories alone. Programs were for the base set then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetOfVersion1 {
    name: String,
    instruction_bytes: u32,
    scalar_bytes: u32,
    vector_bytes: u32,
    lane_local_bytes: u32,
    external_bytes: u32,
}

impl From<TargetOfVersion1> for Target {
    fn from(old: TargetOfVersion1) -> Target {
        Target {
            name: old.name,
            instruction_bytes: old.instruction_bytes,
            scalar_bytes: old.scalar_bytes,
            vector_bytes: old.vector_bytes,
            lane_local_bytes: old.lane_local_bytes,
            external_bytes: old.external_bytes,
            extensions: BASE_EXTENSIONS.to_vec(),
            ..Target::base()
        }
    }
}

/// The manifest's JSON.
pub fn to_json(manifest: &Manifest) -> Result<Vec<u8>, ElfError> {
    if let Some(dt) = manifest.dt.filter(|dt| !dt.is_finite()) {
        return Err(ElfError::ManifestNumber { dt });
    }
    Ok(serde_json::to_vec(manifest)?)
}

/// The manifest of `json`, whose version may be an older one.
pub fn from_json(json: &[u8]) -> Result<Manifest, ElfError> {
    let Versioned { version } = serde_json::from_slice(json)?;
    if version == u64::from(MANIFEST_VERSION) {
        return Ok(serde_json::from_slice(json)?);
    }
    if version != 1 {
        return Err(ElfError::ManifestVersion { found: version });
    }
    let mut fields: serde_json::Map<String, Value> = serde_json::from_slice(json)?;
    let old = fields.remove("target").unwrap_or(Value::Null);
    let target = Target::from(serde_json::from_value::<TargetOfVersion1>(old)?);
    fields.insert("target".to_owned(), serde_json::to_value(target)?);
    fields.insert("version".to_owned(), MANIFEST_VERSION.into());
    Ok(serde_json::from_value(Value::Object(fields))?)
}
