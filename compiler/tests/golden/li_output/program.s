.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 256
    addi a1, zero, 0
    addi a2, zero, 256
.L14:
    vloadv v6, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v6, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    addi tp, zero, 12
    addi t1, zero, 1152
    vlui v2, -410
    vlui v3, 2048
    vlui v4, 24576
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v5, -1920(gp)
    addi zero, zero, 0
    addi s2, zero, 0
    addi s3, zero, 768
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.hidden
.L70:
    vloadv v6, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v6
    addi tp, tp, 4
    bge t2, zero, .L70
update.hidden:
    vtlt a7, v3, v0
    slli a7, a7, 26
    srli a7, a7, 26
    vsel v0, a7, v2
    vmul.s.rn v0, v4, v0, 15
    bne a7, zero, .Ld0
update.li:
    vloadv v6, -1856(gp)
    addi zero, zero, 0
    vadd.s v6, v1, v6
    vstorev v6, 0(t1)
    vmul.s.rn v1, v5, v1, 15
step.end:
    addi sp, sp, -1
    addi t1, t1, 64
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    addi a6, zero, 8
    sw s2, 0(a6)
    ecall
.Ld0:
    addi s1, a7, 0
deliver.hidden:
    ctz a0, s1
    addi a1, s1, -1
    slli a0, a0, 6
    add t2, a0, s3
    vloadv v6, 0(t2)
    and s1, s1, a1
    addi s2, s2, 1
    vadd.s v1, v1, v6
    bne s1, zero, deliver.hidden
    jal zero, update.li

.section .vector
    .org 0x100
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 256
    .vec -307, -307, -307, -307, -307, -307, *0
    .vec -1792, 1946, *0
    .vec 28672, 31130, *0
    .vec 2048, -2048, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 256
    .org 0x200
    .vec 1126, 255, 3000, -23, 2659, 2919, *0
    .vec 2902, -236, 1957, 1672, -166, 624, *0
    .vec 2713, 779, 847, 103, -457, 1640, *0
    .vec 279, 469, 1379, -525, 2918, 58, *0
hidden.weights_of_its_spikes:
    .size hidden.weights_of_its_spikes, 384
    .org 0x300
    .vec -649, -121, *0
    .vec 555, 197, *0
    .vec 1009, 160, *0
    .vec -541, -235, *0
    .vec -840, 119, *0
    .vec -988, 328, *0
recorded_membranes:
    .size recorded_membranes, 262144

.symbol control_words, scalar, 0x0, 8
.symbol hidden.spike_count, scalar, 0x8, 4
.symbol input_spikes, scalar, 0xc, 81920
.symbol hidden.state, vector, 0x0, 64
.symbol li.state, vector, 0x40, 192
