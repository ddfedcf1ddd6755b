//! Names of the scalar and vector registers.

/// ABI names of `x0` to `x31`, as the RISC-V psABI gives them.
pub const X_NAMES: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4",
    "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4",
    "t5", "t6",
];

/// Names of the vector registers.
pub const V_NAMES: [&str; 32] = [
    "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",
    "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",
    "v28", "v29", "v30", "v31",
];

/// ABI name of scalar register `number`; `x?` for a number that does not exist.
pub fn x_name(number: u8) -> &'static str {
    X_NAMES.get(usize::from(number)).copied().unwrap_or("x?")
}

/// Name of vector register `number`; `v?` for a number that does not exist.
pub fn vector_name(number: u8) -> &'static str {
    V_NAMES.get(usize::from(number)).copied().unwrap_or("v?")
}

/// Number of the scalar register that `name` names (`x7`, `t2`, `fp`).
pub fn parse_x(name: &str) -> Option<u8> {
    if name == "fp" {
        return Some(8);
    }
    if let Some(index) = X_NAMES.iter().position(|n| *n == name) {
        return Some(index as u8);
    }
    parse_numbered(name, 'x')
}

/// Number of the vector register that `name` names (`v0` to `v31`).
pub fn parse_v(name: &str) -> Option<u8> {
    parse_numbered(name, 'v')
}

fn parse_numbered(name: &str, prefix: char) -> Option<u8> {
    let digits = name.strip_prefix(prefix)?;
    // `x07` is not a register: one spelling a register.
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u8>().ok().filter(|n| *n < 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for n in 0..32 {
            assert_eq!(parse_x(x_name(n)), Some(n));
            assert_eq!(parse_x(&format!("x{n}")), Some(n));
            assert_eq!(parse_v(vector_name(n)), Some(n));
        }
        for bad in ["x32", "x", "x01", "x+1", "v32", "y1", ""] {
            assert_eq!(parse_x(bad), None, "{bad}");
            assert_eq!(parse_v(bad), None, "{bad}");
        }
    }
}
