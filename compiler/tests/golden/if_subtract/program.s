.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 192
    addi a1, zero, 0
    addi a2, zero, 192
.L14:
    vloadv v3, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v3, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x4
    addi tp, tp, 8
    addi t0, zero, 8
    vloadv v0, -2048(gp)
    vloadv v1, -1984(gp)
    vloadv v2, -1920(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.if
.L60:
    vloadv v3, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v3
    addi tp, tp, 4
    bge t2, zero, .L60
update.if:
    vtlt a7, v2, v0
    vsub.s v3, v0, v2
    vsel v0, a7, v3
    sw a7, 0(t0)
    vadd.s v0, v0, v1
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    ecall

.section .vector
    .org 0xc0
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 192
    .vec 8, 32, 32, *0
    .vec 8, 32, 32, *0
    .vec 128, 192, 256, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 128
    .org 0x180
    .vec 128, 128, 32, *0
    .vec -64, 192, 160, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16384
.symbol input_spikes, scalar, 0x4008, 49152
.symbol if.state, vector, 0x0, 192
