.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 256
    addi a1, zero, 0
    addi a2, zero, 256
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
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v2, 0
    vlui v3, 819
    vlui v4, 21845
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v5, -1920(gp)
    vloadv v6, -1856(gp)
    addi zero, zero, 0
    addi s2, zero, 704
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.cuba
.L74:
    vloadv v7, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v7
    addi tp, tp, 4
    bge t2, zero, .L74
update.cuba:
    vmul.s.rn v7, v6, v1, 15
    vsrai.rn v8, v0, 4
    vmul.s.rn v9, v4, v0, 15
    vadd.s v1, v7, v8
    vtlt a7, v3, v1
    sw a7, 0(t0)
    vsel v1, a7, v2
    vadd.s v0, v9, v5
    bne a7, zero, .Lc4
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    ecall
.Lc4:
    addi s1, a7, 0
deliver.cuba:
    ctz a0, s1
    addi a1, s1, -1
    slli a0, a0, 6
    add t2, a0, s2
    vloadv v7, 0(t2)
    and s1, s1, a1
    vadd.s v0, v0, v7
    bne s1, zero, deliver.cuba
    jal zero, step.end

.section .vector
    .org 0x100
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 256
    .vec 437, 0, -312, 546, *0
    .zero 64
    .vec 437, 0, -312, 546, *0
    .vec 26214, 27307, 28087, 28672, 29127, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 192
    .org 0x200
    .vec -2391, 1400, 3166, 4939, 37, *0
    .vec 1308, 5375, 2925, 7872, 4918, *0
    .vec 8466, 1891, 3790, 6847, 6356, *0
cuba.weights_of_its_spikes:
    .size cuba.weights_of_its_spikes, 320
    .org 0x2c0
    .vec 1325, -877, -950, 1253, 231, *0
    .vec -1572, -170, -880, -1175, 975, *0
    .vec 1400, 1468, 699, 1261, -563, *0
    .vec -833, -847, -949, -651, -362, *0
    .vec -250, -1071, 205, -343, 1207, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16384
.symbol input_spikes, scalar, 0x4008, 65536
.symbol cuba.state, vector, 0x0, 256
