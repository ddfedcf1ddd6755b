//! Every dependency's licence against the list in `deny.toml`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

#[derive(Deserialize)]
struct Deny {
    licenses: Allowed,
}

#[derive(Deserialize)]
struct Allowed {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

/// Checks the packages of the lock file, those for other platforms included unless
/// `offline`, when only this platform's are sure to be here.
///
/// # Errors
/// A package whose licence is missing, cannot be read or is not allowed.
pub fn check(offline: bool) -> Result<String> {
    let path = crate::workspace().join("deny.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let deny: Deny = toml::from_str(&text).context("deny.toml")?;
    let packages = packages(offline)?;
    let mut refused = Vec::new();
    for package in &packages {
        let Package { name, version, .. } = package;
        let verdict = match package.license.as_deref() {
            None => Err("names no licence (SPDX expression)".to_owned()),
            Some(license) => match satisfied(license, &deny.licenses.allow) {
                Ok(true) => Ok(()),
                Ok(false) => Err(format!(
                    "is under {license}, which deny.toml does not allow"
                )),
                Err(error) => Err(format!("is under {license:?}: {error}")),
            },
        };
        if let Err(reason) = verdict {
            refused.push(format!("{name} {version} {reason}"));
        }
    }
    if !refused.is_empty() {
        bail!(
            "use another package, or add the licence to deny.toml if the project can live with it:\n    {}",
            refused.join("\n    ")
        );
    }
    let which = if offline { " of this platform" } else { "" };
    Ok(format!("{} packages{which}", packages.len()))
}

fn packages(offline: bool) -> Result<Vec<Package>> {
    let mut command = crate::cargo();
    command.args(["metadata", "--format-version", "1"]);
    if offline {
        let host = host()?;
        command.args(["--offline", "--filter-platform", &host]);
    }
    let output = command.output().context("cannot start cargo metadata")?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    Ok(metadata.packages)
}

/// The target triple of this machine.
fn host() -> Result<String> {
    let name = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(name).arg("-vV").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

/// Whether an SPDX expression can be met with the allowed licences. `/` is the older
/// form of `OR`; a licence `WITH` an exception is allowed as a whole or not.
fn satisfied(expression: &str, allow: &BTreeSet<String>) -> Result<bool> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let result = any(&mut words, allow)?;
    match words.next() {
        None => Ok(result),
        Some(word) => bail!("unexpected {word:?}"),
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words, allow: &BTreeSet<String>) -> Result<bool> {
    let mut result = all(words, allow)?;
    while words.next_if_eq(&"OR").is_some() {
        result |= all(words, allow)?;
    }
    Ok(result)
}

fn all(words: &mut Words, allow: &BTreeSet<String>) -> Result<bool> {
    let mut result = one(words, allow)?;
    while words.next_if_eq(&"AND").is_some() {
        result &= one(words, allow)?;
    }
    Ok(result)
}

fn one(words: &mut Words, allow: &BTreeSet<String>) -> Result<bool> {
    match words.next() {
        None => bail!("a licence is missing at the end"),
        Some("(") => {
            let result = any(words, allow)?;
            if words.next() != Some(")") {
                bail!("a parenthesis is not closed");
            }
            Ok(result)
        }
        Some(word @ (")" | "AND" | "OR" | "WITH")) => bail!("a licence is missing before {word}"),
        Some(name) => match words.next_if_eq(&"WITH") {
            None => Ok(allow.contains(name)),
            Some(_) => {
                let exception = words.next().context("an exception is missing after WITH")?;
                Ok(allow.contains(&format!("{name} WITH {exception}")))
            }
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn allowed(expression: &str) -> Result<bool> {
        let allow = ["MIT", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
        satisfied(expression, &allow.map(str::to_owned).into())
    }

    #[test]
    fn expressions() {
        for yes in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "(GPL-3.0 OR MIT) AND Unicode-3.0",
            "GPL-3.0 AND MPL-2.0 OR MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(allowed(yes).unwrap(), "{yes}");
        }
        for no in [
            "GPL-3.0",
            "Apache-2.0",
            "MIT AND GPL-3.0",
            "MIT WITH LLVM-exception",
            "MIT AND (GPL-3.0 OR Apache-2.0)",
            "GPL-3.0 OR MIT AND GPL-3.0",
        ] {
            assert!(!allowed(no).unwrap(), "{no}");
        }
        for bad in [
            "",
            "MIT OR",
            "(MIT",
            "MIT)",
            "MIT GPL-3.0",
            "OR MIT",
            "MIT WITH",
        ] {
            assert!(allowed(bad).is_err(), "{bad}");
        }
    }
}
