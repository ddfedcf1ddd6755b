//! Writing files: whole or not at all, and never in the place of what is no file.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use spikevec_runtime::data::Values;
use spikevec_runtime::{MAX_STREAM_BYTES, WholeFile, read_whole, write_npz, write_whole};

use crate::files::{Folder, array};

#[test]
fn devices_and_pipes_are_written_to_and_not_replaced() {
    let folder = Folder::new("special");
    let x = array(&[3], Values::U8(vec![1, 2, 3]));
    let pipe = folder.path("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    write_npz(&pipe, &[("x", &x)]).unwrap();
    let file = folder.path("x.npz");
    write_npz(&file, &[("x", &x)]).unwrap();
    assert_eq!(reader.join().unwrap(), fs::read(&file).unwrap());
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    write_npz(Path::new("/dev/null"), &[("x", &x)]).unwrap();
    let null = fs::metadata("/dev/null").unwrap();
    assert!(null.file_type().is_char_device());
    let mut names = folder.names();
    names.sort();
    assert_eq!(names, ["pipe", "x.npz"]);
}

#[test]
fn a_full_device_says_so() {
    if !Path::new("/dev/full").exists() {
        println!("skipped: there is no /dev/full");
        return;
    }
    assert!(write_whole(Path::new("/dev/full"), b"x").is_err());
    let full = fs::metadata("/dev/full").unwrap();
    assert!(full.file_type().is_char_device());
}

#[test]
fn nothing_changes_before_the_commit() {
    let folder = Folder::new("commit");
    let path = folder.write("a", b"old");
    let mut file = WholeFile::create(&path).unwrap();
    file.fill(b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    drop(file);
    assert_eq!(folder.names(), ["a"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    write_whole(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(folder.names(), ["a"]);
    assert!(WholeFile::create(&folder.path("no/b")).is_err());
    assert!(WholeFile::create(&folder.path("")).is_err());
}

#[test]
fn links_stay_links() {
    let folder = Folder::new("links");
    let (path, link) = (folder.write("a", b"old"), folder.path("link"));
    symlink(&path, &link).unwrap();
    write_whole(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"new");
    let (nothing, dangling) = (folder.path("b"), folder.path("dangling"));
    symlink(&nothing, &dangling).unwrap();
    write_whole(&dangling, b"new").unwrap();
    assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());
    assert_eq!(fs::read(&nothing).unwrap(), b"new");
}

/// Renaming would replace it, since that needs the folder's permission alone.
#[test]
fn a_read_only_file_is_not_replaced() {
    let folder = Folder::new("read_only");
    let path = folder.write("kept.npz", b"kept");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let error = WholeFile::create(&path).unwrap_err().to_string();
    assert!(error.contains("read-only"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"kept");
    assert_eq!(folder.names(), ["kept.npz"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    write_whole(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn what_comes_little_by_little_is_there_after_the_commit() {
    let folder = Folder::new("stream");
    let path = folder.write("x.txt", b"old");
    let mut whole = WholeFile::create(&path).unwrap();
    let mut file = whole.stream().unwrap();
    file.write_all(b"ne").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    file.write_all(b"w").unwrap();
    whole.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(folder.names(), ["x.txt"]);
    drop(WholeFile::create(&path).unwrap().stream().unwrap());
    assert_eq!(folder.names(), ["x.txt"]);
}

#[test]
fn a_device_that_never_ends_is_read_to_a_bound() {
    let error = read_whole(Path::new("/dev/zero")).unwrap_err().to_string();
    assert!(error.contains(&MAX_STREAM_BYTES.to_string()), "{error}");
    assert_eq!(read_whole(Path::new("/dev/null")).unwrap(), b"");
    let folder = Folder::new("streams");
    let path = folder.path("plain");
    fs::write(&path, b"plain").unwrap();
    assert_eq!(read_whole(&path).unwrap(), b"plain");
}
