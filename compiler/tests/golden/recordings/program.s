.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 192
    addi a1, zero, 0
    addi a2, zero, 192
.L14:
    vloadv v9, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v9, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x8
    addi tp, tp, 8
    addi t0, zero, 8
    addi t1, zero, 768
    vlui v3, -512
    vlui v4, 0
    vlui v5, 512
    vlui v6, 1536
    vlui v7, 24576
    vlui v8, 27307
    vloadv v0, -2048(gp)
    vloadv v2, -1984(gp)
    vloadv v1, -1920(gp)
    addi zero, zero, 0
    addi s2, zero, 576
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.hidden
.L80:
    vloadv v9, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v9
    addi tp, tp, 4
    bge t2, zero, .L80
update.hidden:
    vtlt a7, v5, v0
    vsel v0, a7, v4
    sw a7, 0(t0)
    vmul.s.rn v0, v7, v0, 15
    bne a7, zero, .Lf4
update.top:
    vmul.s.rn v9, v8, v2, 15
    vsrai.rn v10, v1, 2
    vlui v1, 0
    vadd.s v2, v9, v10
    vtlt a7, v6, v2
    slli a7, a7, 30
    srli a7, a7, 30
    vsel v2, a7, v3
    vadd.s v10, v2, v5
    sw a7, 4(t0)
    vstorev v10, 0(t1)
step.end:
    addi sp, sp, -1
    addi t0, t0, 8
    addi t1, t1, 64
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v2, -1984(gp)
    vstorev v1, -1920(gp)
    ecall
.Lf4:
    addi s1, a7, 0
deliver.hidden:
    ctz a0, s1
    addi a1, s1, -1
    slli a0, a0, 6
    add t2, a0, s2
    vloadv v9, 0(t2)
    and s1, s1, a1
    vadd.s v1, v1, v9
    bne s1, zero, deliver.hidden
    jal zero, update.top

.section .vector
    .org 0xc0
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 192
    .zero 65
    .byte 254, 0, 254
    .zero 124
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 192
    .org 0x180
    .vec 384, 64, 768, *0
    .vec -128, 512, 128, *0
    .vec 192, -256, 128, *0
hidden.weights_of_its_spikes:
    .size hidden.weights_of_its_spikes, 192
    .org 0x240
    .vec 5461, 10923, *0
    .vec 8192, 2731, *0
    .vec 10923, -5461, *0
recorded_membranes:
    .size recorded_membranes, 262144

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 32768
.symbol input_spikes, scalar, 0x8008, 65536
.symbol hidden.state, vector, 0x0, 64
.symbol top.state, vector, 0x40, 128
