        addi a0, a0, 12x
        .asciz "open
        .word 09, ?, é
        lw a0, 4(
        .byte '', 'ab'
	add	a0, a1, q7(1)
        .word q8.7(1
        .word "\q"
        nop /* never closed
        nop
