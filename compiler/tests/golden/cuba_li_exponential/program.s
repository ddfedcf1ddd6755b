.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 192
    addi a1, zero, 0
    addi a2, zero, 192
.L14:
    vloadv v5, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v5, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    addi tp, zero, 8
    addi t1, zero, 576
    vlui v2, 26828
    vlui v3, 31170
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v4, -1920(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.cuba
.L64:
    vloadv v5, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v5
    addi tp, tp, 4
    bge t2, zero, .L64
update.cuba:
    vmul.s.rn v5, v3, v1, 15
    vmul.s.rn v6, v2, v0, 15
    vadd.s v1, v5, v0
    vstorev v1, 0(t1)
    vadd.s v0, v6, v4
step.end:
    addi sp, sp, -1
    addi t1, t1, 64
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1984(gp)
    ecall

.section .vector
    .org 0xc0
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 192
    .vec 36, -18, *0
    .zero 64
    .vec 36, -18, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 192
    .org 0x180
    .vec 72, *0
    .vec -145, 72, *0
    .vec 36, 72, *0
recorded_membranes:
    .size recorded_membranes, 262144

.symbol control_words, scalar, 0x0, 8
.symbol input_spikes, scalar, 0x8, 65536
.symbol cuba.state, vector, 0x0, 192
