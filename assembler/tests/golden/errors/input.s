# Many mistakes, all to be reported at once.
start:  adid a0, a0, 1
        vad v1, v2, v3
        add a0, v1, a2
        vadd v1, x2, v3
        addi a0, a0, 5000
        addi a0, a1
        addi a0, a0, a1
        lw a0, 4(b0)
        lw a0, 4
        vlui v1, 40000
        vlui v1, q8.7(300)
        vmul v1, v2, v3, 16
        csrr a0, mcicle
        beq a0, a1, strat
        beq a0, a1, 8
        beq a0, a1, 3f
        j 1b
        fence wr, rw
        li a0, 0x1ffffffff
start:  nop
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
