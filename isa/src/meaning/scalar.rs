//! Scalar operations whose meaning takes more than an operator. The division's rules are those
//! of the RISC-V unprivileged specification, chapter "M".

/// `a << b[4:0]`.
pub const fn shift_left(a: u32, b: u32) -> u32 {
    a << (b & 31)
}

/// `a >> b[4:0]`, zero filled.
pub const fn shift_right(a: u32, b: u32) -> u32 {
    a >> (b & 31)
}

/// `a >> b[4:0]`, sign filled.
pub const fn shift_right_signed(a: u32, b: u32) -> u32 {
    (a as i32 >> (b & 31)) as u32
}

/// High word of the signed product.
pub const fn mulh(a: u32, b: u32) -> u32 {
    ((a as i32 as i64 * b as i32 as i64) >> 32) as u32
}

/// High word of the product of a signed and an unsigned factor.
pub const fn mulhsu(a: u32, b: u32) -> u32 {
    ((a as i32 as i64 * b as i64) >> 32) as u32
}

/// High word of the unsigned product.
pub const fn mulhu(a: u32, b: u32) -> u32 {
    ((a as u64 * b as u64) >> 32) as u32
}

/// Signed quotient toward zero; -1 for a divisor of 0, the dividend on overflow.
pub const fn div(a: u32, b: u32) -> u32 {
    match b {
        0 => u32::MAX,
        _ => (a as i32).wrapping_div(b as i32) as u32,
    }
}

/// Unsigned quotient; all ones for a divisor of 0.
pub const fn divu(a: u32, b: u32) -> u32 {
    match b {
        0 => u32::MAX,
        _ => a / b,
    }
}

/// Remainder with the sign of the dividend; the dividend for a divisor of 0, 0 on overflow.
pub const fn rem(a: u32, b: u32) -> u32 {
    match b {
        0 => a,
        _ => (a as i32).wrapping_rem(b as i32) as u32,
    }
}

/// Unsigned remainder; the dividend for a divisor of 0.
pub const fn remu(a: u32, b: u32) -> u32 {
    match b {
        0 => a,
        _ => a % b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_at_the_edges() {
        let least = i32::MIN as u32;
        assert_eq!((div(7, 0), divu(7, 0)), (u32::MAX, u32::MAX));
        assert_eq!((rem(7, 0), remu(7, 0)), (7, 7));
        assert_eq!((div(least, u32::MAX), rem(least, u32::MAX)), (least, 0));
        assert_eq!(div(-7i32 as u32, 2) as i32, -3);
        assert_eq!(rem(-7i32 as u32, 2) as i32, -1);
    }

    #[test]
    fn high_words() {
        assert_eq!(mulh(u32::MAX, u32::MAX), 0);
        assert_eq!(mulhsu(u32::MAX, u32::MAX), u32::MAX);
        assert_eq!(mulhu(u32::MAX, u32::MAX), u32::MAX - 1);
    }

    #[test]
    fn shifts_take_five_bits() {
        assert_eq!(shift_left(1, 33), 2);
        assert_eq!(shift_right(1 << 31, 63), 1);
        assert_eq!(shift_right_signed(1 << 31, 63), u32::MAX);
    }
}
