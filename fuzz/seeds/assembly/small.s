.equ count, 4
.scalar
table: .word 1, 2, count
.vector
weights: .vec q7.8(0.5), *q7.8(-1.25)
.text
start:  li a0, count
        la a1, table
loop:   lw a2, 0(a1)
        vlui v1, 3
        vadd.s v2, v2, v1
        addi a0, a0, -1
        bnez a0, loop   # back
        ecall
