.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 512
    addi a1, zero, 0
    addi a2, zero, 512
.L14:
    vloadv v10, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v10, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x4
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v4, 0
    vlui v6, 256
    vlui v5, 512
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v2, -1920(gp)
    vloadv v3, -1856(gp)
    vloadv v7, -1792(gp)
    vloadv v8, -1728(gp)
    vloadv v9, -1664(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.lif
.L7c:
    vloadv v10, 0(t2)
    vloadv v11, 64(t2)
    vloadv v12, 128(t2)
    vloadv v13, 192(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v10
    vadd.s v1, v1, v11
    vadd.s v2, v2, v12
    vadd.s v3, v3, v13
    addi tp, tp, 4
    bge t2, zero, .L7c
update.lif:
    vsrai v10, v3, 9
    vadd.s v2, v2, v10
    vsrai v10, v2, 9
    vadd.s v1, v1, v10
    vsrai v10, v1, 9
    vadd.s v0, v0, v10
    vsub.s v10, v0, v6
    vmul.s v10, v10, v5, 0
    vandadd v1, v1, zero, 9
    vandadd v2, v2, zero, 9
    vandadd v3, v3, zero, 9
    vadd.s v10, v10, v1
    vmul.s v10, v10, v5, 0
    vloadv v11, -1600(gp)
    vadd.s v10, v10, v2
    vmul.s v10, v10, v5, 0
    vadd.s v10, v10, v3
    vtlt a7, v4, v10
    slli a7, a7, 29
    srli a7, a7, 29
    vsel v2, a7, v4
    vmul v10, v2, v8, 0
    vsel v1, a7, v4
    vsel v3, a7, v4
    vmul v12, v1, v9, 0
    vsel v0, a7, v7
    vmul.s.rn v13, v3, v8, 15
    vmul.s.rn v14, v2, v9, 15
    vandadd v10, v10, zero, 15
    vmul v15, v0, v11, 0
    vmul.s v16, v2, v8, 15
    vsrai.rn v10, v10, 6
    vmul v17, v1, v8, 0
    vmul.s.rn v18, v1, v11, 15
    vmul.s v19, v1, v9, 15
    vandadd v12, v12, zero, 15
    vsub.s v13, v3, v13
    vsrai.rn v12, v12, 6
    vmul v20, v0, v9, 0
    vmul v21, v0, v8, 0
    vsub.s v13, v13, v14
    vmul.s v14, v1, v8, 15
    vmul.s v11, v0, v11, 15
    vandadd v15, v15, zero, 15
    vsub.s v16, v2, v16
    vsub.s v13, v13, v10
    vandadd v17, v17, zero, 15
    vsrai.rn v15, v15, 6
    vmul.s v10, v0, v9, 15
    vsub.s v13, v13, v18
    vsub.s v16, v16, v19
    vsrai v19, v17, 6
    vandadd v17, v17, zero, 6
    vmul.s v18, v0, v8, 15
    vsub.s v13, v13, v12
    vsub.s v19, v16, v19
    vslli v17, v17, 3
    vandadd v20, v20, zero, 15
    vandadd v21, v21, zero, 15
    vsub.s v14, v1, v14
    vsub.s v17, v13, v17
    vsub.s v19, v19, v11
    vsrai v11, v20, 6
    vandadd v20, v20, zero, 6
    vandadd v13, v21, zero, 6
    vsub.s v17, v17, v15
    vsub.s v14, v14, v10
    vsub.s v11, v19, v11
    vslli v20, v20, 3
    vsrai v21, v21, 6
    vslli v13, v13, 3
    sw a7, 0(t0)
    vsub.s v3, v17, v20
    vsub.s v0, v0, v18
    vsub.s v1, v14, v21
    vsub.s v2, v11, v13
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    vstorev v2, -1920(gp)
    vstorev v3, -1856(gp)
    ecall

.section .vector
    .org 0x200
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 512
    .zero 258
    .half 32, 0, 0, 0, 0, 0, 0, 0
    .zero 46
    .vec 6553, -219, 3276, *0
    .vec 307, 279, 409, *0
    .vec 102, 457, 307, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 512
    .org 0x400
    .vec 77, -1, 51, *0
    .vec -102, 75, 102, *0
    .vec -205, 48, 205, *0
    .vec 102, -109, -102, *0
    .vec -26, -2, 26, *0
    .vec 205, 150, -205, *0
    .vec -102, 96, 102, *0
    .vec -205, -218, 205, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16384
.symbol input_spikes, scalar, 0x4008, 49152
.symbol lif.state, vector, 0x0, 512
