//! The folder of models. What is loaded from it runs as the user, so that it must be the user's own.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest, Sha256};

use super::error::VerilatedError;
use super::own;

/// Names the folder for all that do not give one.
const VARIABLE: &str = "SPIKEVEC_VERILATED";

/// The checksum of a file that was built, beside it.
const CHECKSUM: &str = "sha256";

/// Held by the process that builds in a folder.
const LOCK: &str = "lock";

/// What the names of folders begin with in which something is being built.
const BUILD: &str = "build-";

/// The folder of models: `SPIKEVEC_VERILATED`, or `spikevec/verilated` in the user's cache folder
/// (`XDG_CACHE_HOME`, `~/.cache`). In this repository Cargo sets the variable to `target/verilated`.
///
/// # Errors
/// [`VerilatedError::NoFolder`] where no variable names one.
pub fn cache_folder() -> Result<PathBuf, VerilatedError> {
    let set = |name: &str| {
        let value = std::env::var_os(name).map(PathBuf::from);
        value.filter(|folder| !folder.as_os_str().is_empty())
    };
    if let Some(folder) = set(VARIABLE) {
        return Ok(folder);
    }
    let absolute = |name| set(name).filter(|folder| folder.is_absolute());
    let cache = match (
        absolute("XDG_CACHE_HOME"),
        absolute("LOCALAPPDATA"),
        absolute("HOME"),
    ) {
        (Some(cache), _, _) => cache,
        (_, Some(local), _) if cfg!(windows) => local,
        (_, _, Some(home)) => home.join(".cache"),
        _ => return Err(VerilatedError::NoFolder),
    };
    Ok(cache.join("spikevec").join("verilated"))
}

pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> VerilatedError {
    let path = path.to_owned();
    move |source| VerilatedError::Io { path, source }
}

/// [`own::check`] as an error of the cache.
fn check(path: &Path) -> Result<(), VerilatedError> {
    own::check(path).map_err(VerilatedError::from)
}

/// Makes a folder that only the user may enter.
fn make(path: &Path) -> Result<(), VerilatedError> {
    own::make(path).map_err(io(path))
}

/// The cache, made where it is not there, and checked: its path without links.
pub(super) fn open(cache: &Path) -> Result<PathBuf, VerilatedError> {
    make(cache)?;
    let cache = cache.canonicalize().map_err(io(cache))?;
    check(&cache)?;
    Ok(cache)
}

pub(super) fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash_of(file: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.read_to_end(&mut bytes)?;
    Ok(hash(&[&bytes]))
}

/// Notes the checksum of a file that was built.
pub(super) fn seal(file: &Path) -> Result<(), VerilatedError> {
    let sum = hash_of(file).map_err(io(file))?;
    let note = file.with_file_name(CHECKSUM);
    fs::write(&note, sum).map_err(io(&note))
}

/// Whether a file that was built is there and as it was; false where it must be built again.
///
/// # Errors
/// It, or its folder, is another user's or can be changed by one.
pub(super) fn is_sound(file: &Path) -> Result<bool, VerilatedError> {
    let is_file = |found: fs::Metadata| found.is_file();
    if !fs::symlink_metadata(file).is_ok_and(is_file) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        check(folder)?;
    }
    check(file)?;
    let note = fs::read_to_string(file.with_file_name(CHECKSUM));
    Ok(matches!((note, hash_of(file)), (Ok(note), Ok(sum)) if note == sum))
}

/// A folder of this process, removed with its contents unless it is kept.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    keep: bool,
    /// Locked as long as something is built here.
    _lock: File,
}

