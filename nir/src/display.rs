//! Shapes in messages.

use std::fmt;

/// Writes a shape as `2x34x34`; the shape `[]` is written as `scalar`.
pub(crate) struct Shape<'a>(pub &'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("scalar");
        }
        for (i, axis) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("x")?;
            }
            write!(f, "{axis}")?;
        }
        Ok(())
    }
}
