.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 192
    addi a1, zero, 0
    addi a2, zero, 192
.L14:
    vloadv v7, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v7, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x4
    addi tp, tp, -20
    addi t0, zero, 8
    addi t1, zero, 896
    vlui v3, 0
    vlui v4, 1024
    vlui v5, 21845
    vlui v6, 27307
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v2, -1920(gp)
    addi zero, zero, 0
    addi s2, zero, 512
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.lif
.L78:
    vloadv v7, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v7
    addi tp, tp, 4
    bge t2, zero, .L78
update.lif:
    vtlt a7, v4, v0
    vsel v0, a7, v3
    sw a7, 0(t0)
    vmul.s.rn v0, v5, v0, 15
    bne a7, zero, .Ld0
update.li:
    vstorev v1, 0(t1)
    vmul.s.rn v1, v6, v1, 15
update.weighted:
    vstorev v2, 64(t1)
    vlui v2, 1024
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    addi t1, t1, 128
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    vstorev v2, -1920(gp)
    ecall
.Ld0:
    addi s1, a7, 0
deliver.lif:
    ctz a0, s1
    addi a1, s1, -1
    slli a0, a0, 7
    add t2, a0, s2
    vloadv v7, 0(t2)
    vloadv v8, 64(t2)
    and s1, s1, a1
    vadd.s v1, v1, v7
    vadd.s v2, v2, v8
    bne s1, zero, deliver.lif
    jal zero, update.li

.section .vector
    .org 0xc0
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 192
    .zero 129
    .byte 4, 0, 4
    .half 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024
    .half 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024
    .half 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024
    .half 1024, 1024, 1024, 1024, 1024, 1024
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 128
    .org 0x180
    .vec 1365, -683, 683, *0
    .vec 683, 1365, 683, *0
lif.weights_of_its_spikes:
    .size lif.weights_of_its_spikes, 384
    .org 0x200
    .vec 1365, 683, *0
    .vec 2048, *0
    .vec -1365, 683, *0
    .vec 4096, *0
    .vec 683, 683, *0
    .vec 6144, *0
recorded_membranes:
    .size recorded_membranes, 523392

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16356
.symbol input_spikes, scalar, 0x3fec, 49068
.symbol lif.state, vector, 0x0, 64
.symbol li.state, vector, 0x40, 64
.symbol weighted.state, vector, 0x80, 64
