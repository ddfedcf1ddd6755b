.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 64
    addi a1, zero, 0
    addi a2, zero, 64
.L14:
    vloadv v4, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v4, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x4
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v1, 0
    vlui v2, 1024
    vlui v3, 26214
    vloadv v0, -2048(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.lif
.L64:
    vloadv v4, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v4
    addi tp, tp, 4
    bge t2, zero, .L64
update.lif:
    vtlt a7, v2, v0
    vsel v0, a7, v1
    sw a7, 0(t0)
    vmul.s.rn v0, v3, v0, 15
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    ecall

.section .vector
    .org 0x40
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 64
    .zero 64
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 192
    .org 0x80
    .vec 614, 102, 1229, -102, *0
    .vec -205, 819, 205, 410, *0
    .vec 307, -410, 205, 614, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16384
.symbol input_spikes, scalar, 0x4008, 65536
.symbol lif.state, vector, 0x0, 64
