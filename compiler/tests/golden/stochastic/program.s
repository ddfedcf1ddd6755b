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
    addi a0, zero, 512
    vloadr0 0(a0)
    vloadr1 64(a0)
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x8
    addi tp, tp, 8
    addi t0, zero, 8
    vlui v2, 0
    vlui v3, 4096
    vloadv v0, -2048(gp)
    vloadv v1, -1920(gp)
    vloadv v4, -1984(gp)
    vloadv v5, -1856(gp)
    addi zero, zero, 0
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.lif
.L78:
    vloadv v6, 0(t2)
    vloadv v7, 64(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v6
    vadd.s v1, v1, v7
    addi tp, tp, 4
    bge t2, zero, .L78
update.lif:
    vtlt a7, v3, v0
    vsel v0, a7, v2
    vtlt s2, v3, v1
    vmul.s.rs v0, v4, v0, 15
    vsel v1, s2, v2
    sw a7, 0(t0)
    sw s2, 4(t0)
    vmul.s.rs v1, v5, v1, 15
step.end:
    addi sp, sp, -1
    addi t0, t0, 8
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1920(gp)
    ecall

.section .vector
    .org 0x100
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 256
    .zero 64
    .vec 30577, 28675, 30521, 31045, 30515, 24337, 31056, 25588, 29459, 28174, 29666, 30376, 29562, 30256, 27309, 22038, 28689, 30995, 29722, 28027, 28170, 29965, 30907, 31124, 24136, 30851, 29952, 31042, 28737, 30697, 25206, 30640
    .zero 64
    .vec 27355, *0
seed_of_the_random_numbers:
    .size seed_of_the_random_numbers, 128
    .org 0x280
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 384
    .vec -519, 2985, -562, 843, 1587, 5469, 662, -1434, -27, 2068, -479, 952, -319, -11, -866, 4344, -816, 1002, -682, -1146, 107, 1255, 888, 427, 5853, 439, 991, 20, 557, 789, -1759, 253
    .vec 3099, *0
    .vec 502, 2479, 951, -52, -222, 1884, 675, 1798, -301, 1257, 946, 792, -71, 390, 1355, 6790, 588, 270, 2214, 657, 1331, 646, 982, 1013, 782, 1011, -274, 93, 178, 1208, -179, 322
    .vec 2295, *0
    .vec 756, -316, 994, 66, 598, 3927, 1075, -851, 1427, -312, 1886, 1130, -31, 1106, -884, 6771, 2932, 996, 36, 1617, 2920, 577, 1173, 518, 3894, 101, 1119, -126, -634, 616, 5193, 842
    .vec -898, *0

.symbol control_words, scalar, 0x0, 8
.symbol recorded_spikes, scalar, 0x8, 32768
.symbol input_spikes, scalar, 0x8008, 65536
.symbol lif.state, vector, 0x0, 256