/// Removes folders of builds that were killed: nobody holds their locks.
fn sweep(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(BUILD) {
            continue;
        }
        let dead = match File::open(entry.path().join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(_) => true,
        };
        if dead {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Folder {
    /// A new folder in a cache that was opened.
    pub(super) fn new(cache: &Path) -> Result<Self, VerilatedError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // Between the making of a folder and of its lock nobody sweeps.
        let file = cache.join(LOCK);
        let all = File::create(&file).map_err(io(&file))?;
        all.lock().map_err(io(&file))?;
        sweep(cache);
        let path = cache.join(format!("{BUILD}{}-{count}", std::process::id()));
        make(&path)?;
        let file = path.join(LOCK);
        let lock = File::create(&file).map_err(io(&file))?;
        lock.lock().map_err(io(&file))?;
        Ok(Self {
            path,
            keep: false,
            _lock: lock,
        })
    }

    /// Keeps the folder of a failed build, in the place of the last one of the same design.
    pub(super) fn keep_failed(&mut self, cache: &Path, top: &str) -> PathBuf {
        let place = cache.join(format!("failed-{top}"));
        let _ = fs::remove_dir_all(&place);
        self.keep = fs::rename(&self.path, &place).is_ok();
        place
    }

    /// Moves the folder to its final place. Where another process was first, its result stays.
    pub(super) fn publish(mut self, place: &Path) -> Result<(), VerilatedError> {
        let _ = fs::remove_file(self.path.join(LOCK));
        let moved = fs::rename(&self.path, place);
        self.keep = moved.is_ok();
        match moved {
            Err(_) if place.is_dir() => Ok(()),
            other => other.map_err(io(place)),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::{PermissionsExt, chown};

    use super::own::NotOwn;
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let name = format!("spikevec-cache-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_cache_is_the_users_alone() {
        let folder = folder("owner");
        let cache = open(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache), 0o700);
        for open_to in [0o777, 0o770, 0o702] {
            fs::set_permissions(&cache, fs::Permissions::from_mode(open_to)).unwrap();
            let error = open(&folder).unwrap_err();
            assert!(
                matches!(error, VerilatedError::NotOwn(NotOwn::Mode { .. })),
                "{error}"
            );
        }
        fs::set_permissions(&cache, fs::Permissions::from_mode(0o755)).unwrap();
        open(&folder).unwrap();
        // Only the superuser can make a folder another's.
        match chown(&cache, Some(12345), None) {
            Err(_) => println!("skipped: the owner of a folder cannot be changed"),
            Ok(()) => {
                let error = open(&folder).unwrap_err();
                assert!(
                    matches!(error, VerilatedError::NotOwn(NotOwn::Owner { .. })),
                    "{error}"
                );
            }
        }
        fs::remove_dir_all(&cache).unwrap();
    }

    #[test]
    fn what_was_built_is_checked_before_it_is_loaded() {
        let folder = folder("sound");
        let cache = open(&folder).unwrap();
        let file = cache.join("model.so");
        assert!(!is_sound(&file).unwrap());
        fs::write(&file, "a library").unwrap();
        assert!(!is_sound(&file).unwrap());
        seal(&file).unwrap();
        assert!(is_sound(&file).unwrap());
        fs::write(&file, "a librarz").unwrap();
        assert!(!is_sound(&file).unwrap());
        seal(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(matches!(
            is_sound(&file),
            Err(VerilatedError::NotOwn(NotOwn::Mode { .. }))
        ));
        // A link to a library is none.
        fs::rename(&file, cache.join("other.so")).unwrap();
        std::os::unix::fs::symlink(cache.join("other.so"), &file).unwrap();
        assert!(!is_sound(&file).unwrap());
        fs::remove_dir_all(&cache).unwrap();
    }

    #[test]
    fn builds_that_were_killed_are_cleaned_up() {
        let cache = open(&folder("sweep")).unwrap();
        let live = Folder::new(&cache).unwrap();
        // What a killed process leaves.
        let dead = cache.join("build-1-0");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        fs::write(dead.join("model.so"), "half").unwrap();
        let kept = cache.join("top-0123");
        fs::create_dir(&kept).unwrap();
        drop(Folder::new(&cache).unwrap());
        assert!(live.path.is_dir() && kept.is_dir());
        assert!(!dead.exists());
        let path = live.path.clone();
        drop(live);
        assert!(!path.exists());
        fs::remove_dir_all(&cache).unwrap();
    }
}
