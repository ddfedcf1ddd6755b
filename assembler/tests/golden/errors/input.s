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
