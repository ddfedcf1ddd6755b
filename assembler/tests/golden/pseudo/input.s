here:   nop
        mv a0, a1; not a0, a1; neg a0, a1
        seqz a0, a1
        snez a0, a1
        sgt a0, a1, a2
        beqz a0, here
        blez a0, here
        bgtz a0, here
        bgt a0, a1, here
        ble a0, a1, here
        bgtu a0, a1, here
        bleu a0, a1, here
        j here
        jal here
        jal t0, here
        call here
        tail here
        jr ra
        jr 8(t0)
        jalr t0
        jalr t1, t0
        jalr t1, t0, 4
        jalr t1, 4(t0)
        ret
        li a0, -1
        li a0, 0x12345000
        li a0, 0x12345fff
        li a0, later            # not known yet: always two
        la a0, here
        csrr a0, mcycle
        csrw mm2s_count, a0
        csrwi 0xbc3, 1
        csrsi mcountinhibit, 5
        csrci mcountinhibit, 5
        fence
        fence rw, w
        add a0, a0, 5
        sll a0, a0, 3
        vmv v1, v2
        vtgt a0, v1, v2
        vtle a0, v1, v2
        LW A0, 4(SP)
        .equ later, 3
