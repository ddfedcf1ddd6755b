.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 128
    addi a1, zero, 0
    addi a2, zero, 128
.L14:
    vloadv v5, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v5, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x8
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v2, 0
    vlui v3, 4096
    vlui v4, 24576
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
    addi a0, zero, 256
    addi a1, tp, 0
    lw s1, 0(a1)
    vloadv v5, 0(a0)
    vlui v6, 0
    vsel v6, s1, v5
    lw s1, 4(a1)
    vloadv v5, 64(a0)
    vlui v7, 0
    vsel v7, s1, v5
    vadd.s v0, v0, v6
    vadd.s v1, v1, v7
    addi tp, tp, 8
update.lif:
    vtlt a7, v3, v0
    vtlt s2, v3, v1
    vsel v0, a7, v2
    vsel v1, s2, v2
    sw a7, 0(t0)
    vmul.s.rn v0, v4, v0, 15
    sw s2, 4(t0)
    vmul.s.rn v1, v4, v1, 15
    vlui v5, -512
    vlui v6, 0
    vlui v7, -512
    vlui v8, 0
    vsel v6, a7, v5
    vsel v8, s2, v7
    vadd.s v0, v0, v6
    vadd.s v1, v1, v8
step.end:
    addi sp, sp, -1
    addi t0, t0, 8
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    ecall

.section .vector
    .org 0x80
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 128
    .zero 128
"lif.one-to-one_weights":
    .size "lif.one-to-one_weights", 128
    .org 0x100
    .vec 3707, 2826, 1266, 1636, 3831, 3780, 1952, 1515, 2281, 3227, 3698, 1766, 1436, 2604, 2711, 1860, 2676, 2703, 3236, 1427, 3142, 1898, 2085, 3925, 2290, 1450, 3243, 1814, 3651, 3325, 1632, 2593
    .vec 3877, 1729, 1622, 2449, 3692, 2767, 1389, 1321, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 32768
.symbol input_spikes, scalar, 0x8008, 32768
.symbol lif.state, vector, 0x0, 128
