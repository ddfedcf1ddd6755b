.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 256
    addi a1, zero, 0
    addi a2, zero, 256
.L14:
    vloadv v4, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v4, -64(a1)
    bne a1, a2, .L14
load:
    lui gp, 0x1
    addi gp, gp, -2048
    addi tp, zero, 12
    addi t1, zero, 832
    vloadv v0, -2048(gp)
    vloadv v1, -1856(gp)
    vloadv v2, -1984(gp)
    vloadv v3, -1920(gp)
    addi zero, zero, 0
    addi s2, zero, 0
    addi s3, zero, 704
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.threshold
.L68:
    vloadv v4, 0(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v4
    addi tp, tp, 4
    bge t2, zero, .L68
update.threshold:
    vtlt a7, v3, v0
    vsrai v0, v2, 0
    bne a7, zero, .Lac
update.i:
    vstorev v1, 0(t1)
step.end:
    addi sp, sp, -1
    addi t1, t1, 64
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1856(gp)
    addi a6, zero, 8
    sw s2, 0(a6)
    ecall
.Lac:
    addi s1, a7, 0
deliver.threshold:
    ctz a0, s1
    addi a1, s1, -1
    slli a0, a0, 6
    add t2, a0, s3
    vloadv v4, 0(t2)
    and s1, s1, a1
    addi s2, s2, 1
    vadd.s v1, v1, v4
    bne s1, zero, deliver.threshold
    jal zero, update.i

.section .vector
    .org 0x100
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 256
    .vec -512, 256, *0
    .vec -512, 256, *0
    .vec 1024, 512, *0
    .zero 64
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 192
    .org 0x200
    .vec 1024, 1024, *0
    .vec 1024, -1024, *0
    .vec 1024, *0
threshold.weights_of_its_spikes:
    .size threshold.weights_of_its_spikes, 128
    .org 0x2c0
    .vec 64, *0
    .vec -128, *0
recorded_membranes:
    .size recorded_membranes, 262144

.symbol control_words, scalar, 0x0, 8
.symbol threshold.spike_count, scalar, 0x8, 4
.symbol input_spikes, scalar, 0xc, 65536
.symbol threshold.state, vector, 0x0, 192
.symbol i.state, vector, 0xc0, 64
