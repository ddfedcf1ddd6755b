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
    lui tp, 0x4
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v1, -8192
    vlui v2, 16384
    vlui v3, 28672
    vloadv v0, -2048(gp)
    vloadv v4, -1984(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.lif
.L68:
    vloadv v5, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v5
    addi tp, tp, 4
    bge t2, zero, .L68
update.lif:
    vtlt a7, v2, v0
    slli a7, a7, 30
    srli a7, a7, 30
    vsel v0, a7, v1
    vmul.s v5, v3, v0, 15
    sw a7, 0(t0)
    vadd.s v0, v5, v4
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    ecall

.section .vector
    .org 0x80
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 128
    .vec -5120, -6144, *0
    .vec 2048, 1024, *0
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 128
    .org 0x100
    .vec 12288, 4096, *0
    .vec -4096, 8192, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 16384
.symbol input_spikes, scalar, 0x4008, 49152
.symbol lif.state, vector, 0x0, 128
