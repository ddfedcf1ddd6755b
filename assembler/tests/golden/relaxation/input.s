# Branches at the limit of their reach, on both sides of it.
start:
        beq a0, a1, far
        bltu a0, a1, near
        .fill 1021, 4, 0x13
near:   nop
        nop
far:    bgez a0, start
        bgez a0, near
