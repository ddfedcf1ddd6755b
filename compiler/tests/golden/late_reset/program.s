.text
entry:
    lw a0, 4(zero)
    beq a0, zero, load
    addi a0, zero, 768
    addi a1, zero, 0
    addi a2, zero, 768
.L14:
    vloadv v11, 0(a0)
    addi a0, a0, 64
    addi a1, a1, 64
    vstorev v11, -64(a1)
    bne a1, a2, .L14
    addi a0, zero, 8
    addi a2, zero, 16
.L30:
    sw zero, 0(a0)
    addi a0, a0, 4
    bne a0, a2, .L30
    addi a0, zero, 16
    addi a2, zero, 20
.L44:
    sw zero, 0(a0)
    addi a0, a0, 4
    bne a0, a2, .L44
load:
    lui gp, 0x1
    addi gp, gp, -2048
    lui tp, 0x4
    addi tp, tp, 24
    addi t0, zero, 24
    vlui v3, 1024
    vloadv v0, -2048(gp)
    vloadv v1, -1728(gp)
    vloadv v2, -1408(gp)
    vloadv v4, -1984(gp)
    vloadv v5, -1664(gp)
    vloadv v6, -1920(gp)
    vloadv v7, -1600(gp)
    vloadv v8, -1856(gp)
    vloadv v9, -1536(gp)
    vloadv v10, -1344(gp)
    addi zero, zero, 0
    addi s4, zero, 0
    addi s5, zero, 1920
    addi a6, zero, 8
    lw a7, 0(a6)
    addi a6, zero, 12
    lw s2, 0(a6)
    addi a6, zero, 16
    lw s3, 0(a6)
    lw sp, 0(zero)
    beq sp, zero, exit
step:
input:
    lw t2, 0(tp)
    addi tp, tp, 4
    blt t2, zero, update.first
.Lc8:
    vloadv v11, 0(t2)
    vloadv v12, 64(t2)
    lw t2, 0(tp)
    vadd.s v0, v0, v11
    vadd.s v1, v1, v12
    addi tp, tp, 4
    bge t2, zero, .Lc8
update.first:
    vsel v0, a7, v8
    vsel v1, s2, v9
    vtlt a7, v6, v0
    vtlt s2, v7, v1
    vmul.s.rn v0, v4, v0, 15
    vmul.s.rn v1, v5, v1, 15
    bne a7, zero, .L14c
.L100:
    bne s2, zero, .L15c
update.second:
    vsel v2, s3, v10
    vtlt s3, v3, v2
    sw s3, 0(t0)
step.end:
    addi sp, sp, -1
    addi t0, t0, 4
    bne sp, zero, step
exit:
    vstorev v0, -2048(gp)
    vstorev v1, -1728(gp)
    vstorev v2, -1408(gp)
    addi a6, zero, 20
    sw s4, 0(a6)
    addi a6, zero, 8
    sw a7, 0(a6)
    addi a6, zero, 12
    sw s2, 0(a6)
    addi a6, zero, 16
    sw s3, 0(a6)
    ecall
.L14c:
    addi s1, a7, 0
    addi s0, zero, 0
    jal ra, deliver.first
    jal zero, .L100
.L15c:
    addi s1, s2, 0
    addi s0, zero, 32
    jal ra, deliver.first
    jal zero, update.second
deliver.first:
    ctz a0, s1
    addi a1, s1, -1
    add a0, a0, s0
    slli a0, a0, 6
    add t2, a0, s5
    vloadv v11, 0(t2)
    and s1, s1, a1
    addi s4, s4, 1
    vadd.s v2, v2, v11
    bne s1, zero, deliver.first
    jalr zero, 0(ra)

.section .vector
    .org 0x300
