# Mistakes with directives and data, all to be reported at once.
        .data
        .wrod 1
        .byte 1
        .org 8
        .org 4
        nop nop
        .equ loop1, loop2
        .equ loop2, loop1
        .word loop1, 1 / 0
        .section .bogus
        .vector
        addi a0, a0, 1
        .vec 1, 2, 3
        .half 70000
        .vec *0
        .scalar
        .word 1, 2, 3
        .org 8
        .word later_still
        .zero -1
a0:     .size nothing, 4
        .equ n, 1
        .equ n, 2
        .symbol s, cache, 4
