# One leaky neuron group of 32, driven by a constant, for `steps` steps.
        .equ steps, 100
        .equ leak, q0.15(0.9)
        .set threshold, q8.7(1.0)

        .text
start:
        la      s0, membrane
        vlui    v1, leak
        vlui    v2, threshold
        vloadv  v3, 64(s0)          # input current
        vloadv  v4, (s0)            # membrane
        li      t0, steps
1:      vmul.s.rn v4, v4, v1, 15
        vadd.s  v4, v4, v3
        vtge    t1, v4, v2
        beqz    t1, 2f              // no spike, no work
        vlui    v5, 0
        vsel    v4, t1, v5
        sw      t1, %lo(spikes)(zero)
2:      addi    t0, t0, -1
        bnez    t0, 1b
        vstorev v4, 0(s0)
        ecall

        .section .vector, "aw"
membrane:
        .vec    *0
current:
        .vec    q8.7(0.25), q8.7(0.5), *q8.7(0.125)
        .size   current, 64

        .scalar
        .org    16
spikes: .word   0
