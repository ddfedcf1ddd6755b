x: .word y, 1f
 .fill 3, 4, (2 + 3) * 0x10 % 7
 add a0 a1
 .asciz "a\n"