state_at_the_start_of_a_sample:
    .size state_at_the_start_of_a_sample, 768
    .vec -565, 588, 208, 494, 159, -49, 436, 122, -73, 384, -59, 340, -52, -443, -47, -116, 612, 534, 425, -503, -381, -209, 89, -53, -365, 477, 396, -678, 416, 50, 434, 671
    .vec 25517, 25155, 25495, 24043, 27620, 28042, 24983, 29121, 28683, 28308, 26110, 28932, 23258, 26655, 28785, 27201, 24771, 28966, 26410, 25960, 26826, 25037, 23081, 28114, 22305, 27189, 26529, 28357, 26775, 28848, 24540, 28749
    .vec 4325, 6697, 4457, 3346, 3500, 4097, 3442, 6016, 3458, 5901, 5538, 5325, 2444, 3028, 3197, 5143, 6660, 4397, 7072, 3761, 2601, 2709, 5787, 4044, 4510, 6387, 3062, 2571, 6929, 2668, 3567, 4071
    .vec -2774, -1282, -1781, -1375, -1859, -2105, -1476, -1911, -2131, -1603, -2122, -1663, -2121, -2593, -2101, -2188, -1238, -1444, -1521, -2683, -2513, -2322, -1922, -2110, -2584, -1473, -1559, -2832, -1539, -1991, -1469, -1283
    .vec 726, -766, -267, -673, -189, 57, -572, -137, 83, -445, 74, -385, 73, 545, 53, 140, -810, -604, -527, 635, 465, 274, -126, 62, 536, -575, -489, 784, -509, -57, -579, -765
    .vec -544, 86, *0
    .vec 27672, 28226, *0
    .vec 2693, 3276, *0
    .vec -2692, -1948, *0
    .vec 644, -100, *0
    .zero 66
    .half 128, -256, 0, 0, 0, 0, 0, 0
    .zero 46
input.weights_of_its_spikes:
    .size input.weights_of_its_spikes, 384
    .org 0x600
    .vec 1646, -178, 236, 113, 1300, 521, 1652, 1243, 43, 830, -80, 1836, -701, 974, 290, -579, 1438, 1540, 340, 207, 1299, -794, 452, 1978, 649, 1423, 1231, -536, 1983, 597, 1542, 1437
    .vec -419, 957, *0
    .vec 915, 2557, 1722, -571, 2426, 473, 2514, 1150, 1554, 1208, 2017, 1740, 3828, 2902, -94, 2539, -420, 1165, -170, 894, 749, -9, 3625, 2248, 443, 1791, 1621, 1459, -49, 943, -762, -302
    .vec 910, 570, *0
    .vec -160, 2742, -350, 2086, 33, 1599, -709, 1388, 891, 337, 209, 736, -362, 2129, 506, 280, 866, 581, 2222, 1049, 2800, 2187, 359, 593, 2937, 1725, 1793, 1564, 1937, -44, 903, -166
    .vec 1396, 1147, *0
first.weights_of_its_spikes:
    .size first.weights_of_its_spikes, 2176
    .org 0x780
    .vec -8, 397, -136, *0
    .vec 254, 266, 39, *0
    .vec 135, 463, -35, *0
    .vec -244, 474, 153, *0
    .vec -232, -87, 207, *0
    .vec -31, 426, -159, *0
    .vec -217, -167, 428, *0
    .vec -61, 131, 285, *0
    .vec 495, 156, -130, *0
    .vec -75, -232, 190, *0
    .vec 508, 474, 347, *0
    .vec 471, 151, 240, *0
    .vec 116, -185, 89, *0
    .vec 291, 328, 213, *0
    .vec 400, -150, 196, *0
    .vec 354, 311, 432, *0
    .vec 244, 243, 95, *0
    .vec 144, -86, 107, *0
    .vec 372, -210, 65, *0
    .vec -211, 311, 46, *0
    .vec 138, -196, 192, *0
    .vec 197, 215, -45, *0
    .vec -148, 21, 292, *0
    .vec -51, 94, 45, *0
    .vec 80, 353, -237, *0
    .vec 120, 22, -218, *0
    .vec 401, 304, 3, *0
    .vec 97, 444, 161, *0
    .vec 317, -180, 413, *0
    .vec 212, -129, -74, *0
    .vec -170, -84, 201, *0
    .vec 37, 278, 198, *0
    .vec 156, 79, -32, *0
    .vec 444, -116, 416, *0

.symbol control_words, scalar, 0x0, 8
.symbol first.spikes, scalar, 0x8, 8
.symbol second.spikes, scalar, 0x10, 4
.symbol first.spike_count, scalar, 0x14, 4
.symbol recorded_spikes, scalar, 0x18, 16384
.symbol input_spikes, scalar, 0x4018, 65536
.symbol first.state, vector, 0x0, 640
.symbol second.state, vector, 0x280, 128
