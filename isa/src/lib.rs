//! Placeholder replaced while the workspace is laid out.
