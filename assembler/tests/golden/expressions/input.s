        .equ a, 5
        .set x, 1
        .word x, a * (x + 2) << 1, ~a & 0xff
        .set x, x + 1
        .word x, 010, 0b11, 0o7, 'z', q3.4(1.5), -q3.4(1.5)
first:  .word end - first, (end - first) / 4, . - first
        .equ length, end - first
        li a0, length
        addi a1, zero, length % 16
end:    beq a0, a1, first + 4
        jal zero, .-8
        bne a0, a1, .+8
